import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { State } from '../../local/api.ts';

const patient = 60_000;

const root = new URL('../../', import.meta.url);
const start = (...flags: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', 'local/start.ts', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function ended(child: ChildProcessByStdio<null, Readable, Readable>) {
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    text.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.err += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, ...text };
}

test(
  '--once ends with 0, and with 1 and a sentence when a step is broken',
  async () => {
    const [whole, broken] = await Promise.all([ended(start('--once')), ended(start('--once', '--fault', 'rollback'))]);
    expect([whole.code, whole.err]).toEqual([0, '']);
    expect(whole.out).toMatch(/Every step happened and was read back/);
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/The trial did not end: it is undoing .* does not read as it was put back/);
    expect(broken.err).toMatch(/a step did not happen/);
  },
  patient,
);

test(
  'npm start prints its address, has one proposal waiting, and ends cleanly on Ctrl-C',
  async () => {
    const child = start('--port', '4750');
    const end = ended(child);
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk));
        if (found) resolve(found[0]);
      });
    });
    // Asked at once: the answer waits until the history is read.
    const state = (await (await fetch(`${url}/api/state`)).json()) as State;
    expect(state.channel.messages).toHaveLength(1);
    expect(JSON.stringify(state.channel.messages[0]?.blocks)).toMatch(/leastwise:change:approve/);
    expect(JSON.stringify(state)).not.toMatch(/signing/i);
    child.kill('SIGINT');
    const { code, out, err } = await end;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Your data never leaves this process/);
  },
  patient,
);

test.each(['99999', '65536', 'four'])(
  'the port %s gets a clear sentence',
  async (port) => {
    const { code, out, err } = await ended(start('--port', port));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/argument '\w+' is invalid\. It must be a whole number/);
    expect(err).not.toMatch(/^ +at /m);
  },
  60_000,
);

test(
  'wrong usage gets one clear sentence on stderr and exit code 1',
  async () => {
    const { code, out, err } = await ended(
      start('--cloudtrail', 'no-such-folder', '--authorization-details', 'package.json'),
    );
    expect([code, out, err]).toEqual([1, '', 'no-such-folder: no such file or folder.\n']);
  },
  patient,
);
