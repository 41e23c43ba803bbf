import { type Command, Option } from 'commander';
import type { Assessment } from '../core/anomaly/case.ts';
import { casesOf } from '../core/anomaly/cases-of.ts';
import { AssumersOfLog, noFacts } from '../core/anomaly/facts.ts';
import { signalsOf } from '../core/anomaly/signals/signals.ts';
import { watchedActionsOf } from '../core/anomaly/watched-actions.ts';
import { ocsfOf } from '../core/findings/ocsf.ts';
import { actionsOf } from '../core/usage/actions/actions-of.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLogs } from './logs.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  baseline?: string[];
  format: 'ndjson' | 'table' | 'ocsf';
  strict?: boolean;
}

/** `leastwise replay PATH…`: the cases that these logs would have opened, each in its final state. */
export function registerReplay(program: Command): void {
  program
    .command('replay')
    .argument('<path...>', 'CloudTrail files, folders, or - for standard input')
    .description('what would have been told: one line a case, in event time, and a summary')
    .option('--baseline <path...>', 'older logs that say what is normal; nothing in them is told')
    .addOption(
      new Option('--format <format>', 'ndjson, table for people, or ocsf: one Detection Finding a line')
        .choices(['ndjson', 'table', 'ocsf'])
        .default('ndjson'),
    )
    .option('--strict', 'exit with 1 where a record was rejected')
    .addHelpText('after', examples)
    .action(writeReplay);
}

const examples = `
Examples:
  $ leastwise replay --format table ./logs
  $ leastwise replay ./this-week --baseline ./last-month      only what last month never saw
  $ leastwise replay ./logs | tail -1                         the summary

An identity is told in digests only during its first seven days, unless it does what is always told; give a baseline to
see what an installation that has watched for a while would have said.`;

async function writeReplay(paths: string[], flags: Flags): Promise<void> {
  const ledger = createLedger({ key: offlineKey, resources: true, actionsOf: watchedActionsOf, signalsOf });
  const strict = flags.strict ?? false;
  const known = new Set<string>();
  const assumed = new AssumersOfLog();
  const remember = (event: UsageEvent) => {
    known.add(event.eventID);
    assumed.add(event);
    ledger.add(event);
  };
  if (flags.baseline !== undefined) await readLogs(flags.baseline, remember, { historic: true, strict });
  const seen = new Seen();
  const { events, rejected } = await readLogs(
    paths,
    (event) => {
      // Seen on both sides, an event counts as new in the ledger, which may not lose one; here the operator named it.
      ledger.add(known.has(event.eventID) ? { ...event, historic: true } : event);
      assumed.add(event);
      seen.add(event);
    },
    { strict },
  );
  const facts = { ...noFacts, assumers: assumed.assumers() };
  const cases = casesOf(ledger.items(), [], facts).filter(({ level }) => level !== 'shadow');
  const messages = cases.filter(({ level }) => level === 'message').length;
  const summary = { events, rejected, ...seen.counts(), alerts: cases.length, messages };
  if (flags.format === 'ocsf') return writeLines(cases.map((it) => JSON.stringify(ocsfOf(it, 'create'))));
  if (flags.format === 'ndjson') {
    return writeLines([...cases.map((it) => lineOf(it)), JSON.stringify({ summary })]);
  }
  await writeLines([...cases.flatMap(storyOf), `${cases.length} alerts, ${messages} of them messages`]);
}

/** Distinct things in what is replayed; the baseline does not count. */
class Seen {
  private readonly unmapped = new Set<string>();
  private readonly actors = new Set<string>();
  private readonly actions = new Set<string>();

  add(event: UsageEvent): void {
    const mapped = actionsOf(event);
    this.actors.add(event.caller.actor);
    if (mapped.unmapped) this.unmapped.add(event.eventID);
    else for (const { action } of mapped.actions) this.actions.add(action);
  }

  counts = () => ({ unmapped: this.unmapped.size, actors: this.actors.size, actions: this.actions.size });
}

/** Keys in the order of the public contract; the score with its two decimals, which JSON.stringify would cut. */
function lineOf(it: Assessment): string {
  const { id: alert, from: time, principal, actor, level, score, first, eventIDs } = it;
  const facets = first.map(({ kind, action, value }) => ({ kind, action, value }));
  const head = JSON.stringify({ alert, time, principal, actor, level });
  return `${head.slice(0, -1)},"score":${score.toFixed(2)},${JSON.stringify({ first: facets, eventIDs }).slice(1)}`;
}

/** How many reasons a person wants to read at once. */
const shownReasons = 8;

function storyOf(it: Assessment): string[] {
  const rest = it.reasons.length - shownReasons;
  return [
    `${it.from}  ${it.level.toUpperCase()}  ${it.score.toFixed(2)}  ${it.actor}`,
    ...table(
      ['', '', ''],
      it.reasons
        .slice(0, shownReasons)
        .map(({ time, points, words }) => [`    ${time.slice(11, 19)}`, `+${points.toFixed(2)}`, words]),
      120,
    ).slice(1),
    ...(rest > 0 ? [`    … and ${rest} reasons more`] : []),
    '',
  ];
}
