import { type Command, Option } from 'commander';
import { countShare } from '../core/fast-lane/share.ts';
import { readLogs } from './logs.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  constantReader?: string[];
  format: 'ndjson' | 'table';
  strict?: boolean;
}

/** `leastwise fast-lane PATH…`: how much of a trail the fast lane would let through, at every width. */
export function registerFastLane(program: Command): void {
  program
    .command('fast-lane')
    .argument('<path...>', 'CloudTrail files, folders, or - for standard input')
    .description('how much of a trail would take the fast lane, at every width, and the roles whose reads take it most')
    .option('--constant-reader <arn...>', 'roles whose reads of secrets come with the files, as in the configuration')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .option('--strict', 'exit with 1 where a record was rejected')
    .addHelpText('after', '\nExamples:\n  $ leastwise fast-lane ./logs\n  $ leastwise fast-lane --format table ./logs')
    .action(writeShare);
}

/** More would not be named in a configuration by hand. */
const mostReaders = 10;

async function writeShare(paths: string[], flags: Flags): Promise<void> {
  const share = countShare(flags.constantReader ?? []);
  await readLogs(paths, (_, record) => share.add(record), flags);
  const rows = [...share.widths(), ...share.readers(mostReaders)];
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  const cells = rows.map((row) => [
    'width' in row ? row.width : row.reader,
    'width' in row ? String(row.rules) : '',
    String(row.forwarded),
    row.percent.toFixed(2),
  ]);
  await writeLines(table(['WIDTH, OR READER', 'RULES', 'FORWARDED', 'PERCENT'], cells, 90));
}
