import type { Day } from '../time.ts';
import type { Entry, LedgerItem } from '../usage/item.ts';

/**
 * Actions of which CloudTrail's record itself lists the resource that IAM asked about, always and by ARN: those alone are
 * narrowed. What is put together from parameters may lack something that the call needed besides.
 */
const listed: Readonly<Record<string, string>> = {
  dynamodb: 'BatchGetItem BatchWriteItem DeleteItem GetItem PutItem Query Scan UpdateItem',
  kms: 'Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext Sign Verify',
  lambda: 'InvokeFunction',
  s3: 'AbortMultipartUpload DeleteObject GetObject GetObjectAcl GetObjectTagging ListBucket PutObject PutObjectAcl PutObjectTagging',
  sns: 'Publish',
  sqs: 'DeleteMessage ReceiveMessage SendMessage',
  sts: 'AssumeRole',
};
const names = new Set(
  Object.entries(listed).flatMap(([service, list]) =>
    list.split(' ').map((name) => `${service}:${name}`.toLowerCase()),
  ),
);

/** Names of the table, so that a test can hold them against the catalogue. */
export const listedActions = (): readonly string[] =>
  Object.entries(listed).flatMap(([service, list]) => list.split(' ').map((name) => `${service}:${name}`));

/** Resources by action in lower case: on these it was used, and surely on no others. */
export type Reach = ReadonlyMap<string, readonly string[]>;

/**
 * What the ledger surely knows of the resources of a principal's actions. It says nothing of an action where a set ran
 * over, or where some call may have named none: every day of its use, and its very first, must be some resource's too.
 */
export function reachOf(items: readonly LedgerItem[]): Reach {
  const found = new Map<string, Set<string>>();
  const unsure = new Set<string>();
  const used = items.filter(({ action, outcome }) => action !== null && outcome !== 'denied');
  for (const item of used.filter(
    ({ kind, action }) => kind === 'action' && names.has((action as string).toLowerCase()),
  )) {
    const action = (item.action as string).toLowerCase();
    const on = used.filter((each) => each.kind === 'resource' && isSame(each, item));
    if (on.length === 0 || on.some(({ overflow }) => overflow) || !accountFor(item, on)) unsure.add(action);
    const known = found.get(action) ?? new Set();
    for (const { entries } of on) for (const value of entries.keys()) known.add(value);
    found.set(action, known);
  }
  return new Map([...found].filter(([action]) => !unsure.has(action)).map(([action, on]) => [action, [...on].sort()]));
}

const isSame = (a: LedgerItem, b: LedgerItem): boolean =>
  a.action === b.action && a.principal === b.principal && a.actor === b.actor && a.outcome === b.outcome;

/** Whether the resources explain every day of the action, and its first event. */
function accountFor({ entries }: LedgerItem, on: readonly LedgerItem[]): boolean {
  const parts = on.flatMap((item) => [...item.entries.values()]);
  const days = new Set<Day>(parts.flatMap((entry) => entry.days));
  const firsts = new Set(parts.map(({ first }) => first.eventID));
  return [...entries.values()].every(
    (entry: Entry) => firsts.has(entry.first.eventID) && entry.days.every((day) => days.has(day)),
  );
}

/** Of several principals together; nothing where one of them used the action on who knows what. */
export function reachOfAll(
  action: string,
  holders: readonly { used: boolean; reach: Reach }[],
): readonly string[] | null {
  const users = holders.filter(({ used }) => used);
  const on = users.map(({ reach }) => reach.get(action));
  return users.length > 0 && on.every((each) => each !== undefined) ? [...new Set(on.flat() as string[])].sort() : null;
}
