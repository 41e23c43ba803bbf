import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The same laws as in `npm test`, on ten times as many organizations. */
test('of hundreds of random organizations the plain evaluator finds no use lost and no access gained', () => {
  const root = join(import.meta.dirname, '../..');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const run = spawnSync(process.execPath, [...jest, 'test/core/rightsizing/judged'], {
    cwd: root,
    env: { ...process.env, RIGHTSIZING_TIMES: '10' },
    encoding: 'utf8',
  });
  expect(run.stderr).toContain('3 passed');
  expect(run.status).toBe(0);
}, 3_600_000);
