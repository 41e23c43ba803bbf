import type { Because, Decision, InvalidIn, When } from '../decision.ts';
import type { Caller } from '../reference/caller.ts';
import { mayRetire, spokenByGrants } from '../reference/kms-grants.ts';
import { conditionHolds } from '../residual/facts.ts';
import { atomsOf, shown } from '../residual/formula.ts';
import type { Solution } from '../residual/solve.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, type Formulas, never } from './formula.ts';
import { hear, heardOf, silence } from './heard.ts';
import type { ListGroup, PolicyList } from './lists.ts';
import type { Queries, Row } from './queries.ts';
import type { Heard, Spoken } from './spoken.ts';
import type { Target } from './targets.ts';

/** Everything about one request but its context. */
export interface Asked {
  readonly environment: Environment;
  readonly target: Target;
  /** Of the resource's account. */
  readonly rcps: ListGroup;
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
  const { rcps, scps, endpoint, resource, identity, groups, boundary, session } = said;
  const all = [...rcps, ...scps, endpoint, resource, identity, groups, boundary, session];
  const denied = deniedBy(all, asked.environment.residuals.formulas);
  const granted = denied === always ? never : grantedBy(said, asked);
  return conclude(all, denied, granted, asked.environment);
}

/** When something that is heard denies. */
export function deniedBy(heard: readonly Heard[], formulas: Formulas): Formula {
  const denials: Formula[] = [];
  for (const { deny } of heard) if (deny !== never) denials.push(deny);
  return denials.length === 0 ? never : formulas.any(denials);
}

export const refused = (invalid: readonly InvalidIn[]): Decision => ({
  outcome: 'invalid-policy',
  because: [],
  when: null,
  invalid,
});

export const free: Decision = { outcome: 'allowed', because: [], when: null, invalid: [] };

function gather(asked: Asked, queries: Queries): Said {
  const { environment, target, session, endpoint } = asked;
  const { query, profile } = environment;
  const { caller, isSpared, own } = profile;
  const [identity, groups, boundary, ...scps] = hearAll(queries.rowsOf(query, own), environment);
  const isLimited = target.isUnderRcps && !isSpared && !target.isServiceLinked;
  const rcps = isLimited ? hearAll(queries.rowsOf(query, asked.rcps), environment) : nothing;
  const hasSession = session !== null && caller.account !== null && caller.kind !== 'root';
  return {
    rcps: isLimited ? heardRcps(rcps, environment) : nothing,
    scps,
    endpoint: listen(endpoint, environment, queries),
    resource: heardResource(listen(target.policy, environment, queries), target, environment),
    identity: identity!,
    groups: groups!,
    boundary: boundary!,
    session: hasSession ? listen(session, environment, queries) : silence,
  };
}

const nothing: readonly Heard[] = [];

function listen(list: PolicyList, environment: Environment, queries: Queries): Heard {
  return list.items.length === 0 ? silence : hear(queries.rowOf(environment.query, list), environment);
}

function hearAll(rows: readonly Row[], environment: Environment): readonly Heard[] {
  const heard: Heard[] = [];
  for (const row of rows) heard.push(hear(row, environment));
  return heard;
}

/** The management account's resources are outside RCPs. */
export function heardRcps(heard: readonly Heard[], environment: Environment): readonly Heard[] {
  const { profile, residuals } = environment;
  const { caller, isManagement } = profile;
  if (!isManagement || caller.account === null) return heard;
  const spared = residuals.formulas.not(ownedBy(caller.account, environment));
  const limited = ({ when, ...rest }: Spoken): Spoken => ({ ...rest, when: residuals.formulas.all([when, spared]) });
  return heard.map(({ spoken }) => heardOf(spoken.map(limited), environment));
}

export function heardResource(heard: Heard, { isRetiring, isKey, grants }: Target, environment: Environment): Heard {
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

export function grantedBy(
  said: Omit<Said, 'rcps'>,
  { environment, target, session, endpoint }: Omit<Asked, 'rcps'>,
): Formula {
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
function inSession(said: Pick<Said, 'session'>, session: PolicyList | null, kind: string): Formula {
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
  const { resourceAccount } = environment;
  if (resourceAccount !== null) return resourceAccount === account ? always : never;
  const owned = conditionHolds({ ...ownership, values: [account] }, '2012-10-17', environment.facts);
  return environment.residuals.fromTree(owned);
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
  const passing = passingOf(passes, environment);
  if (passing === 'always') return answer('allowed', all, isAllow);
  if (passing !== 'never') return { ...answer('conditional', all, isAny), when: whenOf(passes, passing, environment) };
  if (environment.solve(formulas.not(denied)) !== 'never') return answer('implicit-deny', all, isAny);
  const sure = answer('explicit-deny', all, isSureDeny);
  return sure.because.length > 0 ? sure : answer('explicit-deny', all, isDeny);
}

/** Under which completions a formula is true: all, none, or some with an example. */
export function passingOf(passes: Formula, environment: Environment): 'always' | Solution {
  if (passes === always) return 'always';
  const witness = environment.solve(passes);
  if (typeof witness === 'string') return witness;
  return environment.solve(environment.residuals.formulas.not(passes)) === 'never' ? 'always' : witness;
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

export function whenOf(passes: Formula, witness: Solution, { residuals }: Environment): When {
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
