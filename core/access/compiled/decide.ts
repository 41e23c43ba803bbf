import type { Because, Decision, InvalidIn, When } from '../decision.ts';
import { isInterfaceEndpoint, mayComeByGateway } from '../reference/endpoints.ts';
import { isGrantEnough, mayRetire, spokenByGrants } from '../reference/kms-grants.ts';
import { conditionHolds } from '../residual/facts.ts';
import { atomsOf, shown } from '../residual/formula.ts';
import type { Solution } from '../residual/solve.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, type Formulas, never } from './formula.ts';
import { heardOf, silence } from './heard.ts';
import type { GroupOf, ListGroup, PolicyList } from './lists.ts';
import type { NamedAction } from './named-actions.ts';
import type { Heard, Spoken } from './spoken.ts';
import type { Place, Target } from './targets.ts';
import type { Verdicts } from './verdicts.ts';
import type { Voices } from './voices.ts';

/** Everything about one request but its context. */
export interface Asked {
  readonly environment: Environment;
  readonly target: Target;
  readonly action: NamedAction;
  readonly place: Place;
  /** Of the resource's account. */
  readonly rcps: ListGroup;
  /** null: the session was made without any. */
  readonly session: PolicyList | null;
  readonly endpoint: PolicyList;
  readonly groupOf: GroupOf;
  readonly verdicts: Verdicts;
}

/** What every layer says. */
interface Said {
  readonly rcps: Heard;
  /** Of all levels together. */
  readonly scps: Heard;
  /** Whether there are any. */
  readonly hasLevels: boolean;
  readonly endpoint: Heard;
  readonly resource: Heard;
  readonly identity: Heard;
  readonly groups: Heard;
  readonly boundary: Heard;
  readonly session: Heard;
}

/** The plain evaluator's steps over compiled policies. */
export function decide(asked: Asked, voices: Voices): Decision {
  const said = gather(asked, voices);
  const traits = traitsOf(said, asked);
  if (traits === open) return weigh(said, asked);
  const known = asked.verdicts.get(said, traits);
  if (known !== undefined) return known;
  const made = weigh(said, asked);
  asked.verdicts.set(said, traits, made);
  return made;
}

const open = -1;

/**
 * What decides beside what the layers say, as bits; `open` where something of the request is, or where a session or an
 * endpoint has its own policies.
 */
function traitsOf(said: Said, { environment, target, session, endpoint }: Asked): number {
  const { rcps, scps, resource, identity, groups, boundary } = said;
  const isSettled =
    rcps.id !== 0 &&
    scps.id !== 0 &&
    resource.id !== 0 &&
    identity.id !== 0 &&
    groups.id !== 0 &&
    boundary.id !== 0 &&
    endpoint.items.length === 0 &&
    (session === null || session.items.length === 0) &&
    !target.isRetiring;
  const { profile, resourceAccount, owner } = environment;
  if (!isSettled || resourceAccount === null) return open;
  return profile.traits | target.traits | (profile.home === owner ? 1 : 0);
}

function weigh(said: Said, asked: Asked): Decision {
  const { environment } = asked;
  const denied = deniedIn(said, environment.residuals.formulas);
  const granted = denied === always ? never : grantedBy(said, asked);
  return conclude(said, denied, granted, environment);
}

