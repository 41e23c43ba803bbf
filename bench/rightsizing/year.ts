import type { Organization, Question } from '../../core/access/organization.ts';
import { evaluate } from '../../core/access/reference/evaluate.ts';
import { createSituations } from '../../core/access/situations.ts';
import { parseAuthorizationDetails } from '../../core/identity/authorization-details.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import { matchesAction } from '../../core/policy/match.ts';
import { applied } from '../../core/rightsizing/applied.ts';
import { type LoggedUse, loggedUse } from '../../core/rightsizing/logged-use.ts';
import { removalRisk, type Share, shareOf, takenBy } from '../../core/rightsizing/removal-risk.ts';
import { type Evidence, type Rightsizing, rightsize } from '../../core/rightsizing/rightsize.ts';
import type { Day, Instant } from '../../core/time.ts';
import { offlineKey } from '../../core/usage/bounded.ts';
import { createLedger } from '../../core/usage/ledger.ts';
import { readLog } from '../../core/usage/log.ts';
import { type Excess, type SampleYear, sampleYear, type TrueCall } from '../../local/sample-organization/year.ts';

/** What became of a kind of excess. */
interface Gone {
  of: number;
  gone: number;
}

export interface YearFigures {
  seed: number;
  principals: number;
  events: number;
  proposals: number;
  undecided: Record<string, number>;
  /** Permissions taken, principal by principal. */
  removed: number;
  /** Of the months after: calls made, kinds of calls (principal and action), and how many of these kinds are denied now. */
  replayed: { calls: number; kinds: number };
  denied: { seen: string[]; kept: string[]; news: string[] };
  /** What was foretold of `news`, from month six on months seven to nine, and what came of it in the three months after. */
  risk: { named: Foretold; wildcard: Foretold };
  excess: {
    unused: Gone;
    escalation: Gone;
    /** Of the dangerous ones, besides: another holder of the same policy uses it, so that it stays with all of them. */
    escalationUsedByOthers: Gone;
    unobservable: Gone & { listed: number };
  };
  /** Unused excess that is still there, and why. */
  left: string[];
}

interface Foretold {
  measured: Share;
  /** Permissions taken at the end of month nine, and how many of them were asked for in months ten to twelve. */
  taken: number;
  again: number;
}

/** The last day of month nine: what is proposed is proposed then. */
const lastDay = '2026-09-30' as Day;

/**
 * A year of the sample organization: all that is proposed at the end of month nine is applied at once, and months ten to
 * twelve are replayed, also what no trail shows. The plain evaluator decides; what is excess, the generator knows.
 */
export function yearFigures(options: { seed: number; copies?: number }): YearFigures {
  const year = sampleYear(options);
  const { use, events } = nineMonths(year);
  const before = inventoriesOf(year);
  const evidence = before.map((inventory) => evidenceOf(inventory, use));
  const judged = evidence.map(rightsize);
  const after = before.map((inventory, i) => applied(inventory, judged[i]!));
  const all = judged.flat();
  const shown = replayed(year, deciderOf(before), deciderOf(after), all);
  return {
    seed: options.seed,
    principals: all.length,
    events,
    proposals: all.filter(({ status }) => status === 'proposed').length,
    undecided: countsOf(all),
    removed: all.reduce((sum, each) => sum + (each.status === 'proposed' ? each.removed.length : 0), 0),
    ...shown,
    risk: foretold(evidence, judged, shown.denied.news),
    ...excessLeft(year.excess, deciderOf(before), deciderOf(after), all),
  };
}

const evidenceOf = (inventory: Inventory, use: LoggedUse): Evidence => ({
  inventory,
  usage: use.of(inventory),
  cases: [],
  coverage: 'vouched',
  window: use.window(90),
  breakGlass: [],
  narrowResources: true,
  mayMakePolicies: true,
});

