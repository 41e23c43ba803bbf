import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface Command {
  program: string;
  args: readonly string[];
  /** The whole environment: nothing of ours leaks into it. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** File that takes both outputs. */
  log: string;
}

/** A process that we started, with everything that it starts itself: they are a group of their own. */
export interface Running {
  process: ChildProcess;
  /** Resolves to how it ended. */
  ended: Promise<string>;
  /** Asks the group to end, and ends it after `patience` milliseconds; resolves when it is gone. */
  stop(patience?: number): Promise<void>;
}

/** Groups that still run. */
const groups = new Set<ChildProcess>();
// Whatever ends this process, nothing that it started outlives it.
process.once('exit', () => {
  for (const child of groups) signal(child, 'SIGKILL');
});

/** Starts a program in a process group of its own, so that its children end with it. */
export function start({ program, args, env, cwd, log }: Command): Running {
  const output = openSync(log, 'a');
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by === null ? `exit code ${code}` : `ended by ${by}`));
  });
  groups.add(child);
  void ended.then(() => {
    // Children may have outlived the one that we know.
    signal(child, 'SIGKILL');
    groups.delete(child);
  });
  const stop = async (patience = 5000) => {
    signal(child, 'SIGTERM');
    const timer = setTimeout(() => signal(child, 'SIGKILL'), patience);
    await ended;
    clearTimeout(timer);
  };
  return { process: child, ended, stop };
}

/** Runs a program to its end, for at most so many milliseconds. Throws with the name of its log where it fails. */
export async function run(command: Command, longest: number): Promise<void> {
  const running = start(command);
  const timer = setTimeout(() => void running.stop(1000), longest);
  const how = await running.ended;
  clearTimeout(timer);
  if (how !== 'exit code 0') throw new Error(`${command.args.slice(0, 4).join(' ')}: ${how}; see ${command.log}`);
}

/** To the whole group; nobody is left to be asked where it is gone. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault;
  }
}
