import { actionsOfService, allActions, findAction } from '../catalogue/catalogue.ts';
import { coversAction, isExact } from '../policy/match.ts';
import type { Statement } from '../policy/statement.ts';
import type { Outcome, When } from './decision.ts';
import type { Engine } from './engine.ts';
import { type Answer, answer, documentsIn, documentsOf } from './extent.ts';
import type { Organization, Question } from './organization.ts';
import { arnParts } from './places.ts';
import type { Policy } from './situation.ts';
import { speakersOf } from './speakers.ts';

/** Actions of one service that a principal may do alike. */
export interface Ability {
  /** `*`: every service but those in `exceptServices`. */
  service: string;
  exceptServices: readonly string[];
  /** A wildcard stands only where it covers nothing but what may be done. */
  actions: readonly string[];
  /** As the policies write them. */
  resources: readonly string[];
  decision: Extract<Outcome, 'allowed' | 'conditional' | 'invalid-policy'>;
  extent: 'all' | 'some' | null;
  when: When | null;
}

/** What may be done with an action, one entry for each resource pattern of the policies. */
interface Access {
  resource: string;
  answer: Answer;
}

type Ask = (action: string, resource: string) => Question;

/**
 * Everything that a principal may do. Actions that the same statements speak about, and that exist on the same kinds of
 * resources, are asked about once. What unnamed resources may say for themselves is not asked for here: `can` asks.
 */
export function abilitiesOf(asking: Ask, engine: Engine, organization: Organization): readonly Ability[] {
  const ask: Ask = (action, resource) => ({ ...asking(action, resource), isSample: true });
  const situation = engine.situationOf(ask('sts:GetCallerIdentity', '*'));
  const documents = documentsOf(situation);
  const grants = [...situation.identityPolicies, ...situation.groupPolicies].flatMap(allowsIn);
  const speaking = speakersOf(documents.flatMap(({ statements }) => statements));
  const known = new Map<string, Access[]>();
  const byService: Groups = new Map();
  const isGrant = new Set(grants);
  for (const action of [...allActions(), ...unknownActions(grants)]) {
    const speakers = speaking(action);
    const covering = speakers.filter((statement) => isGrant.has(statement));
    if (covering.length === 0) continue;
    const key = kindOf(action, speakers);
    const access = known.get(key) ?? accessTo(action, covering, ask, engine, organization);
    known.set(key, access);
    add(byService, action, access);
  }
  for (const { action, access } of givenByResources(ask, engine, organization)) add(byService, action, access);
  return collapsed(
    [...byService].flatMap(([service, groups]) => [...groups.values()].flatMap((it) => rows(service, it))),
  );
}

const allowsIn = (policy: Policy): Statement[] =>
  documentsIn(policy).flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Allow'));

/** What makes two actions the same for every policy: who speaks of them, on what they are done, whose they are. */
function kindOf(action: string, speakers: readonly Statement[]): string {
  const types = findAction(action)?.resourceTypes.flatMap(({ templates }) => templates) ?? [];
  return JSON.stringify([action.slice(0, action.indexOf(':')), types, speakers.map(numberOf)]);
}

const numbers = new WeakMap<Statement, number>();
let newest = 0;
function numberOf(statement: Statement): number {
  const number = numbers.get(statement) ?? newest++;
  numbers.set(statement, number);
  return number;
}

/** Actions that statements name and the catalogue does not have. */
const unknownActions = (grants: readonly Statement[]): Set<string> =>
  new Set(
    grants.flatMap(({ actions }) =>
      actions.not ? [] : actions.patterns.filter((pattern) => isExact(pattern) && findAction(pattern) === undefined),
    ),
  );

/** Asks about every resource pattern of the covering statements; those that a wider answer covers are left out. */
function accessTo(
  action: string,
  covering: readonly Statement[],
  ask: Ask,
  engine: Engine,
  organization: Organization,
): Access[] {
  const patterns = covering.flatMap(({ resources }) =>
    resources === null || resources.not ? ['*'] : resources.patterns,
  );
  const wide = patterns.includes('*') ? [accessOn('*')] : [];
  if (wide[0] && wide[0].answer.extent !== 'some') return wide.filter(isAccess);
  const narrow = [...new Set(patterns)].filter((pattern) => pattern !== '*').map(accessOn);
  return [...wide, ...narrow].filter(isAccess);

  function accessOn(resource: string): Access {
    return { resource, answer: answer(ask(action, resource), engine, organization) };
  }
}

const isAccess = ({ answer: { outcome } }: Access): boolean =>
  outcome !== 'implicit-deny' && outcome !== 'explicit-deny';

