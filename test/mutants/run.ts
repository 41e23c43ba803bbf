import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutants } from './mutants.ts';

/**
 * `npm run test:mutants [-- LAW…]`: applies each mutant to a copy of the source, one at a time, and runs the tests named
 * for its law there. One that they pass has survived, and makes this fail; so does one whose line is gone, and a law with
 * fewer than three. LEASTWISE_PROCESSES: how many copies are worked in side by side.
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
  'tsconfig.json',
  'jest.config.js',
];
const tests = [
  'test/usecases/lease-laws.test.ts',
  'test/core/leases/step.test.ts',
  'test/usecases/decision-laws.test.ts',
];
/** Longer than the slowest took by far: one that hangs is not judged, and that is a failure too. */
const longest = 240_000;

type Verdict = 'killed' | 'survived' | 'not judged';

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const chosen = mutants.filter(({ law }) => wanted.length === 0 || wanted.includes(law));
  const stale = chosen.filter((mutant) => linesOf(mutant).length !== 1);
  for (const { law, what, file, line } of stale)
    process.stdout.write(`not judged ${law} ${what}: ${file} has no one line with ${line}\n`);
  const waiting = chosen.filter((mutant) => !stale.includes(mutant));
  const verdicts: Verdict[] = stale.map(() => 'not judged');
  const processes = Number(process.env.LEASTWISE_PROCESSES ?? availableParallelism());
  await inCopy(async (copy) => {
    const clean = await run(copy, undefined);
    if (clean !== 'survived') throw new Error(`the tests fail or cannot run without any mutant: ${clean}`);
  });
  const work = () =>
    inCopy(async (copy) => {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) verdicts.push(await judge(copy, mutant));
    });
  await Promise.all(Array.from({ length: processes }, work));
  const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
  const laws = new Set(chosen.map(({ law }) => law));
  const thin = [...laws].filter((law) => chosen.filter((mutant) => mutant.law === law).length < 3);
  if (thin.length > 0) process.stdout.write(`fewer than three for ${thin.join(', ')}\n`);
  if (count('not judged') > 0) process.stdout.write(`${count('not judged')} could not be judged\n`);
  process.stdout.write(`${count('killed')} killed, ${count('survived')} survived\n`);
  process.exitCode = count('killed') === chosen.length && chosen.length > 0 && thin.length === 0 ? 0 : 1;
}

async function inCopy(work: (copy: string) => Promise<void>): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'leastwise-mutants-'));
  try {
    for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true, filter: isSource });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const isSource = (path: string): boolean => !/node_modules|\.git$|test\/(corpus|e2e|browser)$/.test(path);

async function judge(copy: string, mutant: Mutant): Promise<Verdict> {
  const { law, what, file } = mutant;
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  const from = Date.now();
  try {
    writeFileSync(path, mutated(text, mutant));
    const verdict = await run(copy, law);
    process.stdout.write(`${verdict} ${law} ${what} (${file}), ${Math.round((Date.now() - from) / 1000)} s\n`);
    return verdict;
  } finally {
    writeFileSync(path, text);
  }
}

/** The lines that a mutant may mean; where it is not one, the source has moved on. */
const linesOf = ({ file, line }: Mutant): readonly string[] =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((each) => each.includes(line));

/** The text with its one line replaced. */
const mutated = (text: string, { line, becomes }: Mutant): string =>
  text
    .split('\n')
    .map((each) => (each.includes(line) ? becomes : each))
    .join('\n');

/** Runs the tests of a law; of all laws where none is named. Only a test that ran and failed kills. */
async function run(copy: string, law: string | undefined): Promise<Verdict> {
  const pattern = law === undefined ? '^P\\d+: ' : `^${law}: `;
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const options = ['--runInBand', '--json', '--silent', '--testNamePattern', pattern];
  const child = spawn(process.execPath, [...jest, ...options, ...tests], {
    cwd: copy,
    timeout: longest,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LEASTWISE_RUNS: '100', ...(law === undefined ? {} : { LEASTWISE_LAW: law }) },
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  const code = await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  if (typeof code !== 'number' || !stdout.startsWith('{')) return 'not judged';
  const told = JSON.parse(stdout) as {
    numRuntimeErrorTestSuites: number;
    numPassedTests: number;
    numFailedTests: number;
  };
  if (told.numRuntimeErrorTestSuites > 0) return 'not judged';
  if (told.numFailedTests > 0) return 'killed';
  return told.numPassedTests > 0 ? 'survived' : 'not judged';
}

await main();
