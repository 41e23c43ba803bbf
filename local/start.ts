import { Command, InvalidArgumentError, Option } from 'commander';
import type { Instant } from '../core/time.ts';
import { colours } from './colours.ts';
import { type Fault, faults } from './faults.ts';
import { runOnce } from './once.ts';
import { WrongUsage } from './own-survey.ts';
import { serve } from './serve.ts';

/** The day on which the sample organization's sixty days end: a Friday, early in the afternoon. */
const sampleEnd = '2026-11-20T14:00:00Z' as Instant;

interface Flags {
  once?: boolean;
  fault?: Fault;
  cloudtrail?: string[];
  authorizationDetails?: string[];
  port: number;
  seed: number;
}

const program = new Command('npm start --')
  .description('Leastwise in this process: a sample organization, or your own logs. Nothing leaves this process.')
  .option('--once', 'tells the whole story without a browser and ends: exit code 0 only if every step really happened')
  .addOption(new Option('--fault <step>', 'with --once: breaks one step on purpose').choices([...faults]))
  .option('--cloudtrail <path...>', 'your own CloudTrail files or folders instead of the sample')
  .option('--authorization-details <file...>', 'with --cloudtrail: what get-account-authorization-details printed')
  .option('--port <number>', 'the first port to try', portNumber, 4000)
  .option('--seed <number>', 'another sample organization', wholeNumber, 1)
  .action(start);

async function start(flags: Flags): Promise<void> {
  const own = flags.cloudtrail ?? flags.authorizationDetails;
  if (flags.once && own)
    throw new WrongUsage('--once tells the story of the sample organization, not of your own files.');
  if (flags.fault && !flags.once) throw new WrongUsage('--fault belongs to --once.');
  if (flags.once) {
    process.exitCode = await runOnce({ seed: flags.seed, end: sampleEnd, fault: flags.fault });
    return;
  }
  await serve({ ...flags, end: sampleEnd });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('It must be a whole number up to 65535.');
  return port;
}

await program.parseAsync().catch((fault: unknown) => {
  console.error(fault instanceof WrongUsage ? colours.red(fault.message) : fault);
  process.exitCode = 1;
});
