import type { Command } from 'commander';
import { heldIn } from '../adapters/files/held.ts';
import { outsidersWho } from '../core/access/outsiders.ts';
import type { Quote } from '../core/access/quotes.ts';
import { type Access, accessOf, type Shift, shiftsBetween } from '../core/access/shifts.ts';
import { type Holder, whoCan } from '../core/access/who-can.ts';
import { outcomeWords, wordsOf } from '../core/access/words.ts';
import { classifierOf } from '../core/identity/classify.ts';
import { peopleBehind } from '../core/identity/identity-center.ts';
import { hintFor, rowOf, telling } from './answer.ts';
import {
  actionsAsked,
  checkPlace,
  type InventoryFlags,
  type Known,
  questionOf,
  readKnown,
  withInventory,
} from './inventory.ts';
import { table, writeLines } from './output.ts';

interface Flags extends InventoryFlags {
  diff?: string[];
  check?: boolean;
}

/** `leastwise who-can ACTION RESOURCE`: every user and role that may. */
export function registerWhoCan(program: Command): void {
  withInventory(
    program
      .command('who-can')
      .argument('<action>', 'service:Action, or a pattern')
      .argument('<resource>', 'an ARN, or a pattern: each answer says whether it is some or all')
      .description('every user and role that may do something, one line each')
      .option(
        '--diff <before-after...>',
        'who gained and who lost it: two files of authorization details, snapshots or resource policies, each in place of what the options name of that kind',
      ),
  )
    .option('--check', 'with --diff: exit with 3 where there is a difference')
    .addHelpText('after', examples)
    .action((action: string, resource: string, flags: Flags) =>
      flags.diff === undefined ? writeHolders(action, resource, flags) : writeShifts(action, resource, flags),
    );
}

const examples = `
Examples:
  $ leastwise who-can iam:CreateAccessKey '*' --authorization-details account.json --format table
  $ leastwise who-can s3:GetObject 'arn:aws:s3:::payroll/*' --authorization-details *.json --resource-policies policies.json
  $ leastwise who-can 'iam:*' '*' --diff yesterday.json today.json --check
  $ leastwise who-can s3:GetObject 'arn:aws:s3:::payroll/*' --authorization-details account.json --diff old-policies.json new-policies.json`;

async function writeHolders(action: string, resource: string, flags: Flags): Promise<void> {
  checkPlace(resource, flags);
  const actions = actionsAsked(action);
  const known = await readKnown(flags);
  const classOf = classifierOf(known.organization.inventories);
  const center = known.organization.tree?.identityCenter ?? null;
  const rows = askAll(actions, resource, flags, known).map((holder) => {
    const { principal, ...rest } = rowOf(holder.question, holder.answer, known, holder.principal.id);
    const people = center === null ? [] : peopleBehind(principal, center);
    return { principal, class: classOf(holder.principal).class as string, people, ...rest };
  });
  for (const { question, answer } of askOutsiders(actions, resource, flags, known)) {
    const { principal, ...rest } = rowOf(question, answer, known, question.principal);
    rows.push({ principal, class: 'outside', people: [], ...rest });
  }
  const hint = hintFor(rows);
  if (hint) process.stderr.write(`${hint}\n`);
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  const insiders = rows.filter((row) => row.class !== 'outside');
  const cells = rows.map((row) => [
    row.principal,
    row.class,
    row.action,
    [outcomeWords[row.decision], row.extent].filter(Boolean).join(', '),
    byOf(row.because),
    row.when ? wordsOf(row.when.condition) : '',
    row.lastUsed ?? (known.lastUse === null ? '' : 'never'),
  ]);
  await writeLines([
    ...table(['WHO', 'CLASS', 'ACTION', 'MAY', 'BY', 'WHEN', 'LAST USED'], cells, 80),
    `${new Set(insiders.map(({ principal }) => principal)).size} of ${principalCount(known)} users and roles`,
  ]);
}

const byOf = (because: readonly Quote[]): string =>
  telling(because)
    .slice(0, 1)
    .map(({ policy, sid }) => (sid === null ? policy : `${policy} ${sid}`))
    .join('');

const principalCount = ({ organization }: Known): number =>
  organization.inventories.reduce((sum, { principals }) => sum + principals.length, 0);

const askAll = (actions: readonly string[], resource: string, flags: Flags, known: Known): Holder[] =>
  actions.flatMap((each) =>
    whoCan((principal) => questionOf(flags, principal, each, resource), known.engine, known.organization),
  );

const askOutsiders = (actions: readonly string[], resource: string, flags: Flags, known: Known) =>
  actions.flatMap((each) =>
    outsidersWho((principal) => questionOf(flags, principal, each, resource), known.engine, known.organization),
  );

async function writeShifts(action: string, resource: string, flags: Flags): Promise<void> {
  const [before, after, ...more] = flags.diff ?? [];
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('--diff takes two files: BEFORE and AFTER');
  checkPlace(resource, flags);
  const actions = actionsAsked(action);
  const [was, is] = await Promise.all([before, after].map((file) => readKnown(sideOf(file, flags))));
  const rows = actions.flatMap((each) => {
    const asked = [was!, is!].map((known) =>
      accessOf(askAll([each], resource, flags, known), askOutsiders([each], resource, flags, known)),
    );
    return shiftsBetween(asked[0]!, asked[1]!).map((shift) => rowOfShift(shift, each, resource, was!, is!));
  });
  if (flags.check && rows.length > 0) process.exitCode = 3;
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  const cells = rows.map((row) => [row.change, row.principal, row.action, saidOf(row.before), saidOf(row.after)]);
  await writeLines(table(['', 'WHO', 'ACTION', 'BEFORE', 'AFTER'], cells, 80));
}

/** One side of a comparison: the file stands for whatever the options name of its kind. */
function sideOf(file: string, flags: Flags): Flags {
  const held = heldIn(file);
  if (held === 'snapshot') return { ...flags, snapshots: [file] };
  return held === 'resource-policies'
    ? { ...flags, resourcePolicies: [file] }
    : { ...flags, authorizationDetails: [file] };
}

function rowOfShift(shift: Shift, action: string, resource: string, was: Known, is: Known) {
  const side = (access: Access | null, known: Known) => {
    if (access === null) return null;
    const { decision, extent, because, when } = rowOf(access.question, access.answer, known, access.id);
    return { decision, extent, because, when };
  };
  const { principal, change } = shift;
  return { principal, action, resource, change, before: side(shift.before, was), after: side(shift.after, is) };
}

const saidOf = (side: { decision: keyof typeof outcomeWords; extent: string | null } | null): string =>
  side === null ? 'no' : [outcomeWords[side.decision], side.extent].filter(Boolean).join(', ');
