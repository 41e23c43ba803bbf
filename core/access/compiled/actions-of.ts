import type { InvalidIn } from '../decision.ts';
import type { Question } from '../organization.ts';
import { isUnderRcps } from '../rcp-services.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { membersAsBits } from './action-set.ts';
import { type Bits, bitsFor, eachBit, hasBit, intersect, setBit, subtract, unite } from './bits.ts';
import type { CallerProfile } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { passingOf } from './decide.ts';
import type { CompiledStatement, Document } from './documents.ts';
import { Environment } from './environment.ts';
import { evaluateIn, invalidIn } from './evaluate.ts';
import { always, type Formula, never } from './formula.ts';
import { type Match, spokenIn } from './heard.ts';
import type { PolicyList } from './lists.ts';
import { reachOf } from './reach.ts';

/** What a principal may do at Resource `*` in its own account, nothing known of the calls; by the catalogue's numbers. */
export interface ActionsOf {
  allowed: Bits;
  conditional: Bits;
  /** Policies that cannot be read: then nothing is said. */
  invalid: readonly InvalidIn[];
}

/** What a document says at Resource `*`. */
interface AtLarge {
  allow: Bits;
  deny: Bits;
  /** Statements that need a request's context, each with its actions. */
  open: readonly { match: Match; bits: Bits }[];
}

/** One thing that must allow: the identity's policies together, a boundary, a level of SCPs. */
interface Side {
  allow: Bits;
  open: readonly OpenPart[];
}

interface OpenPart {
  bits: Bits;
  when: Formula;
  effect: 'Allow' | 'Deny';
}

/** Actions that have rules of their own. */
const special = ['sts:GetCallerIdentity', 'sts:GetSessionToken', 'kms:RetireGrant'];

/** Answers for principals one after the other; what documents say is found once. */
export function createActionsOf(compiled: Compiled): (principal: string) => ActionsOf {
  const numbers = actionNumbers();
  let reader: LargeReader | undefined;
  return (principal) => {
    reader ??= new LargeReader(compiled, numbers);
    return actionsOf(principal, compiled, numbers, reader);
  };
}

function actionsOf(principal: string, compiled: Compiled, numbers: ActionNumbers, reader: LargeReader): ActionsOf {
  const { callers, actions, targets, guardOf, residuals } = compiled;
  const who = { principal, principalKind: null, principalRoleArn: null, federatingUserArn: null };
  const profile = callers.profileOf(who);
  const { caller } = profile;
  const found: ActionsOf = { allowed: bitsFor(numbers.known), conditional: bitsFor(numbers.known), invalid: [] };
  const account = caller.account ?? '';
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
  const environment = new Environment(question, profile, { guard, account }, residuals);
  if (profile.holder) decideAll(found, sidesOf(profile, environment, reader), environment);
  const others = profile.holder ? special : numbers.names;
  for (const action of others)
    settle(found, numbers.byName.get(action.toLowerCase())!, evaluateIn(compiled, { ...question, action }).outcome);
  return found;
}

function settle({ allowed, conditional }: ActionsOf, number: number, outcome: string): void {
  for (const bits of [allowed, conditional]) bits[number >>> 5]! &= ~(1 << (number & 31));
  if (outcome === 'allowed') setBit(allowed, number);
  else if (outcome === 'conditional') setBit(conditional, number);
}

interface Sides {
  /** All must allow. */
  sides: readonly Side[];
  /** What is denied whatever the context. */
  deny: Bits;
}

function sidesOf(
  { own, guard, holder, isManagement, isSpared }: CallerProfile,
  environment: Environment,
  reader: LargeReader,
): Sides {
  const [identity, groups, boundary, ...scps] = own.lists;
  const deny = bitsFor(reader.size);
  const sides = [reader.side([identity!, groups!], environment, deny)];
  if (holder?.boundary) sides.push(reader.side([boundary!], environment, deny));
  for (const level of scps) sides.push(reader.side([level], environment, deny));
  if (!isSpared && !isManagement) sides.push(reader.limits(guard.rcps.lists, environment, deny));
  return { sides, deny };
}

function decideAll(found: ActionsOf, { sides, deny }: Sides, environment: Environment): void {
  const touched = bitsFor(found.allowed.length * 32);
  const possible = bitsFor(found.allowed.length * 32).fill(0xffffffff);
  found.allowed.set(possible);
  for (const { allow, open } of sides) {
    const may = allow.slice();
    for (const { bits, effect } of open) {
      unite(touched, bits);
      if (effect === 'Allow') unite(may, bits);
    }
    intersect(possible, may);
    intersect(found.allowed, allow);
  }
  subtract(possible, deny);
  subtract(found.allowed, deny);
  subtract(found.allowed, touched);
  intersect(possible, touched);
  const known = new Map<string, 'always' | 'never' | 'some'>();
  eachBit(possible, (action) => {
    const name = signatureOf(action, sides);
    const passing = known.get(name) ?? passingAt(action, sides, environment);
    known.set(name, passing);
    if (passing === 'always') setBit(found.allowed, action);
    else if (passing === 'some') setBit(found.conditional, action);
  });
}

