import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { handClock } from '../../local/clock.ts';
import { readOwnData } from '../../local/own-data.ts';
import { createSystem } from '../../local/system.ts';

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
