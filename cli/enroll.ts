import type { Command } from 'commander';
import { agreed, ask, type SignedFlags, signedOptions, tell } from './signed-options.ts';

interface Flags extends SignedFlags {
  team: string;
  user: string;
  code: string;
  yes: boolean;
}

/** `leastwise enroll`: binds a Slack account to the caller's AWS identity. */
export function registerEnroll(program: Command): void {
  signedOptions(program.command('enroll'))
    .description('binds your Slack account to your AWS identity; `/leastwise enroll` in Slack gives the whole command')
    .requiredOption('--team <id>', 'your Slack workspace')
    .requiredOption('--user <id>', 'your Slack user')
    .requiredOption('--code <code>', 'the one-time code that Slack showed to you')
    .option('--yes', 'do not ask again', false)
    .action(enroll);
}

async function enroll({ team, user, code, yes, ...flags }: Flags): Promise<void> {
  const question = `This makes the Slack user ${user} of ${team} you, for everything that Leastwise decides. Is that your own account, and did Slack give the code to you?`;
  if (!yes && !(await agreed(question))) throw new Error('Nothing was done. With --yes it is not asked again.');
  tell(await ask(flags, { type: 'enroll', team, user, code }));
}
