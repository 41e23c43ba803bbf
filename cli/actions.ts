import { type Command, Option } from 'commander';
import { everyActionOf } from '../core/usage/actions/actions-of.ts';
import { namedDenialOf } from '../core/usage/actions/disagreement.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { readLogs } from './logs.ts';
import { table, writeLines, writeSorted } from './output.ts';

interface Flags {
  format: 'ndjson' | 'table';
  strict?: boolean;
  check?: boolean;
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
    .option('--check', 'hold the actions against those that denials name; exit with 3 where one is missing')
    .addHelpText('after', examples)
    .action(writeActions);
}

const examples = `
Examples:
  $ leastwise actions ./logs                    every .json, .jsonl, .ndjson (also .gz) below the folder
  $ leastwise actions trail.json.gz | grep '"certain":false'
  $ leastwise actions ./logs --check > actions.ndjson       what AWS says of denied calls against what is said here
  $ aws s3 cp s3://bucket/key.json.gz - | leastwise actions --format table -`;

async function writeActions(paths: string[], flags: Flags): Promise<void> {
  const events = new Map<string, Row>();
  const check = new Check();
  const take = (event: UsageEvent) => {
    events.set(JSON.stringify(rowOf(event)), rowOf(event));
    if (flags.check) check.add(event);
  };
  await readLogs(paths, take, flags);
  if (flags.check) check.tell();
  if (flags.format === 'ndjson') return writeSorted(events.keys());
  await writeLines(table(['ACTION', 'OUTCOME', 'ACTOR', 'RESOURCES'], [...events.values()].flatMap(cellsOf).sort()));
}

/** What denials say against the mapping: the one place where AWS itself names the action of a call. */
class Check {
  readonly #named = new Set<string>();
  readonly #disagreeing = new Map<string, string>();

  add(event: UsageEvent): void {
    const found = namedDenialOf(event);
    if (found === undefined) return;
    this.#named.add(event.eventID);
    if (found.mapping === 'absent')
      this.#disagreeing.set(event.eventID, `${event.eventID} ${found.source}/${found.name} was denied ${found.denied}`);
  }

  tell(): void {
    for (const words of [...this.#disagreeing.values()].sort()) process.stderr.write(`${words}\n`);
    const [named, agreeing] = [this.#named.size, this.#named.size - this.#disagreeing.size];
    process.stderr.write(`${agreeing} of ${named} denials that name their action agree\n`);
    if (this.#disagreeing.size > 0) process.exitCode = 3;
  }
}

type Row = ReturnType<typeof rowOf>;

/** Keys in the order of the public contract. */
const rowOf = (event: UsageEvent) => ({
  eventID: event.eventID,
  principal: event.caller.principal,
  actor: event.caller.actor,
  outcome: event.outcome,
  actions: everyActionOf(event).actions.map(({ action, resources, certain }) => ({ action, resources, certain })),
});

const cellsOf = (row: Row): string[][] =>
  row.actions.map(({ action, resources, certain }) => [
    certain ? action : `${action} ?`,
    row.outcome,
    row.actor,
    resources.join(' '),
  ]);
