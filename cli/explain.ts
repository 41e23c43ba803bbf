import type { Command } from 'commander';
import { whyWords } from '../core/access/denial-words.ts';
import { type Explanation, explain } from '../core/access/explain.ts';
import { witnessWords, wordsOf } from '../core/access/words.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { quoteLines, telling } from './answer.ts';
import { type InventoryFlags, type Known, readKnown, withInventory } from './inventory.ts';
import { readLogs } from './logs.ts';
import { writeLines } from './output.ts';

/** `leastwise explain EVENT`: which layer and statement denied a call, and the smallest grant that would have allowed it. */
export function registerExplain(program: Command): void {
  withInventory(
    program
      .command('explain')
      .argument('<event>', 'a CloudTrail file with denied events, or - for standard input')
      .description('why a call was denied, and the smallest grant that would have allowed it'),
  )
    .addHelpText('after', examples)
    .action(writeExplanations);
}

const examples = `
Examples:
  $ leastwise explain denied.json --authorization-details account.json --format table
  $ grep AccessDenied trail.ndjson | leastwise explain - --authorization-details account.json

What the inventory does not hold (session policies, VPC endpoint policies, resource policies that are not named) is said
where AWS's own message points at it.`;

async function writeExplanations(path: string, flags: InventoryFlags): Promise<void> {
  const known = await readKnown(flags);
  const denied: UsageEvent[] = [];
  let others = 0;
  await readLogs([path], (event) => {
    if (event.outcome === 'denied' && event.kind === 'api-call') denied.push(event);
    else others += 1;
  });
  if (others > 0) process.stderr.write(`${others} events were not denied and are left out\n`);
  const rows = denied.flatMap((event) =>
    explain(event, known.engine, known.organization).map((it) => rowOf(event, it, known)),
  );
  if (rows.length === 0) process.stderr.write('no denied call in it\n');
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  await writeLines(rows.flatMap(storyOf));
}

type Row = ReturnType<typeof rowOf>;

function rowOf({ eventID, time, caller }: UsageEvent, explanation: Explanation, { quote, lastUse }: Known) {
  const { question, why, decision, said, grant } = explanation;
  const { principal, action, resource } = question;
  return {
    eventID,
    time,
    principal,
    action,
    resource,
    why,
    decision: decision?.outcome ?? null,
    because: decision === null ? [] : quote(question, decision.because),
    when: decision?.when ?? null,
    said,
    grant,
    lastUsed: lastUse?.({ id: caller.principal, arn: caller.arn ?? '' }, action) ?? null,
  };
}

function storyOf(row: Row): string[] {
  return [
    `${row.time}  ${row.principal} was denied ${row.action} on ${row.resource}`,
    `  ${whyWords[row.why]}`,
    ...telling(row.because).flatMap((each) => quoteLines(each, row)),
    ...(row.when ? [`  allowed when ${wordsOf(row.when.condition)}`, `  for example ${witnessWords(row.when)}`] : []),
    ...(row.said
      ? [
          `  AWS says: ${row.said.kind === 'explicit' ? 'an explicit deny in' : 'nothing allows it in'} ${row.said.policy}`,
        ]
      : []),
    ...grantLines(row),
    '',
  ];
}

function grantLines({ why, grant }: Row): string[] {
  if (why !== 'not-granted') return [];
  if (grant === null) return ['  No grant can help.'];
  return [
    '  The smallest grant that would have allowed it:',
    ...grant.map(
      ({ layer, level, statement }) =>
        `    ${layer}${level === null ? '' : ` level ${level}`}: ${JSON.stringify(statement)}`,
    ),
  ];
}
