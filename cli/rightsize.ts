import { type Command, Option } from 'commander';
import { readJson, UnusableFile } from '../adapters/files/problems.ts';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import { findPrincipal } from '../core/identity/find-principal.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { type LoggedUse, loggedUse } from '../core/rightsizing/logged-use.ts';
import { quotas, sizeOf } from '../core/rightsizing/quotas.ts';
import { type Rightsizing, rightsize } from '../core/rightsizing/rightsize.ts';
import { instantAt } from '../core/time.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLogs } from './logs.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  authorizationDetails: string[];
  cloudtrail: string[];
  principal?: string;
  window?: string;
  assumeComplete?: boolean;
  format: 'ndjson' | 'table';
}

/** `leastwise rightsize`: for each principal the smaller policies, proven, or why there are none. */
export function registerRightsize(program: Command): void {
  program
    .command('rightsize')
    .description('for each principal the policies cut to what was used, with proof, or why nothing can be concluded')
    .requiredOption('--authorization-details <file...>', 'what aws iam get-account-authorization-details printed')
    .requiredOption('--cloudtrail <path...>', 'CloudTrail files, folders, or - for standard input')
    .option('--principal <arn>', 'this one alone: an ARN, an id, user/NAME or role/NAME')
    .option('--window <days>', 'whole days that must be covered, up to the last event (default: 90)')
    .option('--assume-complete', 'you vouch that the logs are whole for the window (default: the days they span)')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .addHelpText('after', examples)
    .action(writeProposals);
}

const examples = `
Examples:
  $ leastwise rightsize --authorization-details account.json --cloudtrail ./logs --format table
  $ leastwise rightsize --authorization-details account.json --cloudtrail ./logs --window 365 --assume-complete

Logs from a folder prove no hour of themselves: without --assume-complete every principal says no-ingestion.`;

async function writeProposals(flags: Flags): Promise<void> {
  const days = daysOf(flags.window);
  const inventories = inventoriesIn(flags.authorizationDetails);
  const ledger = createLedger({ key: offlineKey, resources: false });
  await readLogs(flags.cloudtrail, ledger.add);
  const use = loggedUse(ledger.items());
  const judged = inventories.flatMap((inventory) => judge(inventory, use, days, flags.assumeComplete === true));
  const wanted = flags.principal === undefined ? judged : judged.filter(isNamed(flags.principal, inventories));
  const sorted = [...wanted].sort((a, b) => (a.principal.arn < b.principal.arn ? -1 : 1));
  if (flags.format === 'ndjson') return writeLines(sorted.map((each) => JSON.stringify(rowOf(each))));
  await writeLines(table(['WHO', 'STATUS', 'REMOVED', 'KEPT', 'CHARACTERS', 'WHY'], sorted.map(cellsOf)));
}

function daysOf(window: string | undefined): number | undefined {
  if (window === undefined) return undefined;
  const days = Number(window);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new Error(`--window ${window}: write days, 1 to 400`);
  return days;
}

function inventoriesIn(files: readonly string[]): readonly Inventory[] {
  const { inventories, problems } = parseAuthorizationDetails(files.map(readJson), instantAt(Date.now() / 1000));
  for (const { entity, detail } of problems) process.stderr.write(`left out ${entity}: ${detail}\n`);
  if (inventories.length === 0)
    throw new UnusableFile(files.join(', '), [{ field: '', words: 'no users and roles in it' }]);
  return inventories;
}

function judge(inventory: Inventory, use: LoggedUse, days: number | undefined, assumeComplete: boolean) {
  return rightsize({
    inventory,
    usage: use.of(inventory),
    cases: [],
    // A folder proves no hour of itself, and nobody can vouch for an account of which it holds nothing.
    coverage: assumeComplete && use.accounts.has(inventory.account) ? 'vouched' : [],
    window: use.window(assumeComplete ? days : (days ?? 90)),
    breakGlass: [],
    mayMakePolicies: true,
  });
}

function isNamed(asked: string, inventories: readonly Inventory[]): (judged: Rightsizing) => boolean {
  const found = findPrincipal(asked, inventories);
  if (!found.ok) throw new Error(`${asked} is not one user or role of these accounts: name its ARN`);
  return ({ principal }) => principal.arn === found.value.arn;
}

/** The row of the public contract. */
function rowOf(judged: Rightsizing): object {
  const { principal, status, kept } = judged;
  const proposed = status === 'proposed' ? judged : undefined;
  const policies = proposed?.policies ?? [];
  return {
    principal: principal.id,
    arn: principal.arn,
    status,
    reason: status === 'not-yet-decidable' ? `${judged.reason}: ${judged.detail}` : null,
    policies: policies.map(({ name, kind, before, after }) => ({
      name,
      kind,
      before: before === null ? null : JSON.parse(before),
      after: after === null ? null : JSON.parse(after),
    })),
    removed: proposed?.removed ?? [],
    kept,
    proof: proposed?.proof ?? null,
    size: policies.reduce((sum, { after }) => sum + (after === null ? 0 : sizeOf(after)), 0),
  };
}

function cellsOf(judged: Rightsizing): string[] {
  const { principal, status, kept } = judged;
  if (status !== 'proposed')
    return [principal.arn, status, '', '', '', status === 'not-yet-decidable' ? judged.detail : ''];
  const size = judged.policies.reduce((sum, { after }) => sum + (after === null ? 0 : sizeOf(after)), 0);
  const made = judged.policies.filter(({ before }) => before === null).length;
  const words = made === 0 ? '' : `${made} policies are made, each under ${quotas.managed} characters`;
  return [principal.arn, status, String(judged.removed.length), String(kept.length), String(size), words];
}
