import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditObject } from '../../core/audit/verify.ts';
import { auditedWorld, auditKey, writeObjects } from '../usecases/audited-world.ts';
import { leastwise } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

let objects: readonly AuditObject[];
let lent: string;
const key = () => file('audit.pem', auditKey);

beforeAll(async () => {
  ({ objects, lent } = await auditedWorld());
});

describe('audit verify', () => {
  test('says of what the use cases wrote that it is whole, and what is not yet signed', async () => {
    const whole = writeObjects(join(folder, 'whole'), objects);
    writeFileSync(join(whole, 'audit/.DS_Store'), '');
    const { code, out, err } = await leastwise('audit', 'verify', whole, '--public-key', key());
    expect({ code, err }).toEqual({ code: 0, err: 'skipped audit/.DS_Store: neither an event nor a manifest\n' });
    const events = objects.filter(({ key: at }) => at.startsWith('audit/')).length;
    expect(rows(out)).toEqual([
      {
        summary: {
          aggregates: 6,
          events,
          manifests: 2,
          findings: 0,
          signedUntil: expect.stringMatching(/^2025-06-15T/),
          unsigned: { events: 1, from: expect.any(String), to: expect.any(String) },
        },
      },
    ]);
    const told = await leastwise('audit', 'verify', whole, '--public-key', key(), '--format', 'table');
    expect(told.out).toMatch(/^Whole: nothing was removed/);
    expect(told.out).toContain('1 of the events lie behind it');
  });

  test('names what was removed, changed and cut off, and exits with 3', async () => {
    const place = (sequence: number) => `audit/change/${lent}/000000000${sequence}`;
    const last = objects.filter(({ key: at }) => at.startsWith(`audit/change/${lent}/`)).length;
    const tampered = objects
      .filter(({ key: at }) => at !== place(2) && at !== place(last))
      .map((each) => (each.key === place(3) ? { ...each, text: each.text.replace('"by":"', '"by":"x') } : each));
    const where = writeObjects(join(folder, 'tampered'), tampered);
    const { code, out } = await leastwise('audit', 'verify', where, '--public-key', key());
    expect(code).toBe(3);
    const told = rows(out).slice(0, -1);
    expect(told.map(({ finding, aggregate, sequence }) => [finding, aggregate, sequence])).toEqual([
      ['missing', `change/${lent}`, 2],
      ['changed', `change/${lent}`, 3],
      ['cut-off', `change/${lent}`, last],
    ]);
  });

  test('by another key nothing is signed, and broken JSON is a changed event', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const pem = file('other.pem', other.export({ type: 'spki', format: 'pem' }).toString());
    const broken = objects.map((each, index) => (index === 0 ? { ...each, text: '{"v":1,' } : each));
    const where = writeObjects(join(folder, 'broken'), broken);
    const { code, out } = await leastwise('audit', 'verify', where, '--public-key', pem);
    expect(code).toBe(3);
    expect(rows(out).map(({ finding }) => finding)).toEqual([
      'signature-invalid',
      'signature-invalid',
      'changed',
      undefined,
    ]);
    expect(rows(out).at(-1).summary.signedUntil).toBeNull();
  });

  test.each([
    ['an empty folder', () => ['empty', key()], 'fetch the whole audit bucket'],
    ['a folder that is not there', () => ['nowhere', key()], 'fetch the whole audit bucket'],
    ['a key that is none', () => ['whole', file('none.pem', 'hello')], 'no public key'],
    ['a private key', () => ['whole', file('private.pem', privateKey)], 'it is a private key'],
    ['a time that is none', () => ['whole', key(), '--until', 'noon'], 'write it like'],
  ])('%s is wrong usage', async (_, args, words) => {
    mkdirSync(join(folder, 'empty/audit'), { recursive: true });
    const [where = '', pem = '', ...more] = args();
    const { code, out, err } = await leastwise('audit', 'verify', join(folder, where), '--public-key', pem, ...more);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
  });
});

const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