/** The organization's risk: its accounts measured one by one, and added up. */
function foretold(
  evidence: readonly Evidence[],
  judged: readonly (readonly Rightsizing[])[],
  news: readonly string[],
): YearFigures['risk'] {
  const measured = evidence.flatMap((each) => removalRisk(each) ?? []);
  const taken = evidence.flatMap((each, i) => judged[i]!.map((one) => takenBy(one, each)));
  const stratum = (kind: 'named' | 'wildcard'): Foretold => ({
    measured: shareOf(sum(measured.map((each) => each[kind].again)), sum(measured.map((each) => each[kind].of))),
    taken: sum(taken.map((each) => each[kind])),
    again: news.filter((each) => isNamed(each, evidence) === (kind === 'named')).length,
  });
  return { named: stratum('named'), wildcard: stratum('wildcard') };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function isNamed(kind: string, evidence: readonly Evidence[]): boolean {
  const [arn, action = ''] = kind.split(' ');
  const { inventory } = evidence.find((each) => each.usage.has(arn as string)) as Evidence;
  const principal = inventory.principals.find((each) => each.arn === arn);
  const texts = [
    ...(principal?.inline ?? []),
    ...(principal?.attached ?? []).flatMap((each) => inventory.managed.get(each) ?? []),
  ];
  return texts.some(({ text }) => text.includes(`"${action}"`));
}

const intake = {
  trust: 'trusted-by-operator',
  historic: false,
  latest: '2027-01-01T00:00:00Z' as Instant,
  account: null,
} as const;

function nineMonths(year: SampleYear) {
  const ledger = createLedger({ key: offlineKey, resources: true });
  let events = 0;
  for (const day of year.days.filter((each) => each <= lastDay)) {
    const text = JSON.stringify({ Records: year.recordsOf(day) });
    const log = readLog(text, day, intake);
    if (log.rejections.length > 0) throw new Error(`${day}: ${log.rejections[0]?.detail}`);
    for (const event of log.events) ledger.add(event);
    events += log.events.length;
  }
  return { use: loggedUse(ledger.items()), events };
}

function inventoriesOf(year: SampleYear): readonly Inventory[] {
  const documents = year.accounts.map((account) => year.authorizationDetails(account));
  const { inventories, problems } = parseAuthorizationDetails(documents, '2026-10-01T00:00:00Z' as Instant);
  if (problems.length > 0) throw new Error(problems[0]?.detail);
  return inventories;
}

function countsOf(judged: readonly Rightsizing[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of judged) {
    if (each.status === 'proposed') continue;
    const why = each.status === 'not-yet-decidable' ? each.reason : each.status;
    counts[why] = (counts[why] ?? 0) + 1;
  }
  return counts;
}

type Allows = (call: Pick<TrueCall, 'principal' | 'action' | 'region' | 'resource'>) => boolean;

function deciderOf(inventories: readonly Inventory[]): Allows {
  const organization: Organization = { inventories, tree: null, resources: [] };
  const situationOf = createSituations(organization);
  return ({ principal, action, region, resource }) => {
    const question: Question = {
      principal,
      principalKind: null,
      principalRoleArn: null,
      federatingUserArn: null,
      action,
      resource,
      resourceAccount: principal.split(':')[4] as string,
      context: new Map([['aws:requestedregion', region]]),
      unknown: new Set(),
      sessionPolicies: null,
      vpcEndpointPolicies: [],
    };
    return evaluate(situationOf(question)).outcome === 'allowed';
  };
}

function replayed(year: SampleYear, then: Allows, now: Allows, judged: readonly Rightsizing[]) {
  const kept = new Set(
    judged.flatMap((each) =>
      each.status === 'not-yet-decidable' && each.reason === 'kept-by-owner' ? [each.principal.arn] : [],
    ),
  );
  const seen = new Set<string>();
  const kinds = new Map<string, TrueCall>();
  let calls = 0;
  for (const day of year.days) {
    for (const call of year.callsOf(day)) {
      const kind = `${call.principal} ${call.action}`;
      if (day <= lastDay) seen.add(kind);
      else {
        calls += 1;
        kinds.set(`${kind} ${call.resource}`, call);
      }
    }
  }
  const denied = { seen: [] as string[], kept: [] as string[], news: [] as string[] };
  for (const call of kinds.values()) {
    if (!then(call)) throw new Error(`${call.principal} may not do ${call.action} to begin with`);
    if (now(call)) continue;
    const kind = `${call.principal} ${call.action}`;
    denied[seen.has(kind) ? 'seen' : kept.has(call.principal) ? 'kept' : 'news'].push(kind);
  }
  return { replayed: { calls, kinds: kinds.size }, denied };
}

function excessLeft(excess: readonly Excess[], then: Allows, now: Allows, judged: readonly Rightsizing[]) {
  const byArn = new Map(judged.map((each) => [each.principal.arn, each]));
  // What owners keep is no excess that anybody could take.
  const owned = excess.filter(({ principal }) => {
    const found = byArn.get(principal);
    return found?.status !== 'not-yet-decidable' || found.reason !== 'kept-by-owner';
  });
  const call = ({ principal, action }: Excess) => ({ principal, action, region: 'eu-central-1', resource: '*' });
  for (const each of excess)
    if (!then(call(each))) throw new Error(`${each.principal} was never granted ${each.action}`);
  const goneOf = (list: readonly Excess[]): Gone => ({
    of: list.length,
    gone: list.filter((each) => !now(call(each))).length,
  });
  const unseen = owned.filter(({ shows }) => !shows);
  const isListed = ({ principal, action }: Excess): boolean =>
    byArn.get(principal)?.kept.some((kept) => kept.why === 'unobservable' && matchesAction(kept.action, action)) ===
    true;
  const unused = owned.filter(({ shows }) => shows);
  const whyLeft = ({ principal, action, escalation }: Excess): string => {
    const kept = byArn.get(principal)?.kept.find((each) => matchesAction(each.action, action));
    return `${principal} ${action} (${kept?.why ?? byArn.get(principal)?.status})${escalation ? ' escalation' : ''}`;
  };
  return {
    excess: {
      unused: goneOf(unused),
      escalation: goneOf(unused.filter(({ escalation, usedByOthers }) => escalation && !usedByOthers)),
      escalationUsedByOthers: goneOf(unused.filter(({ escalation, usedByOthers }) => escalation && usedByOthers)),
      unobservable: { ...goneOf(unseen), listed: unseen.filter(isListed).length },
    },
    left: unused.filter((each) => now(call(each))).map(whyLeft),
  };
}
