import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { textIn } from '../adapters/files/unzip.ts';
import type { Decision } from '../core/access/decision.ts';
import { type Case, caseTexts, readCase } from '../core/access/read-case.ts';
import { evaluate } from '../core/access/reference/evaluate.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  format: 'ndjson' | 'table';
  check?: boolean;
}

/** `leastwise simulate FILE`: what AWS would answer to requests under given policies. */
export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .argument('<file>', 'cases as {"cases":[…]}, a list, one case, or one a line; - for standard input')
    .description('what AWS would answer to each request under the given policies, and which statements decide it')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .option('--check', 'compare with what the cases expect; exit with 3 where something differs')
    .addHelpText('after', examples)
    .action(simulate);
}

const examples = `
Examples:
  $ leastwise simulate cases.json
  $ leastwise simulate cases.json --check       tells every difference as: id expected got
  $ leastwise simulate - --format table < case.json`;

async function simulate(file: string, flags: Flags): Promise<void> {
  const answers: Answer[] = [];
  for (const [index, text] of textsIn(file).entries()) {
    const read = readCase(text);
    if (read.ok) {
      answers.push({ asked: read.value, decision: evaluate(read.value.situation) });
      continue;
    }
    say(`case ${index + 1} cannot be read: ${read.error}`);
    process.exitCode = 1;
  }
  for (const answer of answers) tellInvalid(answer);
  if (answers.length > 0) await writeAnswers(answers, flags);
  if (flags.check) check(answers);
}

interface Answer {
  asked: Case;
  decision: Decision;
}

function textsIn(file: string): readonly string[] {
  const text = readText(file);
  try {
    return caseTexts(text);
  } catch (error) {
    const why = text.trim() === '' ? 'is empty' : `is not JSON: ${(error as Error).message}`;
    throw new Error(`${file} holds no cases: it ${why}`, { cause: error });
  }
}

function readText(file: string): string {
  const text = textIn(readFileSync(file === '-' ? 0 : file));
  if (!text.ok) throw new Error(`${file}: ${text.error.detail}`);
  return text.value.replace(/^\uFEFF/, '');
}

async function writeAnswers(answers: readonly Answer[], { format }: Flags): Promise<void> {
  if (format === 'ndjson') return writeLines(answers.map((answer) => JSON.stringify(rowOf(answer))));
  await writeLines(table(['CASE', 'DECISION', 'BECAUSE'], answers.map(cellsOf)));
}

/** Keys in the order of the public contract. */
const rowOf = ({ asked, decision }: Answer) => ({
  id: asked.id,
  decision: decision.outcome,
  because: decision.because.map(({ layer, policy, statement, effect }) => ({ layer, policy, statement, effect })),
  when: decision.when,
});

const cellsOf = ({ asked, decision }: Answer): string[] => [
  asked.id ?? '',
  decision.outcome,
  decision.because
    .map(({ layer, policy, statement, effect }) => `${effect} ${layer} ${policy}.${statement}`)
    .join(', '),
];

const tellInvalid = ({ asked, decision }: Answer): void => {
  for (const { layer, policy, place, detail } of decision.invalid) {
    say(`${asked.id}: ${layer} ${policy} is no policy that AWS saves: ${place} ${detail}`);
  }
};

function check(answers: readonly Answer[]): void {
  let [compared, differing] = [0, 0];
  for (const { asked, decision } of answers) {
    if (asked.expected === null) continue;
    const differs = asked.expected !== decision.outcome;
    if (differs) say(`${asked.id} ${asked.expected} ${decision.outcome}${asked.advisory ? ' (advisory)' : ''}`);
    if (asked.advisory) continue;
    compared += 1;
    if (differs) differing += 1;
  }
  say(`${compared} compared, ${differing} differ`);
  if (differing > 0) process.exitCode ||= 3;
}

const say = (words: string): void => {
  process.stderr.write(`${words}\n`);
};
