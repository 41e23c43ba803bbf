import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record } from '../core/usage/records.ts';
import { leastwise } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-actions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const denial = (eventID: string, action: string) =>
  record({
    eventID,
    errorCode: 'AccessDenied',
    errorMessage: `User: arn:aws:iam::111122223333:user/u is not authorized to perform: ${action} on resource: *`,
  });
const fileOf = (name: string, ...records: unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ Records: records }));
  return path;
};

test('--check holds the actions against those that denials name', async () => {
  const agreeing = fileOf('agreeing.json', denial('a', 's3:GetObject'), record({ eventID: 'b' }));
  const { code, out, err } = await leastwise('actions', agreeing, '--check');
  expect(code).toBe(0);
  expect(err).toContain('1 of 1 denials that name their action agree');
  expect(out.trim().split('\n')).toHaveLength(2);
});

test('--check tells each disagreement once and exits with 3', async () => {
  const records = [denial('a', 's3:GetObject'), denial('c', 's3:Unheard'), denial('c', 's3:Unheard')];
  const { code, err } = await leastwise('actions', fileOf('other.json', ...records), '--check');
  expect(code).toBe(3);
  expect(err.match(/^c s3.amazonaws.com\/GetObject was denied s3:Unheard$/gm)).toHaveLength(1);
  expect(err).toContain('1 of 2 denials that name their action agree');
});
