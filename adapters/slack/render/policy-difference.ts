import type { Edit, Slot } from '../../../core/changes/change.ts';

/** One edit for people: where it happens, and the lines that go (`-`) and come (`+`). Nothing here is escaped. */
export interface Difference {
  title: string;
  lines: readonly string[];
  removed: number;
  kept: number;
}

/** Statements are compared as `Effect Action on Resource when Condition`, one action a line, so that order is no difference. */
export function differenceOf(edit: Edit): Difference {
  const before = linesOf(edit.slot, edit.before);
  const after = linesOf(edit.slot, edit.after);
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  return {
    title: slotName(edit.slot),
    lines: [...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)],
    removed: gone.length,
    kept: before.length - gone.length,
  };
}

/** What an edit touches, in words. */
export function slotName(slot: Slot): string {
  if (slot.type === 'access-key') return `Access key ${slot.key} of ${slot.user}`;
  if (slot.type === 'managed-policy') return `Managed policy ${slot.policy}`;
  return `Inline policy ${slot.name} of ${slot.principal}`;
}

function linesOf(slot: Slot, text: string | null): readonly string[] {
  if (text === null) return [];
  if (slot.type === 'access-key') return [text];
  return policyLines(text) ?? text.split('\n');
}

function policyLines(text: string): readonly string[] | undefined {
  const document = parsed(text);
  if (!isRecord(document) || document.Statement === undefined) return undefined;
  return [...new Set(listOf(document.Statement).flatMap(statementLines))];
}

function statementLines(statement: unknown): string[] {
  if (!isRecord(statement)) return [JSON.stringify(statement)];
  const [verb, actions] =
    statement.NotAction === undefined ? ['', statement.Action] : ['everything but ', statement.NotAction];
  const resource =
    statement.NotResource === undefined
      ? wordsOf(statement.Resource)
      : `everything but ${wordsOf(statement.NotResource)}`;
  const when = statement.Condition === undefined ? '' : ` when ${JSON.stringify(statement.Condition)}`;
  return listOf(actions).map(
    (action) => `${wordsOf(statement.Effect)} ${verb}${wordsOf(action)} on ${resource}${when}`,
  );
}

const wordsOf = (value: unknown): string => listOf(value).map(String).join(', ');
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