/** Actions that the same statements speak of are alike. */
function signatureOf(action: number, sides: readonly Side[]): string {
  let name = '';
  for (const { allow, open } of sides) {
    name += hasBit(allow, action) ? '+' : '-';
    for (let i = 0; i < open.length; i++) if (hasBit(open[i]!.bits, action)) name += String.fromCharCode(48 + i);
  }
  return name;
}

function passingAt(action: number, sides: readonly Side[], environment: Environment): 'always' | 'never' | 'some' {
  const { formulas } = environment.residuals;
  const all: Formula[] = [];
  for (const { allow, open } of sides) {
    const may: Formula[] = [hasBit(allow, action) ? always : never];
    for (const { bits, when, effect } of open) {
      if (!hasBit(bits, action)) continue;
      if (effect === 'Allow') may.push(when);
      else all.push(formulas.not(when));
    }
    all.push(formulas.any(may));
  }
  const passing = passingOf(formulas.all(all), environment);
  return passing === 'always' || passing === 'never' ? passing : 'some';
}

/** Reads documents at Resource `*`, each once. */
class LargeReader {
  readonly size: number;
  readonly #compiled: Compiled;
  readonly #known = new Map<Document, AtLarge>();
  readonly #members = new Map<CompiledStatement['actions'], Bits>();
  readonly #underRcps: Bits;
  #matched = bitsFor(0);
  #matchedOf = -1;

  constructor(compiled: Compiled, { known, names }: ActionNumbers) {
    this.size = known;
    this.#compiled = compiled;
    this.#underRcps = bitsFor(known);
    for (const [number, name] of names.entries()) if (isUnderRcps(name)) setBit(this.#underRcps, number);
  }

  /** What lists say together; what they deny for certain is added to `deny`. */
  side(lists: readonly PolicyList[], environment: Environment, deny: Bits): Side {
    const allow = bitsFor(this.size);
    const open: OpenPart[] = [];
    for (const { items } of lists) {
      for (const { document } of items) {
        const large = this.#read(document);
        unite(allow, large.allow);
        unite(deny, large.deny);
        for (const { match, bits } of large.open) this.#add(match, bits, environment, { allow, deny, open });
      }
    }
    return { allow, open };
  }

  /** RCPs allow everything and limit some services only. */
  limits(lists: readonly PolicyList[], environment: Environment, deny: Bits): Side {
    const denied = bitsFor(this.size);
    const { open } = this.side(lists, environment, denied);
    intersect(denied, this.#underRcps);
    unite(deny, denied);
    const limited = open.map((part) => {
      const bits = part.bits.slice();
      intersect(bits, this.#underRcps);
      return { ...part, bits };
    });
    return { allow: bitsFor(this.size).fill(0xffffffff), open: limited };
  }

  #add(match: Match, bits: Bits, environment: Environment, into: { allow: Bits; deny: Bits; open: OpenPart[] }): void {
    const { effect } = match.statement;
    const [spoken] = spokenIn([match], environment);
    if (!spoken) return;
    if (spoken.when !== always) into.open.push({ bits, when: spoken.when, effect });
    else unite(effect === 'Allow' ? into.allow : into.deny, bits);
  }

  #read(document: Document): AtLarge {
    const earlier = this.#known.get(document);
    if (earlier) return earlier;
    const large: AtLarge = { allow: bitsFor(this.size), deny: bitsFor(this.size), open: [] };
    const open: { match: Match; bits: Bits }[] = [];
    const matched = this.#matchedNow();
    for (const statement of document.statements) {
      const reach = reachOf(statement.resources, matched);
      if (reach === 'no') continue;
      const bits = this.#membersOf(statement.actions);
      const match = matchOf(statement, reach === 'depends');
      if (match.open) open.push({ match, bits });
      else unite(statement.effect === 'Allow' ? large.allow : large.deny, bits);
    }
    const made = { ...large, open };
    this.#known.set(document, made);
    return made;
  }

  /** The patterns that match `*`; policies that are read later bring more of them. */
  #matchedNow(): Bits {
    const { patterns } = this.#compiled.documents;
    if (this.#matchedOf !== patterns.count()) {
      this.#matchedOf = patterns.count();
      this.#matched = patterns.matching('*');
    }
    return this.#matched;
  }

  #membersOf(actions: CompiledStatement['actions']): Bits {
    const bits = this.#members.get(actions) ?? membersAsBits(actions, this.size);
    this.#members.set(actions, bits);
    return bits;
  }
}

const matchOf = (statement: CompiledStatement, depends: boolean): Match => ({
  statement,
  depends,
  open: depends || statement.tests.length > 0 || statement.names !== 'everybody',
  because: { layer: 'identityPolicies', policy: 0, statement: statement.index, effect: statement.effect },
});
