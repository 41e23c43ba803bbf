import type { Because, Decision, InvalidIn, When } from '../decision.ts';
import { type Caller, isServiceLinked } from '../reference/caller.ts';
import { mayRetire, spokenByGrants } from '../reference/kms-grants.ts';
import { conditionHolds } from '../residual/facts.ts';
import { atomsOf, shown } from '../residual/formula.ts';
import type { Solution } from '../residual/solve.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { hear, heardOf, silence } from './heard.ts';
import type { PolicyList } from './lists.ts';
import type { Queries } from './queries.ts';
import type { Heard, Spoken } from './spoken.ts';
import type { Target } from './targets.ts';

/** Everything about one request but its context. */
export interface Asked {
  readonly environment: Environment;
  readonly target: Target;
  /** Of the resource's account. */
  readonly rcps: readonly PolicyList[];
  /** null: the session was made without any. */
  readonly session: PolicyList | null;
  readonly endpoint: PolicyList;
}

/** What every layer says. */
interface Said {
  readonly rcps: readonly Heard[];
  readonly scps: readonly Heard[];
  readonly endpoint: Heard;
  readonly resource: Heard;
  readonly identity: Heard;
  readonly groups: Heard;
  readonly boundary: Heard;
  readonly session: Heard;
}

/** The plain evaluator's steps over compiled policies. `invalid`: the policies that bear on it and cannot be read. */
export function decide(asked: Asked, queries: Queries): Decision {
  const said = gather(asked, queries);
  const { formulas } = asked.environment.residuals;
  const all = [
    ...said.rcps,
    ...said.scps,
    said.endpoint,
    said.resource,
    said.identity,
    said.groups,
    said.boundary,
    said.session,
  ];
  const denied = formulas.any(all.map(({ deny }) => deny));
  const granted = denied === always ? never : grantedBy(said, asked);
  return conclude(all, denied, granted, asked.environment);
}

export const refused = (invalid: readonly InvalidIn[]): Decision => ({
  outcome: 'invalid-policy',
  because: [],
  when: null,
  invalid,
});

export const free: Decision = { outcome: 'allowed', because: [], when: null, invalid: [] };

function gather({ environment, target, rcps, session, endpoint }: Asked, queries: Queries): Said {
  const { profile, query } = environment;
  const { caller, holder, guard, isManagement } = profile;
  const listen = (list: PolicyList | null | undefined): Heard =>
    list && list.items.length > 0 ? hear(queries.rowOf(query, list), environment) : silence;
  const hasOwn = caller.account !== null && caller.kind !== 'root';
  const own = (list: PolicyList | null | undefined): Heard => (hasOwn ? listen(list) : silence);
  const spared = isServiceLinked(caller);
  return {
    rcps: target.isUnderRcps && !spared && !target.isServiceLinked ? heardRcps(rcps.map(listen), environment) : [],
    scps: caller.account !== null && !isManagement && !spared ? guard.scps.map(listen) : [],
    endpoint: listen(endpoint),
    resource: heardResource(listen(target.policy), target, environment),
    identity: own(holder?.identity),
    groups: own(holder?.groups),
    boundary: own(holder?.boundary),
    session: own(session),
  };
}

/** The management account's resources are outside RCPs. */
function heardRcps(heard: readonly Heard[], environment: Environment): readonly Heard[] {
  const { profile, residuals } = environment;
  const { caller, isManagement } = profile;
  if (!isManagement || caller.account === null) return heard;
  const spared = residuals.formulas.not(ownedBy(caller.account, environment));
  const limited = ({ when, ...rest }: Spoken): Spoken => ({ ...rest, when: residuals.formulas.all([when, spared]) });
  return heard.map(({ spoken }) => heardOf(spoken.map(limited), environment));
}

function heardResource(heard: Heard, { isRetiring, isKey, grants }: Target, environment: Environment): Heard {
  if (!isRetiring && (!isKey || grants.length === 0)) return heard;
  const { residuals } = environment;
  const policy = heard.spoken.filter(({ because }) => because.effect === 'Deny' || !isRetiring);
  const granted = spokenByGrants(isKey ? grants : [], environment).map(
    ({ because, when, named }): Spoken => ({
      because,
      when: residuals.fromTree(when),
      named: {
        itself: residuals.fromTree(named.itself),
        behind: residuals.fromTree(named.behind),
        account: residuals.fromTree(named.account),
      },
    }),
  );
  return heardOf([...policy, ...granted], environment);
}

