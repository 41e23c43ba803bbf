import { type Command, Option } from 'commander';
import { offlineKey } from '../core/usage/bounded.ts';
import { rowsOf } from '../core/usage/codec.ts';
import type { LedgerRow } from '../core/usage/item.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLogs } from './logs.ts';
import { table, writeLines, writeSorted } from './output.ts';

interface Flags {
  format: 'ndjson' | 'table';
  resources: boolean;
  strict?: boolean;
}

/** `leastwise ledger PATH…`: what every identity used, when first, when last, on which days. */
export function registerLedger(program: Command): void {
  program
    .command('ledger')
    .argument('<path...>', 'CloudTrail files, folders, or - for standard input')
    .description('what every identity used, when first, when last, on which days, one line a facet')
    .option('--resources', 'with a row for every resource (the default)', true)
    .option('--no-resources', 'without them')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .option('--strict', 'exit with 1 where a record was rejected')
    .addHelpText('after', examples)
    .action(writeLedger);
}

const examples = `
Examples:
  $ leastwise ledger ./logs > ledger.ndjson     the same bytes whatever the order of the files
  $ leastwise ledger --no-resources --format table ./logs
  $ zcat *.json.gz | leastwise ledger -`;

async function writeLedger(paths: string[], flags: Flags): Promise<void> {
  const ledger = createLedger({ key: offlineKey, resources: flags.resources });
  await readLogs(paths, ledger.add, flags);
  const rows = ledger.items().flatMap(rowsOf);
  if (flags.format === 'ndjson') return writeSorted(rows.map((row) => JSON.stringify(row)));
  const cells = rows.map(cellsOf).sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
  await writeLines(table(['WHO', 'WHAT', 'VALUE', 'OUTCOME', 'FIRST', 'LAST', 'DAYS'], cells));
}

const cellsOf = (row: LedgerRow): string[] => [
  row.arn ?? row.actor,
  row.facet.kind === 'action' ? row.facet.action! : [row.facet.kind, row.facet.action].filter(Boolean).join(' '),
  row.facet.value ?? '',
  row.outcome,
  row.first.time,
  row.last,
  String(row.days.length),
];
