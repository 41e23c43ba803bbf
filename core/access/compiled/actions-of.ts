import type { InvalidIn } from '../decision.ts';
import type { Question } from '../organization.ts';
import { someGrantRetires } from '../reference/kms-grants.ts';
import { type Above, Aboves, allowedBy, deniedNotBy } from './above.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { LargeReader, type OpenPart, type Said } from './at-large.ts';
import { type Bits, bitsFor, hasBit, setBit, unite } from './bits.ts';
import type { CallerProfile } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { passingOf } from './decide.ts';
import { Environment } from './environment.ts';
import { evaluateIn, invalidIn, isFree } from './evaluate.ts';
import type { Formula } from './formula.ts';

/** What a principal may do at Resource `*` in its own account, nothing known of the calls; by the catalogue's numbers. */
export interface ActionsOf {
  allowed: Bits;
  conditional: Bits;
  /** Policies that cannot be read: then nothing is said. */
  invalid: readonly InvalidIn[];
}

/** Answers for principals one after the other; what documents say is found once. */
export function createActionsOf(compiled: Compiled): (principal: string) => ActionsOf {
  let parts: Parts | undefined;
  return (principal) => {
    parts ??= partsOf(compiled);
    return actionsOf(principal, compiled, parts);
  };
}

interface Parts {
  numbers: ActionNumbers;
  reader: LargeReader;
  aboves: Aboves;
  /** Of one principal after the other. */
  own: Own;
}

/** What an identity's own policies say, and what of it is about a condition. */
interface Own extends Said {
  open: OpenPart[];
  may: Bits;
  touched: Bits;
}

function partsOf({ documents, residuals }: Compiled): Parts {
  const numbers = actionNumbers();
  const reader = new LargeReader(documents, numbers);
  const bits = (): Bits => bitsFor(numbers.known);
  const own = { allow: bits(), deny: bits(), open: [], may: bits(), touched: bits() };
  return { numbers, reader, aboves: new Aboves(reader, residuals.formulas), own };
}

function actionsOf(principal: string, compiled: Compiled, { numbers, reader, aboves, own }: Parts): ActionsOf {
  const { callers, actions, targets, guardOf, residuals } = compiled;
  const who = { principal, principalKind: null, principalRoleArn: null, federatingUserArn: null };
  const profile = callers.profileOf(who);
  const account = profile.caller.account ?? '';
  const found: ActionsOf = { allowed: bitsFor(numbers.known), conditional: bitsFor(numbers.known), invalid: [] };
  const question: Question = {
    ...who,
    action: '*',
    resource: '*',
    resourceAccount: account,
    context: new Map(),
    unknown: 'all',
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  };
  const target = targets.targetOf(targets.placeOf('*'), actions.named('*').traits);
  const guard = guardOf(account);
  const invalid = invalidIn(profile, guard, [compiled.noEndpoint, target.attached], null);
  if (invalid.length > 0) return { ...found, invalid };
  if (!profile.holder) {
    for (const [number, action] of numbers.names.entries())
      settle(found, number, evaluateIn(compiled, { ...question, action }).outcome);
    return found;
  }
  const environment = new Environment(question, profile, { guard, account }, residuals);
  const above = aboves.of(profile, environment);
  tellOwn(own, profile, environment, reader);
  decideAll(found, own, above, environment);
  decideSpecial(found, { own, above, profile, environment }, compiled);
  return found;
}

function settle({ allowed, conditional }: ActionsOf, number: number, outcome: string): void {
  for (const bits of [allowed, conditional]) bits[number >>> 5]! &= ~(1 << (number & 31));
  if (outcome === 'allowed' || outcome === 'always') setBit(allowed, number);
  else if (outcome === 'conditional' || outcome === 'some') setBit(conditional, number);
}

function tellOwn(own: Own, profile: CallerProfile, environment: Environment, reader: LargeReader): void {
  const [identity, groups] = profile.own.lists;
  const lists = [identity!, groups!];
  own.allow.fill(0);
  own.deny.fill(0);
  own.touched.fill(0);
  own.open = [];
  reader.tell(lists, reader.whens(lists, environment), own);
  own.may.set(own.allow);
  for (const { bits, effect } of own.open) {
    unite(own.touched, bits);
    if (effect === 'Allow') unite(own.may, bits);
  }
}