function grantedBy(said: Said, { environment, target, session, endpoint }: Asked): Formula {
  const { formulas } = environment.residuals;
  const { caller, holder } = environment.profile;
  const guardrails = [
    ...said.scps.map(({ allow }) => allow),
    endpoint.items.length === 0 ? always : said.endpoint.allow,
  ];
  const itself = formulas.any([allowedAs('itself', said.resource, environment), retiringAs(target, environment)]);
  if (caller.account === null) return formulas.all([...guardrails, itself]);
  const isRoot = caller.kind === 'root';
  if (isRoot && target.isTrust) return never;
  const behind = allowedAs('behind', said.resource, environment);
  const account = allowedAs('account', said.resource, environment);
  const limits = formulas.all([
    isRoot || !holder?.boundary ? always : said.boundary.allow,
    inSession(said, session, caller.kind),
  ]);
  const own = actsAsRoot(caller) ? always : formulas.any([said.identity.allow, said.groups.allow]);
  const identity = formulas.all([own, limits]);
  const same = formulas.any([
    itself,
    formulas.all([behind, limits]),
    target.needsBoth ? formulas.all([account, identity]) : identity,
  ]);
  const other = formulas.all([formulas.any([itself, behind, account]), identity]);
  const isOwner = ownedBy(caller.account, environment);
  const granted = formulas.any([formulas.all([isOwner, same]), formulas.all([formulas.not(isOwner), other])]);
  return formulas.all([...guardrails, granted]);
}

/** The root user needs no policy, and neither does who federates from it. */
const actsAsRoot = ({ kind, behind }: Caller): boolean => kind === 'root' || behind?.endsWith(':root') === true;

/** Where no grant of a key is known, one may exist. */
function retiringAs({ isRetiring, grants }: Target, environment: Environment): Formula {
  return isRetiring ? environment.residuals.fromTree(mayRetire(grants, environment)) : never;
}

/** A session has what its policies allow; without any, a role's has all of the role's, a federated user's nothing. */
function inSession(said: Said, session: PolicyList | null, kind: string): Formula {
  if (kind !== 'role' && kind !== 'federated-user') return always;
  if (session === null || session.items.length === 0) return kind === 'role' ? always : never;
  return said.session.allow;
}

function allowedAs(name: 'itself' | 'behind' | 'account', { spoken }: Heard, { residuals }: Environment): Formula {
  const parts: Formula[] = [];
  for (const { because, when, named } of spoken) {
    if (because.effect === 'Allow' && named[name] !== never) parts.push(residuals.formulas.all([when, named[name]]));
  }
  return parts.length === 0 ? never : residuals.formulas.any(parts);
}

function ownedBy(account: string, environment: Environment): Formula {
  const { resourceAccount, residuals, facts } = environment;
  if (resourceAccount !== null) return resourceAccount === account ? always : never;
  return residuals.fromTree(conditionHolds({ ...ownership, values: [account] }, '2012-10-17', facts));
}

const ownership = {
  operator: 'StringEquals',
  test: { quantifier: null, name: 'StringEquals', ifExists: false },
  key: 'aws:ResourceAccount',
} as const;

function conclude(all: readonly Heard[], denied: Formula, granted: Formula, environment: Environment): Decision {
  const { residuals } = environment;
  const { formulas } = residuals;
  const passes = formulas.all([granted, formulas.not(denied)]);
  const solve = (formula: Formula): Solution => environment.solve(formula);
  if (passes === always) return answer('allowed', all, isAllow);
  const witness = solve(passes);
  if (witness === 'never') {
    if (solve(formulas.not(denied)) !== 'never') return answer('implicit-deny', all, isAny);
    const sure = answer('explicit-deny', all, isSureDeny);
    return sure.because.length > 0 ? sure : answer('explicit-deny', all, isDeny);
  }
  if (witness !== 'unsettled' && solve(formulas.not(passes)) === 'never') return answer('allowed', all, isAllow);
  return { ...answer('conditional', all, isAny), when: whenOf(passes, witness, environment) };
}

const isAny = (): boolean => true;
const isAllow = ({ because }: Spoken): boolean => because.effect === 'Allow';
const isDeny = ({ because }: Spoken): boolean => because.effect === 'Deny';
const isSureDeny = ({ because, when }: Spoken): boolean => because.effect === 'Deny' && when === always;

function answer(outcome: Decision['outcome'], all: readonly Heard[], isMeant: (spoken: Spoken) => boolean): Decision {
  const because: Because[] = [];
  for (const { spoken } of all) for (const each of spoken) if (isMeant(each)) because.push(each.because);
  return { outcome, because, when: null, invalid: [] };
}

const spelled = (key: string): string => (key === 'aws:currenttime' ? 'aws:CurrentTime' : key);

function whenOf(passes: Formula, witness: Solution, { residuals }: Environment): When {
  const tree = residuals.toTree(passes);
  if (typeof tree === 'boolean') throw new Error('a settled formula is not conditional');
  const written = new Map([...atomsOf(tree).values()].map(({ shown: { key } }) => [key.toLowerCase(), key] as const));
  const values = typeof witness === 'string' ? [] : [...witness];
  return {
    condition: shown(tree),
    witness: Object.fromEntries(
      values
        .map(
          ([key, value]) => [written.get(key) ?? spelled(key), value.length > 1 ? value : (value[0] ?? null)] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}