/** What resource policies and role trusts give by themselves. */
function* givenByResources(
  ask: Ask,
  engine: Engine,
  { inventories, resources }: Organization,
): Generator<{ action: string; access: Access[] }> {
  const trusts = inventories.flatMap(({ principals }) =>
    principals.filter(({ type }) => type === 'role').map(({ arn }) => ({ arn, action: 'sts:AssumeRole' })),
  );
  const owned = resources.map(({ arn }) => ({ arn, action: `${arnParts(arn)?.service}:` }));
  for (const { arn, action: prefix } of [...trusts, ...owned]) {
    const speaking = allowsOn(ask(prefix.endsWith(':') ? `${prefix}x` : prefix, arn), engine);
    if (speaking.length === 0) continue;
    const actions = prefix.endsWith(':') ? allActions().filter((each) => each.startsWith(prefix)) : [prefix];
    for (const action of actions) {
      const covering = speaking.filter((statement) => coversAction(statement, action));
      const patterns = new Set(covering.flatMap(({ resources: on }) => (on && !on.not ? on.patterns : [arn])));
      const access = [...patterns]
        .map((resource) => (resource === '*' ? arn : resource))
        .map((resource) => ({ resource, answer: engine.decide(ask(action, resource)) }))
        .filter(({ answer: { outcome, because } }) => outcome === 'allowed' && because.some(isOfTheResource))
        .map(({ resource, answer: decision }) => ({
          resource,
          answer: { outcome: decision.outcome, extent: null, part: { resource, decision }, except: [] },
        }));
      if (access.length > 0) yield { action, access };
    }
  }
}

const isOfTheResource = ({ layer, effect }: { layer: string; effect: string }): boolean =>
  layer === 'resourcePolicy' && effect === 'Allow';

/** The allowing statements on a resource that can mean the caller: those that name somebody else alone do not. */
function allowsOn(question: Question, engine: Engine): Statement[] {
  const { resourcePolicy, request } = engine.situationOf(question);
  const names = new Set([request.principal, request.principalRoleArn, '*', arnParts(request.principal)?.account]);
  return (resourcePolicy === null ? [] : allowsIn(resourcePolicy)).filter(({ principals }) => {
    if (principals === null || principals.not || principals.who === '*') return true;
    return (principals.who.get('AWS') ?? []).some((who) => names.has(who) || who.endsWith(':root'));
  });
}

type Groups = Map<string, Map<string, { access: Access[]; actions: string[] }>>;

function add(byService: Groups, action: string, access: Access[]): void {
  if (access.length === 0) return;
  const service = action.slice(0, action.indexOf(':'));
  const groups = byService.get(service) ?? new Map();
  byService.set(service, groups);
  const key = JSON.stringify(access.map((each) => [each.resource, ...saidBy(each)]));
  const group = groups.get(key) ?? { access, actions: [] };
  groups.set(key, group);
  group.actions.push(action);
}

const saidBy = ({ answer: { outcome, extent, part } }: Access) =>
  [outcome, extent, part.decision.when?.condition ?? null] as const;

/** One row for each thing that is said, with the resources of which it is said. */
function rows(
  service: string,
  { access, actions }: { access: readonly Access[]; actions: readonly string[] },
): Ability[] {
  const bySaying = new Map<string, Access[]>();
  for (const each of access) {
    const key = JSON.stringify(saidBy(each));
    bySaying.set(key, [...(bySaying.get(key) ?? []), each]);
  }
  return [...bySaying.values()].map((alike) => ({
    service,
    exceptServices: [],
    actions: shortened(service, actions),
    resources: alike.map(({ resource }) => resource).sort(),
    decision: alike[0]!.answer.outcome as Ability['decision'],
    extent: alike[0]!.answer.extent,
    when: alike[0]!.answer.part.decision.when,
  }));
}

/** `svc:*` for all actions of the service, `svc:Get*` for all that begin with the word; else each by itself. */
function shortened(service: string, actions: readonly string[]): string[] {
  const own = actionsOfService(service).map(({ action }) => action);
  const may = new Set(actions);
  if (own.length > 0 && own.every((action) => may.has(action)))
    return [`${service}:*`, ...[...may].filter((it) => !own.includes(it))];
  const words = new Map<string, string[]>();
  for (const action of own) {
    const word = /^[^:]+:[A-Z][a-z0-9]{2,}/.exec(action)?.[0] ?? action;
    words.set(word, [...own.filter((each) => each.startsWith(word))]);
  }
  const whole = [...words].filter(([, all]) => all.length > 1 && all.every((action) => may.has(action)));
  for (const [, all] of whole) for (const action of all) may.delete(action);
  const covered = whole.map(([word]) => `${word}*`);
  return [
    ...covered.filter((each) => !covered.some((other) => other !== each && each.startsWith(other.slice(0, -1)))),
    ...may,
  ].sort();
}

/** Where most services are alike as a whole, one row stands for them. */
function collapsed(abilities: readonly Ability[]): readonly Ability[] {
  const services = new Set(allActions().map((action) => action.slice(0, action.indexOf(':'))));
  const keyOf = ({ service, actions, resources, decision, extent, when }: Ability): string =>
    actions.length === 1 && actions[0] === `${service}:*`
      ? JSON.stringify([resources, decision, extent, when?.condition])
      : '';
  const alike = new Map<string, Ability[]>();
  for (const each of abilities) {
    const key = keyOf(each);
    if (key !== '') alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  const largest = [...alike.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  if (largest.length * 2 < services.size) return abilities;
  const covered = new Set(largest.map(({ service }) => service));
  const exceptServices = [...services].filter((service) => !covered.has(service));
  const one: Ability = { ...largest[0]!, service: '*', exceptServices, actions: ['*'] };
  return [one, ...abilities.filter((each) => !largest.includes(each))];
}
