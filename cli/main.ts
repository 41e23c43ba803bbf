import { Command } from 'commander';
import { registerActions } from './actions.ts';
import { registerAudit } from './audit.ts';
import { registerBackfill } from './backfill.ts';
import { registerBench } from './bench.ts';
import { registerCan } from './can.ts';
import { registerConfirm } from './confirm.ts';
import { registerDoctor } from './doctor.ts';
import { registerEnroll } from './enroll.ts';
import { registerEvidence } from './evidence.ts';
import { registerExplain } from './explain.ts';
import { registerFastLane } from './fast-lane.ts';
import { registerLedger } from './ledger.ts';
import { registerPrincipalCan } from './principal-can.ts';
import { registerRedrive } from './redrive.ts';
import { registerReplay } from './replay.ts';
import { registerRequest } from './request.ts';
import { registerRevoke } from './revoke.ts';
import { registerRightsize } from './rightsize.ts';
import { registerSimulate } from './simulate.ts';
import { registerSlackManifest } from './slack-manifest.ts';
import { registerStatus } from './status.ts';
import { registerWhoCan } from './who-can.ts';

/** Every command, one file each. */
const commands: readonly ((program: Command) => void)[] = [
  registerActions,
  registerLedger,
  registerReplay,
  registerCan,
  registerWhoCan,
  registerPrincipalCan,
  registerExplain,
  registerRightsize,
  registerSimulate,
  registerFastLane,
  registerBackfill,
  registerRedrive,
  registerDoctor,
  registerRequest,
  registerStatus,
  registerRevoke,
  registerEnroll,
  registerConfirm,
  registerAudit,
  registerEvidence,
  registerSlackManifest,
  registerBench,
];

/** The program with all its commands, ready to parse arguments. */
export function leastwise(): Command {
  const program = new Command('leastwise')
    .description('Event-driven least privilege for AWS. Reads your CloudTrail logs; nothing leaves this machine.')
    .showHelpAfterError('(leastwise --help shows the commands)');
  for (const register of commands) register(program);
  return program;
}

/** Runs a command line; a fault is one line on stderr and exit code 1. */
export async function run(argv: readonly string[]): Promise<void> {
  // Whoever reads us may stop early (`| head`): that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await leastwise().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.stderr.write(`leastwise: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

await run(process.argv.slice(2));
