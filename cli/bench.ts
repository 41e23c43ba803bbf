import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { writeLines } from './output.ts';

/** Every figure of the README by its name. Loaded when measured: no other command should wait for them. */
const figures: Readonly<Record<string, () => Promise<unknown>>> = {
  fold: async () => (await import('../bench/fold.ts')).foldFigures(),
  inventory: async () => (await import('../bench/inventory.ts')).inventoryFigures(),
  access: async () => (await import('../bench/access.ts')).accessFigures(),
  writeUnits: async () => (await import('../bench/write-units.ts')).writeUnits({ invictus: publicLog('invictus') }),
};

/** `leastwise bench`: measures the figures of the README on this machine. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('the figures of the README, measured on this machine, as JSON')
    .addOption(new Option('--only <figure>', 'one of them').choices(Object.keys(figures)))
    .addHelpText('after', '\nExamples:\n  $ leastwise bench\n  $ leastwise bench --only fold')
    .action(writeFigures);
}

async function writeFigures({ only }: { only?: string }): Promise<void> {
  const measured: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(figures)) {
    if (only === undefined || only === name) measured[name] = await measure();
  }
  await writeLines([JSON.stringify(measured, null, 2)]);
}

/** The folder of a public log beside the checkout; null (and said so) where it is absent. */
function publicLog(name: string): string | null {
  const folder = join(import.meta.dirname, '../../shared/data/cloudtrail', name);
  if (existsSync(folder)) return folder;
  process.stderr.write(`not measured: the log ../shared/data/cloudtrail/${name} is not on this machine\n`);
  return null;
}
