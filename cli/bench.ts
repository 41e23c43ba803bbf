import { type Command, Option } from 'commander';
import { writeLines } from './output.ts';

/** Written out here: the bench itself is loaded only when it measures, and is no part of the package. */
const names = ['fold', 'inventory', 'access', 'rightsizing', 'fastLane', 'writeUnits'];

/** `leastwise bench`: measures the figures of the README on this machine. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('the figures of the README, measured on this machine, as JSON (in a checkout)')
    .addOption(new Option('--only <figures...>', 'some of them').choices(names))
    .addHelpText('after', '\nExamples:\n  $ leastwise bench\n  $ leastwise bench --only fold')
    .action(writeFigures);
}

async function writeFigures({ only }: { only?: readonly string[] }): Promise<void> {
  const { measure } = await loadBench();
  await writeLines([JSON.stringify(await measure(only ?? names), null, 2)]);
}

async function loadBench(): Promise<typeof import('../bench/measure.ts')> {
  try {
    return await import('../bench/measure.ts');
  } catch (fault) {
    throw new Error('the bench is no part of the package: clone the repository, run npm ci, then npm run bench', {
      cause: fault,
    });
  }
}
