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

type Fields = Readonly<Record<string, unknown>>;

const entries = (what: string, before: Fields, after: Fields): readonly string[] =>
  namesIn(before, after).flatMap((name) =>
    differing(`${what} ${name}`.trim(), valueIn(before, name), valueIn(after, name)),
  );

/** Only what differs of it: a long list must not hide who is new in it. */
function differing(title: string, from: unknown, to: unknown): readonly string[] {
  if (from === undefined && to === undefined) return [];
  if (from === undefined) return [`+ ${title}: ${canonicalJson(to)}`];
  if (to === undefined) return [`- ${title}: ${canonicalJson(from)}`];
  if (canonicalJson(from) === canonicalJson(to)) return [];
  if (isRecord(from) && isRecord(to))
    return namesIn(from, to).flatMap((name) => differing(`${title}, ${name}`, valueIn(from, name), valueIn(to, name)));
  const members = Array.isArray(from) && Array.isArray(to) ? membersDiffering(from, to) : [];
  return [`~ ${title}: ${members.length > 0 ? members.join(', ') : `${canonicalJson(from)} → ${canonicalJson(to)}`}`];
}

/** None: they are the same in another order, or another number of times. */
function membersDiffering(from: readonly unknown[], to: readonly unknown[]): readonly string[] {
  const [before, after] = [from.map((each) => canonicalJson(each)), to.map((each) => canonicalJson(each))];
  return [
    ...after.filter((each) => !before.includes(each)).map((each) => `+ ${each}`),
    ...before.filter((each) => !after.includes(each)).map((each) => `- ${each}`),
  ];
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesIn = (before: Fields, after: Fields): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();

const valueIn = (record: Fields, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);
