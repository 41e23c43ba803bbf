import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAuthorizationDetails } from '../../core/identity/authorization-details.ts';
import type { Instant } from '../../core/time.ts';
import { actionOf } from '../../local/sample-organization/calls.ts';
import { legacyDeploy } from '../../local/sample-organization/machinery.ts';
import { sampleOrganization } from '../../local/sample-organization/organization.ts';
import { members, permissionSets } from '../../local/sample-organization/people.ts';
import type { SampleRecord } from '../../local/sample-organization/record.ts';
import { seasonal } from '../../local/sample-organization/seasonal.ts';
import { workloads } from '../../local/sample-organization/workloads.ts';

const end = '2026-11-20T14:00:00Z' as Instant;
const small = sampleOrganization({ seed: 1, end });
const days = [...small.days()];
const records = days.flatMap((day) => day.records);
const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const identityOf = (record: SampleRecord) => record.userIdentity as Record<string, never>;

test('the same seed gives the same bytes, another seed others', () => {
  const bytes = (seed: number) => {
    const organization = sampleOrganization({ seed, days: 5, end });
    const accounts = organization.accounts.map((account) => organization.authorizationDetails(account.id));
    return digestOf([[...organization.days()], organization.attack, organization.configuration, accounts]);
  };
  expect(bytes(7)).toBe(bytes(7));
  expect(bytes(7)).not.toBe(bytes(8));
});

test('a day does not depend on which days were made before it', () => {
  const alone = sampleOrganization({ seed: 1, end }).recordsOf(days[30]!.day);
  expect(digestOf(alone)).toBe(digestOf(days[30]!.records));
});

test('sixty days end with the given instant, in order, and no event has the id of another', () => {
  expect(days).toHaveLength(60);
  expect(days.at(-1)!.day).toBe('2026-11-20');
  expect(records.every((record) => record.eventTime < end)).toBe(true);
  const times = records.map((record) => record.eventTime);
  expect(times).toEqual([...times].sort());
  expect(new Set(records.map((record) => record.eventID)).size).toBe(records.length);
});

test('machines make by far most of the events, in both profiles', () => {
  const isPerson = (record: SampleRecord) =>
    record.userIdentity.type === 'IdentityCenterUser' ||
    /AWSReservedSSO|user\/jonas/.test(String(record.userIdentity.arn));
  const large = sampleOrganization({ seed: 1, end, profile: 'large' }).recordsOf('2026-11-18' as never);
  expect(large.length).toBeGreaterThan(15_000);
  expect(large.length).toBeLessThan(20_000);
  expect(large.filter(isPerson).length / large.length).toBeLessThan(0.1);
  const perDay = records.length / days.length;
  expect(perDay).toBeGreaterThan(300);
  expect(perDay).toBeLessThan(600);
  expect(records.filter(isPerson).length / records.length).toBeLessThan(0.3);
});

test('every account has an event in every hour of every full day', () => {
  const hours = new Set(records.map((record) => `${record.recipientAccountId} ${record.eventTime.slice(0, 13)}`));
  const wanted = days
    .slice(0, -1)
    .flatMap(({ day }) =>
      small.accounts.flatMap(({ id }) =>
        Array.from({ length: 24 }, (_, hour) => `${id} ${day}T${String(hour).padStart(2, '0')}`),
      ),
    );
  expect(wanted.filter((hour) => !hours.has(hour))).toEqual([]);
});

test('every kind of identity is there: keys, roles, services, the portal, web identity, forwarded calls', () => {
  const types = new Set(records.map((record) => record.userIdentity.type));
  expect([...types].sort()).toEqual(['AWSService', 'AssumedRole', 'IAMUser', 'IdentityCenterUser', 'WebIdentityUser']);
  const enhanced = records.filter(
    (record) => record.userIdentity.type === 'AssumedRole' && record.userIdentity.onBehalfOf,
  );
  expect(enhanced.length).toBeGreaterThan(100);
  expect(records.some((record) => record.userIdentity.invokedBy === 'cloudformation.amazonaws.com')).toBe(true);
  expect(new Set(records.map((record) => record.errorCode))).toEqual(
    new Set([undefined, 'AccessDenied', 'ThrottlingException']),
  );
});

