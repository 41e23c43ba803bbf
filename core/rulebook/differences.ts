import { canonicalJson } from '../audit/canonical.ts';
import type { RuleSet } from './rulebook.ts';

/** What changes, a line each: what is new, what goes, and what becomes what. For people to read. */
export function differencesOf(before: RuleSet, after: RuleSet): readonly string[] {
  return [
    ...entries('person', byKey(before.people, 'id'), byKey(after.people, 'id')),
    ...entries('rule', byKey(before.rules, 'name'), byKey(after.rules, 'name')),
    ...entries('group', before.groups ?? {}, after.groups ?? {}),
    ...entries('rota', before.onCall ?? {}, after.onCall ?? {}),
    ...entries('standing decision', byKey(before.standing ?? [], 'name'), byKey(after.standing ?? [], 'name')),
    ...entries('units of', before.units, after.units),
    ...entries('', settings(before), settings(after)),
  ];
}

const settings = ({ confirmAbove, rulesDelayHours }: RuleSet): Record<string, unknown> => ({
  ...(confirmAbove && { confirmAbove }),
  ...(rulesDelayHours !== undefined && { rulesDelayHours }),
});

const byKey = <T, K extends keyof T>(items: readonly T[], key: K): Record<string, T> =>
  Object.fromEntries(items.map((item) => [String(item[key]), item]));

function entries(what: string, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [from, to] = [textOf(before, name), textOf(after, name)];
    if (from === to) return [];
    const title = `${what} ${name}`.trim();
    if (from === undefined) return [`+ ${title}: ${to}`];
    return [to === undefined ? `- ${title}: ${from}` : `~ ${title}: ${from} → ${to}`];
  });
}

const textOf = (record: Readonly<Record<string, unknown>>, name: string): string | undefined =>
  Object.hasOwn(record, name) ? canonicalJson(record[name]) : undefined;
