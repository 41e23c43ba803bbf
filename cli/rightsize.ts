import { type Command, Option } from 'commander';
import { readJson, UnusableFile } from '../adapters/files/problems.ts';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import { findPrincipal } from '../core/identity/find-principal.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { type Certificate, certify } from '../core/rightsizing/certificate.ts';
import { type LoggedUse, loggedUse } from '../core/rightsizing/logged-use.ts';
import { type PairRule, pairRules } from '../core/rightsizing/paired.ts';
import { redacted } from '../core/rightsizing/redact.ts';
import { removalRisk, riskWords, takenBy } from '../core/rightsizing/removal-risk.ts';
import { type Evidence, type Rightsizing, rightsize } from '../core/rightsizing/rightsize.ts';
import { instantAt } from '../core/time.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLogs } from './logs.ts';
import { writeLines } from './output.ts';
import { type Format, formats, type Risk, written } from './rightsize-formats.ts';

interface Flags {
  authorizationDetails: string[];
  cloudtrail: string[];
  principal?: string;
  window?: string;
  assumeComplete?: boolean;
  withoutRule?: PairRule[];
  redact?: boolean;
  keepResources?: boolean;
  format: Format;
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
      new Option('--format <format>', 'rows, words for people, a document, or source to paste')
        .choices(formats)
        .default('ndjson'),
    )
    .addOption(
      new Option('--without-rule <rule...>', 'actions that undo others may go though the others are used').choices(
        pairRules,
      ),
    )
    .option('--keep-resources', 'keep every Resource as it is')
    .option('--redact', 'give accounts, names, tags and ids other names throughout, for bug reports')
    .addHelpText('after', examples)
    .action(writeProposals);
}

const examples = `
Examples:
  $ leastwise rightsize --authorization-details account.json --cloudtrail ./logs --format table
  $ leastwise rightsize --authorization-details account.json --cloudtrail ./logs --window 365 --assume-complete
  $ leastwise rightsize --authorization-details account.json --cloudtrail ./logs --assume-complete --format markdown --principal role/ci

Logs from a folder prove no hour of themselves: without --assume-complete every principal says no-ingestion.`;

async function writeProposals(flags: Flags): Promise<void> {
  const days = daysOf(flags.window);
  const inventories = inventoriesIn(flags.authorizationDetails, flags.redact === true);
  const ledger = createLedger({ key: offlineKey, resources: !flags.keepResources });
  await readLogs(flags.cloudtrail, ledger.add);
  const use = loggedUse(ledger.items());
  const evidence = inventories.map((inventory) => evidenceOf(inventory, use, days, flags));
  const judged = evidence.map((each) => rightsize(each));
  const all = judged.flat();
  const wanted = flags.principal === undefined ? all : all.filter(isNamed(flags.principal, inventories));
  const sorted = [...wanted].sort((a, b) => (a.principal.arn < b.principal.arn ? -1 : 1));
  const shown = flags.redact ? redacted(sorted) : sorted;
  const besides = {
    risk: () => riskOf(evidence, sorted),
    // Their resources are somebody's own: what is redacted goes without.
    certificates: () => (flags.redact ? [] : certificatesOf(evidence, judged, sorted)),
  };
  await writeLines(written(shown, flags.format, besides));
}

function certificatesOf(
  evidence: readonly Evidence[],
  judged: readonly (readonly Rightsizing[])[],
  shown: readonly Rightsizing[],
): readonly (Certificate | undefined)[] {
  const all = new Map(evidence.flatMap((each, i) => [...certify(each, judged[i] as readonly Rightsizing[])]));
  return shown.map(({ principal }) => all.get(principal.arn));
}

/** Measured over each account whole; what is taken now, of those asked for. */
function riskOf(evidence: readonly Evidence[], shown: readonly Rightsizing[]): Risk {
  const all = evidence.map((each) => removalRisk(each));
  const measured = all.flatMap((each) => each ?? []);
  const words = evidence.map((each, i) => {
    const own = shown.filter(({ principal }) => each.usage.has(principal.arn)).map((one) => takenBy(one, each));
    return riskWords(all[i], {
      named: sum(own.map(({ named }) => named)),
      wildcard: sum(own.map((one) => one.wildcard)),
    });
  });
  return { measured, words: [...new Set(words)].join('\n') };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function daysOf(window: string | undefined): number | undefined {
  if (window === undefined) return undefined;
  const days = Number(window);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new Error(`--window ${window}: write days, 1 to 400`);
  return days;
}

function inventoriesIn(files: readonly string[], redact: boolean): readonly Inventory[] {
  const { inventories, problems } = parseAuthorizationDetails(files.map(readJson), instantAt(Date.now() / 1000));
  for (const { entity, detail } of problems) {
    process.stderr.write(redact ? 'left out an entity that cannot be read\n' : `left out ${entity}: ${detail}\n`);
  }
  if (inventories.length === 0)
    throw new UnusableFile(files.join(', '), [{ field: '', words: 'no users and roles in it' }]);
  return inventories;
}

function evidenceOf(inventory: Inventory, use: LoggedUse, days: number | undefined, flags: Flags): Evidence {
  const { assumeComplete, withoutRule = [] } = flags;
  return {
    inventory,
    usage: use.of(inventory),
    formerIds: use.formerIds(inventory),
    cases: [],
    // A folder proves no hour of itself, and nobody can vouch for an account of which it holds nothing.
    coverage: assumeComplete && use.accounts.has(inventory.account) ? 'vouched' : [],
    window: use.window(assumeComplete ? days : (days ?? 90)),
    breakGlass: [],
    pairRules: pairRules.filter((rule) => !withoutRule.includes(rule)),
    narrowResources: !flags.keepResources,
    mayMakePolicies: true,
  };
}

function isNamed(asked: string, inventories: readonly Inventory[]): (judged: Rightsizing) => boolean {
  const found = findPrincipal(asked, inventories);
  if (!found.ok) throw new Error(`${asked} is not one user or role of these accounts: name its ARN`);
  return ({ principal }) => principal.arn === found.value.arn;
}
