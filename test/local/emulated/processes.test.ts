import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start } from '../../../local/emulated/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-processes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A node program in the folder; what it prints lands in the log. */
const program = (name: string, text: string) => {
  const log = join(folder, `${name}.log`);
  writeFileSync(join(folder, `${name}.mjs`), text);
  return {
    command: { program: process.execPath, args: [join(folder, `${name}.mjs`)], env: {}, cwd: folder, log },
    log,
  };
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const printed = async (log: string): Promise<string> => {
  for (;;) {
    const text = readFileSync(log, 'utf8');
    if (text.includes('\n')) return text.trim();
    // Another process writes it.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test('what does not end when it is asked is killed, with what it started itself', async () => {
  const { command, log } = program(
    'deaf',
    `import { spawn } from 'node:child_process';
     process.on('SIGTERM', () => {});
     const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
     console.log(child.pid);
     setInterval(() => {}, 1000);`,
  );
  const running = start(command);
  const child = Number(await printed(log));
  expect(isAlive(child)).toBe(true);
  await running.stop(100);
  expect(await running.ended).toBe('ended by SIGKILL');
  while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a program that fails is told with its log, and nothing of our environment reaches it', async () => {
  const { command, log } = program('failing', 'console.log(JSON.stringify(process.env)); process.exit(3);');
  await expect(run(command, 20_000)).rejects.toThrow(`exit code 3; see ${log}`);
  expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual({});
});

test('where Python is too old, one sentence says so and nothing counts as shown', async () => {
  const root = join(folder, 'project');
  mkdirSync(join(root, 'test'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  cpSync('test/emulators', join(root, 'test/emulators'), { recursive: true });
  writeFileSync(join(root, 'bin/python3'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(root, 'bin/python3'), 0o755);
  const ran = await new Promise<{ code: unknown; err: string }>((resolve) => {
    const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin` };
    execFile('/bin/sh', [join(root, 'test/emulators/install.sh')], { env }, (error, _, err) =>
      resolve({ code: error?.code, err }),
    );
  });
  expect(ran.code).toBe(1);
  expect(ran.err.trim().split('\n')).toEqual([expect.stringMatching(/^The emulators need Python 3\.10 or later/)]);
});