function deniedIn(
  { rcps, scps, endpoint, resource, identity, groups, boundary, session }: Said,
  formulas: Formulas,
): Formula {
  let denied = formulas.either(rcps.deny, endpoint.deny);
  denied = formulas.either(denied, scps.deny);
  denied = formulas.either(denied, resource.deny);
  denied = formulas.either(denied, identity.deny);
  denied = formulas.either(denied, groups.deny);
  denied = formulas.either(denied, boundary.deny);
  return formulas.either(denied, session.deny);
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

function gather({ environment, target, action, place, rcps, session, endpoint, groupOf }: Asked, voices: Voices): Said {
  const { caller, isSpared, isManagement, hasLevels } = environment.profile;
  const { identity, groups, boundary, scps } = voices.chordOf(environment.profile, action);
  const isLimited = target.isUnderRcps && !isSpared && !target.isServiceLinked;
  const limits = isLimited ? voices.hear(rcps, action, place, environment) : silence;
  const resource = voices.hear(target.policyGroup, action, place, environment);
  const hasSession = session !== null && caller.account !== null && caller.kind !== 'root';
  return {
    rcps: isManagement ? heardRcps([limits], environment)[0]! : limits,
    scps: voices.sound(scps, place, environment),
    hasLevels,
    endpoint:
      endpoint.items.length === 0
        ? silence
        : heardAtEndpoint(voices.hear(groupOf([endpoint]), action, place, environment), action, environment),
    resource: heardResource(resource, target, environment),
    identity: voices.sound(identity, place, environment),
    groups: voices.sound(groups, place, environment),
    boundary: voices.sound(boundary, place, environment),
    session: hasSession ? voices.hear(groupOf([session]), action, place, environment) : silence,
  };
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

export function heardResource(heard: Heard, target: Target, environment: Environment): Heard {
  const { isRetiring, isKey, grants, isOnBucketPolicy } = target;
  if (isOnBucketPolicy) return sparingRoot(heard, environment);
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

/** At a gateway endpoint an account's name lets in its root user only. */
export function heardAtEndpoint(heard: Heard, { lower }: NamedAction, environment: Environment): Heard {
  if (environment.profile.caller.kind === 'root' || !mayComeByGateway(lower)) return heard;
  const isByAccount = ({ because, named }: Spoken): boolean => because.effect === 'Allow' && named.account !== never;
  if (!heard.spoken.some(isByAccount)) return heard;
  const { formulas } = environment.residuals;
  const isInterface = environment.residuals.fromTree(isInterfaceEndpoint);
  const limited = (each: Spoken): Spoken => {
    if (!isByAccount(each)) return each;
    const { itself, behind, account } = each.named;
    const named = formulas.either(formulas.either(itself, behind), formulas.both(account, isInterface));
    return { ...each, when: formulas.both(each.when, named) };
  };
  return heardOf(heard.spoken.map(limited), environment);
}

/** A bucket's policy cannot lock its owner's root user out of the policy itself. */
function sparingRoot(heard: Heard, environment: Environment): Heard {
  const { account, kind } = environment.profile.caller;
  if (kind !== 'root' || account === null || heard.deny === never) return heard;
  const { formulas } = environment.residuals;
  const elsewhere = formulas.not(ownedBy(account, environment));
  const spared = heard.spoken.map((each) =>
    each.because.effect === 'Allow' ? each : { ...each, when: formulas.both(each.when, elsewhere) },
  );
  return heardOf(
    spared.filter(({ when }) => when !== never),
    environment,
  );
}

export function grantedBy(
  said: Omit<Said, 'rcps'>,
  { environment, target, session, endpoint }: Pick<Asked, 'environment' | 'target' | 'session' | 'endpoint'>,
): Formula {
  const { formulas } = environment.residuals;
  const { caller, holder, actsAsRoot } = environment.profile;
  let guardrails = endpoint.items.length === 0 ? always : said.endpoint.allow;
  if (said.hasLevels) guardrails = formulas.both(guardrails, said.scps.allow);
  if (guardrails === never) return never;
  const { resource } = said;
  const itself = formulas.either(allowedAs('itself', resource, formulas), retiringAs(target, environment));
  if (caller.account === null) return formulas.both(guardrails, itself);
  const isRoot = caller.kind === 'root';
  if (isRoot && target.isTrust) return never;
  const behind = allowedAs('behind', resource, formulas);
  const account = allowedAs('account', resource, formulas);
  const limits = formulas.both(
    isRoot || !holder?.boundary ? always : said.boundary.allow,
    inSession(said, session, caller.kind),
  );
  const own = actsAsRoot ? always : formulas.either(said.identity.allow, said.groups.allow);
  const identity = formulas.both(own, limits);
  const same = formulas.either(
    formulas.either(itself, formulas.both(behind, limits)),
    target.needsBoth ? formulas.both(account, identity) : identity,
  );
  const named = formulas.either(formulas.either(itself, behind), account);
  const byBoth = formulas.both(named, identity);
  const other = target.isKeptHome ? never : formulas.either(byBoth, formulas.both(byGrant(said, environment), limits));
  const isOwner = ownedBy(caller.account, environment);
  const granted = formulas.either(formulas.both(isOwner, same), formulas.both(formulas.not(isOwner), other));
  return formulas.both(guardrails, granted);
}

/** When a grant alone lets in somebody of another account. */
function byGrant({ resource }: Pick<Said, 'resource'>, environment: Environment): Formula {
  const grants = resource.spoken.filter(({ because }) => because.layer === 'kmsGrants');
  if (grants.length === 0) return never;
  const { residuals } = environment;
  const { formulas } = residuals;
  const granted = grants.map(({ when, named }) => formulas.both(when, formulas.either(named.itself, named.behind)));
  return formulas.both(formulas.any(granted), residuals.fromTree(isGrantEnough(environment)));
}

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

function allowedAs(name: 'itself' | 'behind' | 'account', { spoken }: Heard, formulas: Formulas): Formula {
  let allowed: Formula = never;
  for (const { because, when, named } of spoken) {
    if (because.effect === 'Allow') allowed = formulas.either(allowed, formulas.both(when, named[name]));
  }
  return allowed;
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

function conclude(said: Said, denied: Formula, granted: Formula, environment: Environment): Decision {
  const { formulas } = environment.residuals;
  const passes = formulas.both(granted, formulas.not(denied));
  const passing = passingOf(passes, environment);
  if (passing === 'always') return answer('allowed', said, 'Allow', never);
  if (passing !== 'never') {
    return { ...answer('conditional', said, null, never), when: whenOf(passes, passing, environment) };
  }
  if (environment.solve(formulas.not(denied)) !== 'never') return answer('implicit-deny', said, null, never);
  const sure = answer('explicit-deny', said, 'Deny', always);
  return sure.because.length > 0 ? sure : answer('explicit-deny', said, 'Deny', never);
}

/** Under which completions a formula is true: all, none, or some with an example. */
export function passingOf(passes: Formula, environment: Environment): 'always' | Solution {
  if (passes === always) return 'always';
  if (passes === never) return 'never';
  const witness = environment.solve(passes);
  if (typeof witness === 'string') return witness;
  return environment.solve(environment.residuals.formulas.not(passes)) === 'never' ? 'always' : witness;
}

type Effect = Because['effect'];

/** With the statements of that effect; `when`: only those that speak whatever is left open, unless never. */
function answer(outcome: Decision['outcome'], said: Said, effect: Effect | null, when: Formula): Decision {
  const because: Because[] = [];
  add(because, said.rcps, effect, when);
  add(because, said.scps, effect, when);
  add(because, said.endpoint, effect, when);
  add(because, said.resource, effect, when);
  add(because, said.identity, effect, when);
  add(because, said.groups, effect, when);
  add(because, said.boundary, effect, when);
  add(because, said.session, effect, when);
  return { outcome, because, when: null, invalid: none };
}

const none: readonly InvalidIn[] = [];

function add(because: Because[], { spoken }: Heard, effect: Effect | null, when: Formula): void {
  for (const each of spoken) {
    if ((effect === null || each.because.effect === effect) && (when === never || each.when === when)) {
      because.push(each.because);
    }
  }
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
