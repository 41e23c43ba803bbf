import { type Command, Option } from 'commander';
import { actionsOf } from '../core/usage/actions/actions-of.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { readLogs } from './logs.ts';
import { table, writeLines, writeSorted } from './output.ts';

interface Flags {
  format: 'ndjson' | 'table';
  strict?: boolean;
}

/** `leastwise actions PATH…`: the IAM actions that every event needed. */
export function registerActions(program: Command): void {
  program
    .command('actions')
    .argument('<path...>', 'CloudTrail files, folders, or - for standard input')
    .description('the IAM actions and resources behind every event, one line an event')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .option('--strict', 'exit with 1 where a record was rejected')
    .addHelpText('after', examples)
    .action(writeActions);
}

const examples = `
Examples:
  $ leastwise actions ./logs                    every .json, .jsonl, .ndjson (also .gz) below the folder
  $ leastwise actions trail.json.gz | grep '"certain":false'
  $ aws s3 cp s3://bucket/key.json.gz - | leastwise actions --format table -`;

async function writeActions(paths: string[], flags: Flags): Promise<void> {
  const events = new Map<string, Row>();
  await readLogs(paths, (event) => events.set(JSON.stringify(rowOf(event)), rowOf(event)), flags);
  if (flags.format === 'ndjson') return writeSorted(events.keys());
  await writeLines(table(['ACTION', 'OUTCOME', 'ACTOR', 'RESOURCES'], [...events.values()].flatMap(cellsOf).sort()));
}

type Row = ReturnType<typeof rowOf>;

/** Keys in the order of the public contract. */
const rowOf = (event: UsageEvent) => ({
  eventID: event.eventID,
  principal: event.caller.principal,
  actor: event.caller.actor,
  outcome: event.outcome,
  actions: actionsOf(event).actions.map(({ action, resources, certain }) => ({ action, resources, certain })),
});

const cellsOf = (row: Row): string[][] =>
  row.actions.map(({ action, resources, certain }) => [
    certain ? action : `${action} ?`,
    row.outcome,
    row.actor,
    resources.join(' '),
  ]);