/** Word by word; what a condition is about is decided once for all actions that are alike. */
function decideAll({ allowed, conditional }: ActionsOf, own: Own, above: Above, environment: Environment): void {
  const passing = passingAt(own, above, environment);
  for (let i = 0; i < allowed.length; i++) {
    const may = own.may[i]! & above.may[i]! & ~(own.deny[i]! | above.deny[i]!);
    if (may === 0) continue;
    const touched = own.touched[i]! | above.touched[i]!;
    allowed[i] = may & ~touched;
    for (let left = may & touched; left !== 0; ) {
      const low = left & -left;
      left ^= low;
      const answer = passing(i * 32 + (31 - Math.clz32(low)));
      if (answer === 'always') allowed[i]! |= low;
      else if (answer === 'some') conditional[i]! |= low;
    }
  }
}

type Passing = 'always' | 'never' | 'some';

/** Beyond this an action's own statements do not fit into one number with the formula above them. */
const mostOpen = 16;

/** Answers for actions that a condition is about; neighbours mostly have one answer. */
function passingAt(own: Own, above: Above, environment: Environment): (action: number) => Passing {
  const { formulas } = environment.residuals;
  const known = new Map<number, Passing>();
  let [last, lastPassing]: [number, Passing] = [-1, 'never'];
  return (action) => {
    const passes = above.passes(action);
    const mask = hasBit(own.touched, action) ? maskOf(action, own) : 0;
    const name = passes * 2 ** mostOpen + mask;
    if (name === last) return lastPassing;
    let passing = own.open.length < mostOpen ? known.get(name) : undefined;
    if (passing === undefined) {
      const all = [passes, allowedBy(own, action, formulas), deniedNotBy(own, action, formulas)];
      passing = passingOfFormula(formulas.all(all), environment);
      known.set(name, passing);
    }
    if (own.open.length < mostOpen) [last, lastPassing] = [name, passing];
    return passing;
  };
}

/** Which of the own statements speak of the action; 0 where it is allowed and none of the open ones does. */
function maskOf(action: number, { allow, open }: Own): number {
  let mask = hasBit(allow, action) ? 0 : 1;
  for (let i = 0; i < open.length; i++) if (hasBit(open[i]!.bits, action)) mask |= 2 << i;
  return mask;
}

function passingOfFormula(passes: Formula, environment: Environment): Passing {
  const passing = passingOf(passes, environment);
  return passing === 'always' || passing === 'never' ? passing : 'some';
}

interface Deciding {
  own: Own;
  above: Above;
  profile: CallerProfile;
  environment: Environment;
}

/** Actions that have rules of their own: some callers need no permission for them, and a grant may let one be retired. */
function decideSpecial(found: ActionsOf, deciding: Deciding, { actions }: Compiled): void {
  for (const action of ['sts:GetCallerIdentity', 'sts:GetSessionToken']) {
    const { number, traits } = actions.named(action);
    if (traits.isFreeFor !== null && isFree(traits.isFreeFor, deciding.profile.caller)) settle(found, number, 'always');
  }
  const { number } = actions.named('kms:RetireGrant');
  settle(found, number, retiring(number, deciding));
}

function retiring(action: number, { own, above, environment }: Deciding): Passing {
  const { residuals } = environment;
  const { formulas } = residuals;
  if (hasBit(own.deny, action) || hasBit(above.deny, action)) return 'never';
  const all: Formula[] = [deniedNotBy(own, action, formulas)];
  let identity = allowedBy(own, action, formulas);
  for (const side of above.sides) {
    const allowed = allowedBy(side, action, formulas);
    if (side.isBoundary) identity = formulas.both(identity, allowed);
    else all.push(allowed);
    all.push(deniedNotBy(side, action, formulas));
  }
  all.push(formulas.either(residuals.fromTree(someGrantRetires), identity));
  return passingOfFormula(formulas.all(all), environment);
}
