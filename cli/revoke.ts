import type { Command } from 'commander';
import { ask, type SignedFlags, signedOptions, tell } from './signed-options.ts';

/** `leastwise revoke`: gives lent access back at once. */
export function registerRevoke(program: Command): void {
  signedOptions(program.command('revoke'))
    .argument('<lease>', 'id of the lease, as `leastwise status` shows it')
    .description('gives lent access back at once, yours or anybody’s: that needs no decision')
    .action(async (lease: string, flags: SignedFlags) => tell(await ask(flags, { type: 'revoke', lease })));
}
