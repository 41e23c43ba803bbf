import type { Command } from 'commander';
import { answer } from '../core/access/extent.ts';
import { hintFor, rowOf, storyOf } from './answer.ts';
import {
  actionsAsked,
  checkPlace,
  type InventoryFlags,
  principalIn,
  questionOf,
  readKnown,
  withInventory,
} from './inventory.ts';
import { writeLines } from './output.ts';

/** `leastwise can PRINCIPAL ACTION RESOURCE`: whether it may, and which statement says so. */
export function registerCan(program: Command): void {
  withInventory(
    program
      .command('can')
      .argument('<principal>', 'an ARN, a unique id, user/NAME, role/NAME, or the ARN of a role session')
      .argument('<action>', 'service:Action, or a pattern: one line for each action')
      .argument('<resource>', 'an ARN, or a pattern: the answer says whether it is some or all')
      .description('whether somebody may do something, and which statement says so'),
  )
    .addHelpText('after', examples)
    .action(writeAnswers);
}

const examples = `
Examples:
  $ leastwise can role/deploy s3:PutObject 'arn:aws:s3:::site/*' --authorization-details account.json --format table
  $ leastwise can user/amy 'iam:Create*' '*' --authorization-details account.json --organization organization.json
  $ leastwise can user/amy ec2:RunInstances '*' --authorization-details account.json --context aws:RequestedRegion=eu-west-1

Of a context key that is not given, every value is possible: the decision is "conditional" where that matters, with the
condition under which it is allowed. S3's ARNs do not name the owner: --resource-policies or --resource-account does.`;

async function writeAnswers(who: string, action: string, resource: string, flags: InventoryFlags): Promise<void> {
  checkPlace(resource, flags);
  const asked = actionsAsked(action);
  const known = await readKnown(flags);
  const { arn, id } = principalIn(known.organization, who);
  const principal = who.includes(':assumed-role/') ? who : arn;
  const rows = asked.map((each) => {
    const question = questionOf(flags, principal, each, resource);
    return rowOf(question, answer(question, known.engine, known.organization), known, id);
  });
  const hint = hintFor(rows);
  if (hint) process.stderr.write(`${hint}\n`);
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  await writeLines(rows.flatMap((row) => storyOf(row, known.lastUse !== null)));
}
