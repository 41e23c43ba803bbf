import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutants } from './mutants.ts';

/**
 * `npm run test:mutants [-- LAW…]`: applies each mutant to a copy of the source, one at a time, and runs the tests named
 * for its law there. One that they pass has survived, and makes this fail.
 */
const root = new URL('../..', import.meta.url).pathname;
const parts = [
  'adapters',
  'bench',
  'core',
  'lambdas',
  'lib',
  'local',
  'test',
  'usecases',
  'package.json',
  'jest.config.js',
];
const tests = ['test/usecases/lease-laws.test.ts', 'test/core/leases/step.test.ts'];
/** Longer than the slowest took by far: one that hangs is not judged, and that is a failure too. */
const longest = 180_000;

type Verdict = 'killed' | 'survived' | 'not judged';

function main(): void {
  const wanted = process.argv.slice(2);
  const chosen = mutants.filter(({ law }) => wanted.length === 0 || wanted.includes(law));
  const copy = mkdtempSync(join(tmpdir(), 'leastwise-mutants-'));
  try {
    for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true, filter: isSource });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const clean = run(copy, undefined);
    if (clean !== 'survived') throw new Error(`the tests fail or cannot run without any mutant: ${clean}`);
    const verdicts = chosen.map((mutant) => judge(copy, mutant));
    const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
    const unjudged = count('not judged');
    if (unjudged > 0) process.stdout.write(`${unjudged} could not be judged\n`);
    process.stdout.write(`${count('killed')} killed, ${count('survived')} survived\n`);
    process.exitCode = count('killed') === chosen.length && chosen.length > 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const isSource = (path: string): boolean => !/node_modules|\.git$|test\/(corpus|e2e|browser)$/.test(path);

function judge(copy: string, mutant: Mutant): Verdict {
  const { law, what, file } = mutant;
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  const from = Date.now();
  try {
    writeFileSync(path, mutated(text, mutant));
    const verdict = run(copy, law);
    process.stdout.write(`${verdict} ${law} ${what} (${file}), ${Math.round((Date.now() - from) / 1000)} s\n`);
    return verdict;
  } finally {
    writeFileSync(path, text);
  }
}

/** The text with its one line replaced. Throws where the line is not there once: then the source has moved on. */
function mutated(text: string, { file, line, becomes }: Mutant): string {
  const lines = text.split('\n');
  const found = lines.filter((each) => each.includes(line));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with ${line}`);
  return lines.map((each) => (each.includes(line) ? becomes : each)).join('\n');
}

/** Runs the tests of a law; of all laws where none is named. Only a test that ran and failed kills. */
function run(copy: string, law: string | undefined): Verdict {
  const pattern = law === undefined ? '^P\\d+: ' : `^${law}: `;
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const { status, stdout } = spawnSync(
    process.execPath,
    [...jest, '--runInBand', '--json', '--silent', '--testNamePattern', pattern, ...tests],
    {
      cwd: copy,
      encoding: 'utf8',
      timeout: longest,
      maxBuffer: 2 ** 28,
      env: { ...process.env, LEASTWISE_RUNS: '100', ...(law === undefined ? {} : { LEASTWISE_LAW: law }) },
    },
  );
  if (status === null || !stdout.startsWith('{')) return 'not judged';
  const told = JSON.parse(stdout) as {
    numRuntimeErrorTestSuites: number;
    numPassedTests: number;
    numFailedTests: number;
  };
  if (told.numRuntimeErrorTestSuites > 0) return 'not judged';
  if (told.numFailedTests > 0) return 'killed';
  return told.numPassedTests > 0 ? 'survived' : 'not judged';
}

main();
