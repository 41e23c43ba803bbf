import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { riskOf } from '../../core/rightsizing/ladder.ts';
import type { Instant } from '../../core/time.ts';
import { handClock } from '../../local/clock.ts';
import { readOwnData } from '../../local/own-data.ts';
import { WrongUsage } from '../../local/own-survey.ts';
import { accounts } from '../../local/sample-organization/accounts.ts';
import { sampleOrganization } from '../../local/sample-organization/organization.ts';
import { createSystem } from '../../local/system.ts';

const end = '2026-11-20T14:00:00Z' as Instant;
const folder = mkdtempSync(join(tmpdir(), 'leastwise-'));
afterAll(() => rmSync(folder, { recursive: true }));
const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const withData = existsSync(shared) ? test : test.skip;
if (!existsSync(shared)) console.warn(`${shared} is absent: the tests on real logs are left out`);

withData('real logs of one day open cases, and nothing is proposed from what they do not cover', async () => {
  const own = await readOwnData({
    cloudtrail: [`${shared}cloudtrail/invictus`],
    authorizationDetails: [`${shared}authorization-details/small.json`],
  });
  expect(own.ingestion).toEqual({ events: 2900, rejected: 0 });
  expect(own.end).toBe('2023-07-10T12:37:50Z');
  const system = createSystem({ configuration: own.configuration, clock: handClock(own.end) });
  const words = await own.fill(system);
  expect(words).toMatch(/Too short for a baseline/);
  expect(words).toMatch(/cannot be judged: the logs do not cover every hour/);
  expect((await system.stores.state.cases.list(10)).some(({ level }) => level === 'message')).toBe(true);
  expect(await system.stores.state.changes.list(10)).toEqual([]);
  expect(system.problems).toEqual([]);
});

test('paths that cannot be used are told in one sentence that names them', async () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const details = file('details.json', '{"UserDetailList":[]}');
  const log = file('log.json', JSON.stringify({ Records: sampleOrganization({ seed: 1, end }).attack }));
  const broken = file('broken.json', '{');
  const cases: [string[], string[], RegExp][] = [
    [[log], [], /--cloudtrail needs --authorization-details beside it/],
    [[], [details], /--authorization-details needs --cloudtrail beside it/],
    [[join(folder, 'none')], [details], /none: no such file or folder\./],
    [[log], [join(folder, 'none.json')], /none\.json: no such file\./],
    [[log], [broken], /broken\.json: not JSON/],
    [[details], [details], /no CloudTrail event in it \(1 records rejected\)/],
    [[log], [details], /details\.json: no users and roles in it/],
  ];
  for (const [cloudtrail, authorizationDetails, sentence] of cases) {
    const reading = readOwnData({ cloudtrail, authorizationDetails });
    await expect(reading).rejects.toThrow(WrongUsage);
    await expect(reading).rejects.toThrow(sentence);
  }
});

test('own logs of three weeks with matching identities bring proposals, made on a copy of IAM', async () => {
  const organization = sampleOrganization({ seed: 5, days: 21, end });
  const cloudtrail = [...organization.days()].map(({ day, records }) => {
    writeFileSync(join(folder, `${day}.json`), JSON.stringify({ Records: records }));
    return join(folder, `${day}.json`);
  });
  const details = join(folder, 'production.json');
  writeFileSync(details, JSON.stringify(organization.authorizationDetails(accounts.production)));
  const own = await readOwnData({ cloudtrail, authorizationDetails: [details] });
  const system = createSystem({ configuration: own.configuration, clock: handClock(own.end) });
  expect(await own.fill(system)).toMatch(/they say what is normal/);
  const changes = await system.stores.state.changes.list(50);
  const { judged, postponed } = system.judged.get(accounts.production)!;
  const worth = (arn: string) =>
    judged.flatMap((each) =>
      each.status === 'proposed' && each.principal.arn === arn ? riskOf(each.removed) : [],
    )[0]!;
  const proposed = changes.map(({ plan }) => plan.target).sort((a, b) => worth(b) - worth(a));
  // A night proposes three: an autoscaler with all of ec2:Describe*, the key that can make keys, and what deploys.
  expect(proposed.map((arn) => arn.split('/').at(-1))).toEqual(['node-autoscaler', 'legacy-deploy', 'deploy']);
  expect(postponed).toContain(`arn:aws:iam::${accounts.production}:role/service/orders-api`);
  expect(Math.min(...proposed.map(worth))).toBeGreaterThan(Math.max(...postponed.map(worth)));
  expect(changes.every(({ state, backlog }) => state === 'planned' && backlog?.opened === null)).toBe(true);
  expect((await system.stores.truth.accessKeys(accounts.production, 'legacy-deploy')).map(({ id }) => id)).toEqual(
    organization.accessKeys.filter(({ user }) => user === 'legacy-deploy').map(({ id }) => id),
  );
}, 60_000);
