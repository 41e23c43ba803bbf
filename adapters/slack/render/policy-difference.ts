import type { Edit, Slot } from '../../../core/changes/change.ts';
import { leaseRoleOf } from '../../../core/leases/role.ts';
import { shortName } from './names.ts';

/** One edit for people: what happens where, and the lines that go (`-`) and come (`+`). Nothing here is escaped. */
export interface Difference {
  title: string;
  lines: readonly string[];
}

/** Statements are compared as `Effect Action on Resource when Condition`, one action a line, so that order is no difference. */
export function differenceOf(edit: Edit): Difference {
  const name = slotName(edit.slot);
  if (edit.slot.type === 'access-key') return { title: `${name}: ${edit.before} → ${edit.after}`, lines: [] };
  if (edit.slot.type === 'account-assignment') return { title: `${name} ${assignmentVerb(edit)}`, lines: [] };
  if (edit.slot.type === 'attachment') return { title: `${name} ${attachmentVerb(edit)}`, lines: [] };
  const before = linesOf(policyIn(edit.slot, edit.before));
  const after = linesOf(policyIn(edit.slot, edit.after));
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  const lines = [...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)];
  return {
    title: `${name} ${verb(edit)}: ${gone.length} gone, ${come.length} new, ${before.length - gone.length} kept`,
    lines,
  };
}

function verb({ before, after }: Edit): string {
  if (before === null) return 'is added';
  return after === null ? 'is removed' : 'changes';
}

function attachmentVerb({ slot, before, after }: Edit): string {
  const who = slot.type === 'attachment' ? shortName(slot.principal) : '';
  if (before === after) return `stays attached to ${who}`;
  return after === null ? `is detached from ${who}` : `is attached to ${who}`;
}

const assignmentVerb = ({ slot, after }: Edit): string =>
  `${after === null ? 'is taken from' : 'is assigned to'} user ${slot.type === 'account-assignment' ? slot.user : ''} in ${slot.account}`;

/** What an edit touches, in words. */
function slotName(slot: Slot): string {
  if (slot.type === 'access-key') return `Access key ${slot.key} of ${shortName(slot.user)}`;
  if (slot.type === 'attachment') return `Managed policy ${shortName(slot.policy)}`;
  if (slot.type === 'account-assignment') return `Permission set ${shortName(slot.permissionSet)}`;
  if (slot.type === 'lease-role') return `Role ${shortName(slot.role)}`;
  if (slot.type === 'managed-policy') return `Managed policy ${shortName(slot.policy)}`;
  return `Inline policy ${slot.name} of ${shortName(slot.principal)}`;
}

/** Of a role for a lease what it may do; whom it trusts stands beside it, as the beneficiary. */
const policyIn = ({ type }: Slot, text: string | null): string | null =>
  type === 'lease-role' && text !== null ? (leaseRoleOf(text)?.policy ?? text) : text;

function linesOf(text: string | null): readonly string[] {
  return text === null ? [] : (policyLines(text) ?? text.split('\n'));
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
  const when = isRecord(statement.Condition) ? ` when ${conditionWords(statement.Condition)}` : '';
  return listOf(actions).map(
    (action) => `${wordsOf(statement.Effect)} ${verb}${wordsOf(action)} on ${resource}${when}`,
  );
}

/** `StringEquals aws:PrincipalTag/team = shop and DateLessThan aws:CurrentTime = …` */
const conditionWords = (condition: Record<string, unknown>): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      isRecord(keys)
        ? Object.entries(keys).map(([key, values]) => `${operator} ${key} = ${wordsOf(values)}`)
        : [`${operator} ${JSON.stringify(keys)}`],
    )
    .join(' and ');

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