test('seasonal jobs run on their days only, and the joiner is not seen before joining', () => {
  const daysOf = (name: string) => [
    ...new Set(
      records
        .filter(
          (record) =>
            String(identityOf(record).arn).includes(`/${name}/`) || String(identityOf(record).arn).endsWith(`/${name}`),
        )
        .map((record) => record.eventTime.slice(0, 10)),
    ),
  ];
  expect(daysOf('billing-export')).toEqual(['2026-10-01', '2026-11-01']);
  expect(daysOf('key-rotation')).toEqual(['2026-10-01']);
  expect(daysOf('kira')[0]! > days[Math.floor(0.55 * 60) - 1]!.day).toBe(true);
});

test('what an identity does is what its policies allow, and they allow more', () => {
  const allowed = new Map<string, Set<string>>();
  for (const { id } of small.accounts) {
    const { inventories, problems } = parseAuthorizationDetails([small.authorizationDetails(id)], end);
    expect(problems).toEqual([]);
    for (const principal of inventories[0]!.principals) {
      const managed = principal.attached.map((arn) => inventories[0]!.managed.get(arn)!.text);
      const texts = [...principal.inline.map((policy) => policy.text), ...managed];
      const actions = texts.flatMap((text) =>
        JSON.parse(text).Statement.flatMap((s: { Action: string[] }) => s.Action),
      );
      allowed.set(principal.name + principal.arn.split(':')[4], new Set(actions));
    }
  }
  const sets = members.flatMap((member) =>
    member.access.map(({ account, set }) => ({
      name: [...allowed.keys()].find((key) => key.startsWith(`AWSReservedSSO_${set}_`) && key.endsWith(idOf(account)))!,
      grant: permissionSets[set],
    })),
  );
  const machines = [...workloads, ...seasonal].map((each) => ({ name: each.name + idOf(each.account), grant: each }));
  for (const { name, grant } of [...sets, ...machines]) {
    const actions = allowed.get(name)!;
    const covers = (action: string) => actions.has(action) || actions.has(`${action.split(':')[0]}:Describe*`);
    expect([name, grant.uses.map(([use]) => actionOf(use)).filter((action) => !covers(action))]).toEqual([name, []]);
    expect([name, grant.idle.length > 0]).toEqual([name, true]);
  }
});

const idOf = (name: string) => small.accounts.find((account) => account.name === name)!.id;

test('principals of the records are principals of the inventory, by unique id', () => {
  const ids = new Set(
    small.accounts.flatMap(({ id }) =>
      parseAuthorizationDetails([small.authorizationDetails(id)], end).inventories[0]!.principals.map((p) => p.id),
    ),
  );
  const seen = records
    .filter((record) => ['AssumedRole', 'IAMUser'].includes(String(record.userIdentity.type)))
    .map((record) => String(record.userIdentity.principalId).split(':')[0]!);
  expect([...new Set(seen)].filter((id) => !ids.has(id))).toEqual([]);
});

test('the attack is the stolen key on another network: every call that works is allowed, the last one stops the trail', () => {
  const { attack } = small;
  expect(attack.at(-1)!.eventName).toBe('StopLogging');
  expect(new Set(attack.map((record) => record.userIdentity.arn)).size).toBe(1);
  const addresses = new Set(records.map((record) => record.sourceIPAddress));
  expect(attack.every((record) => !addresses.has(record.sourceIPAddress))).toBe(true);
  expect(small.accessKeys.map((key) => key.id)).toContain(identityOf(attack[0]!).accessKeyId);
  const allowed = new Set([...legacyDeploy.idle, ...legacyDeploy.uses.map(([use]) => actionOf(use))]);
  const service = (record: SampleRecord) => record.eventSource.split('.')[0]!;
  const actions = attack
    .filter((record) => !record.errorCode)
    .map((record) => `${service(record)}:${record.eventName.replace(/^ListBuckets$/, 'ListAllMyBuckets')}`);
  expect(actions.filter((action) => !allowed.has(action))).toEqual([]);
  const again = small.attackAt(end).records;
  expect(again.map((record) => record.eventName)).toEqual(attack.map((record) => record.eventName));
  const known = new Set(attack.map((record) => record.eventID));
  expect(again.some((record) => known.has(record.eventID))).toBe(false);
});

test('the generator knows nothing of how its events are judged', () => {
  const folder = new URL('../../local/sample-organization/', import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  expect(texts.length).toBeGreaterThan(5);
  for (const text of texts) expect(text).not.toMatch(/core\/(?:anomaly|catalogue|usage)/);
});
