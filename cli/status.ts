import type { Command } from 'commander';
import { setMeant } from '../core/changes/lending-set.ts';
import { parseIamArn } from '../core/identity/iam-arn.ts';
import { ask, type SignedFlags, signedOptions, tell } from './signed-options.ts';

/** `leastwise status`: what is lent to the caller and what the caller waits for, with a profile for each role. */
export function registerStatus(program: Command): void {
  signedOptions(program.command('status'))
    .description('shows what is lent to you and what you wait for, and prints an AWS profile for each role')
    .option('--source-profile <name>', 'the profile that may assume the roles', 'default')
    .option('--sso-session <name>', 'the sso-session of your profiles of Identity Center', 'default')
    .action(status);
}

interface Lent {
  id: string;
  state: string;
  carrier: string;
  endsAt: string;
}

async function status({ sourceProfile, ssoSession, ...flags }: Flags): Promise<void> {
  const answer = await ask(flags, { type: 'status' });
  tell(answer);
  const leases = (answer.data?.leases ?? []) as readonly Lent[];
  const profiles = leases
    .filter(({ state }) => state === 'active')
    .flatMap((lease) => profileOf(lease, sourceProfile, ssoSession));
  if (profiles.length > 0) process.stderr.write(`\nFor ~/.aws/config:\n\n${profiles.join('\n')}`);
}

interface Flags extends SignedFlags {
  sourceProfile: string;
  ssoSession: string;
}

/** A user carries its loan itself; a role has to be assumed, and a permission set is signed in to. */
function profileOf({ id, carrier, endsAt }: Lent, source: string, ssoSession: string): string[] {
  const name = `[profile leastwise-${id.slice(0, 12)}]`;
  const set = setMeant(carrier);
  if (set)
    return [
      `# until ${endsAt}\n${name}\nsso_session = ${ssoSession}\nsso_account_id = ${set.account}\nsso_role_name = ${set.set}\n`,
    ];
  if (parseIamArn(carrier)?.type !== 'role') return [];
  return [`# until ${endsAt}\n${name}\nrole_arn = ${carrier}\nsource_profile = ${source}\n`];
}
