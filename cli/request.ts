import type { Command } from 'commander';
import { ask, type SignedFlags, signedOptions, tell } from './signed-options.ts';

interface Flags extends SignedFlags {
  on?: string[];
  set?: string;
  in?: string;
  as?: string;
  for: string;
  because: string;
  breakGlass: boolean;
}

/** `leastwise request`: asks for access that ends by itself. */
export function registerRequest(program: Command): void {
  signedOptions(program.command('request'))
    .argument('[action...]', 'like s3:GetObject')
    .description('asks for access that ends by itself; somebody else approves it in Slack')
    .option('--on <arn...>', 'the resources')
    .option('--set <name>', 'a permission set instead of actions on resources')
    .option('--in <account>', 'the account of the permission set')
    .requiredOption('--for <duration>', 'like 90m or 2h')
    .requiredOption('--because <reason>', 'why; whoever approves reads it')
    .option('--as <arn>', 'the role or user that is to carry the access, where more than one is yours')
    .option('--break-glass', 'an emergency: takes what the configuration decided beforehand; alarms everybody', false)
    .action(request);
}

async function request(
  actions: string[],
  { on = [], as, set, in: account, for: length, because, breakGlass, ...flags }: Flags,
): Promise<void> {
  const duration = secondsIn(length);
  const target = set === undefined ? (as ?? null) : targetOf(set, account, [...actions, ...on, ...(as ? [as] : [])]);
  if (set === undefined && (actions.length === 0 || on.length === 0))
    throw new Error('Name actions and --on resources, or a permission set: --set NAME --in ACCOUNT.');
  const wish = { type: 'request' as const, target, actions, resources: on, duration, reason: because };
  tell(await ask(flags, { ...wish, ...(breakGlass && { emergency: true }) }));
}

/** A permission set in an account, which holds its actions itself. */
function targetOf(set: string, account: string | undefined, besides: readonly string[]): string {
  if (account === undefined || besides.length > 0)
    throw new Error('A permission set is asked for by --set NAME --in ACCOUNT, without actions, --on or --as.');
  return `set:${account}/${set}`;
}

function secondsIn(text: string): number {
  const [, count, unit] = /^(\d{1,5})(m|h)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`${text} is no duration: write it like 90m or 2h.`);
  return Number(count) * (unit === 'h' ? 3600 : 60);
}
