import { type Command, Option } from 'commander';
import { readOrganization } from '../adapters/files/organization.ts';
import { readJson, UnusableFile } from '../adapters/files/problems.ts';
import { readResourcePolicies } from '../adapters/files/resource-policies.ts';
import { readSnapshot } from '../adapters/files/snapshot.ts';
import type { Because } from '../core/access/decision.ts';
import { type Engine, engineOf } from '../core/access/engine.ts';
import { type Organization, type Question, questionAbout } from '../core/access/organization.ts';
import { type Quote, quoterOf } from '../core/access/quotes.ts';
import type { ContextValue } from '../core/access/situation.ts';
import { actionsMeant } from '../core/catalogue/actions-meant.ts';
import { findAction } from '../core/catalogue/catalogue.ts';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import { findPrincipal } from '../core/identity/find-principal.ts';
import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import { instantAt } from '../core/time.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { type LastUse, lastUses } from '../core/usage/last-use.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { readLogs } from './logs.ts';

/** The options that say what is known; every question about access takes them. */
export interface InventoryFlags {
  authorizationDetails?: string[];
  snapshots?: string[];
  organization?: string;
  resourcePolicies?: string[];
  cloudtrail?: string[];
  context?: string[];
  completeContext?: boolean;
  resourceAccount?: string;
  format: 'ndjson' | 'table';
}

/** Adds them to a command. */
export const withInventory = (command: Command): Command =>
  command
    .option(
      '--authorization-details <file...>',
      'what aws iam get-account-authorization-details printed, of any accounts',
    )
    .option('--snapshots <file...>', 'what a deployment keeps of its accounts (inventory/ACCOUNT.json.gz), instead')
    .option('--organization <file>', 'the tree of AWS Organizations with its SCPs and RCPs (docs/inventory.md)')
    .option('--resource-policies <file...>', 'policies of buckets, keys, queues and others (docs/inventory.md)')
    .option('--cloudtrail <path...>', 'CloudTrail logs: the last use stands beside each answer')
    .option(
      '--context <key=value...>',
      'a context key of the request, like aws:SourceIp=192.0.2.1; again for more values',
    )
    .option('--complete-context', 'every context key that is not given is absent, rather than unknown')
    .option('--resource-account <id>', 'the owner of the resource, where neither its ARN nor a file names it')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    );

/** What the files say, ready for questions. */
export interface Known {
  organization: Organization;
  engine: Engine;
  quote(question: Question, because: readonly Because[]): Quote[];
  /** null where no logs were named. */
  lastUse: LastUse | null;
}

/** Reads what the options name; tells on stderr what could not be read. */
export async function readKnown(flags: InventoryFlags): Promise<Known> {
  const organization = readOrganizationOf(flags);
  const engine = engineOf(organization);
  return {
    organization,
    engine,
    quote: quoterOf(organization, engine),
    lastUse: flags.cloudtrail === undefined ? null : await lastUseIn(flags.cloudtrail),
  };
}

/** The same without an engine. */
function readOrganizationOf(flags: InventoryFlags): Organization {
  const inventories = [...inventoriesOf(flags.authorizationDetails ?? []), ...(flags.snapshots ?? []).map(readKept)];
  if (inventories.length === 0)
    throw new Error(
      'whose permissions? Name --authorization-details FILE (aws iam get-account-authorization-details > FILE)',
    );
  return {
    inventories,
    tree: flags.organization === undefined ? null : readOrganization(flags.organization),
    resources: [
      ...inventories.flatMap(({ resources }) => resources ?? []),
      ...(flags.resourcePolicies ?? []).flatMap(readResourcePolicies),
    ],
  };
}

function inventoriesOf(files: readonly string[]): readonly Inventory[] {
  if (files.length === 0) return [];
  const { inventories, problems } = parseAuthorizationDetails(files.map(readJson), instantAt(Date.now() / 1000));
  for (const { entity, detail } of problems) process.stderr.write(`left out ${entity}: ${detail}\n`);
  if (inventories.length > 0) return inventories;
  throw new UnusableFile(files.join(', '), [{ field: '', words: 'no users and roles in it' }]);
}

/** What may not be read any more is used as it is known, and whoever asks is told how old it is. */
function readKept(file: string): Inventory {
  const inventory = readSnapshot(file);
  for (const { part, takenAt, denied } of inventory.parts ?? [])
    if (denied)
      process.stderr.write(
        `${inventory.account}: ${part} is known as of ${takenAt ?? 'never'}, and could not be read since: ${denied.detail}\n`,
      );
  return inventory;
}

async function lastUseIn(paths: readonly string[]): Promise<LastUse> {
  const ledger = createLedger({ key: offlineKey, resources: false });
  await readLogs(paths, ledger.add);
  return lastUses(ledger.items());
}

/** Whom a person means; throws with what to write instead. */
export function principalIn({ inventories }: Organization, asked: string): PrincipalRecord {
  const found = findPrincipal(asked, inventories);
  if (found.ok) return found.value;
  if (found.error.reason === 'several')
    throw new Error(`${asked} may be any of these, name its ARN: ${found.error.arns.join(', ')}`);
  const accounts = inventories.map(({ account }) => account).join(', ');
  throw new Error(`${asked} is no user or role of ${accounts}: name an ARN, an id, user/NAME or role/NAME`);
}

/**
 * The actions that a person means; throws where it is none, and tells on stderr where no list of AWS's actions has it: it is
 * asked about as it is written.
 */
export function actionsAsked(written: string): readonly string[] {
  if (!/^(?:\*|[A-Za-z0-9*?-]+:[^:]+)$/.test(written))
    throw new Error(`${written} is no action: write SERVICE:NAME, like s3:GetObject or s3:*`);
  const meant = actionsMeant(written);
  if (meant.length === 1 && findAction(meant[0]!) === undefined)
    process.stderr.write(`AWS lists no action ${written}: it is asked about as it is written\n`);
  return meant;
}

/** Throws where a person's resource or owner is none. */
export function checkPlace(resource: string, { resourceAccount }: InventoryFlags): void {
  if (!/^(?:\*$|arn:)/.test(resource))
    throw new Error(`${resource} is no resource: write its whole ARN, like arn:aws:s3:::bucket/key, or '*'`);
  if (resourceAccount !== undefined && !/^\d{12}$/.test(resourceAccount))
    throw new Error(`--resource-account ${resourceAccount}: an AWS account id has twelve digits`);
}

/** The question of a command line. A session's ARN asks for that session, everything else for the principal itself. */
export function questionOf(flags: InventoryFlags, principal: string, action: string, resource: string): Question {
  const asked = questionAbout(principal, action, resource);
  return {
    ...asked,
    resourceAccount: flags.resourceAccount ?? asked.resourceAccount,
    context: contextOf(flags.context ?? []),
    unknown: flags.completeContext ? new Set<string>() : 'all',
  };
}

function contextOf(given: readonly string[]): ReadonlyMap<string, ContextValue> {
  const context = new Map<string, string[]>();
  for (const each of given) {
    const at = each.indexOf('=');
    if (at < 1) throw new Error(`--context ${each}: write KEY=VALUE, like aws:SourceIp=192.0.2.1`);
    const key = each.slice(0, at).toLowerCase();
    context.set(key, [...(context.get(key) ?? []), each.slice(at + 1)]);
  }
  return new Map([...context].map(([key, values]) => [key, values.length === 1 ? values[0]! : values]));
}
