import { fail, ok, type Result } from '../result.ts';
import { comparisons } from './conditions/holds.ts';
import { parseOperator } from './conditions/operator.ts';
import { type Placed, readPlaced } from './json-places.ts';
import { type PolicyKind, refusalOf } from './kinds.ts';
import type { Condition, Patterns, PolicyDocument, Principals, Statement } from './statement.ts';
import { type Pattern, parsePattern } from './variables.ts';

/** A policy that AWS would not save, and where it goes wrong (`Statement[2].Effect`). */
export interface InvalidPolicy {
  error: 'invalid-policy';
  place: string;
  detail: string;
}

/**
 * Reads a policy document's JSON text. Scalars become lists of one; what is written stays known by its place. Where the
 * kind is said, what AWS refuses for that kind of policy is refused too. Sizes are not looked at: the limits are quotas.
 */
export function parsePolicy(text: string, kind?: PolicyKind): Result<PolicyDocument, InvalidPolicy> {
  try {
    const document = documentOf(text, readText(text));
    const refusal = kind && refusalOf(document, kind);
    return refusal ? fail({ error: 'invalid-policy', ...refusal }) : ok(document);
  } catch (error) {
    if (error instanceof Invalid) return fail({ error: 'invalid-policy', place: error.place, detail: error.message });
    throw error;
  }
}

class Invalid extends Error {
  readonly place: string;
  constructor(place: string, detail: string) {
    super(detail);
    this.place = place;
  }
}

type Version = PolicyDocument['version'];
type Members = ReadonlyMap<string, Placed>;

function readText(text: string): Placed {
  try {
    return readPlaced(text);
  } catch {
    throw new Invalid('document', 'is not JSON');
  }
}

function documentOf(text: string, root: Placed): PolicyDocument {
  const members = membersOf(root, 'document', ['Version', 'Id', 'Statement']);
  const version = optionalString(members, 'Version', 'Version') ?? '2008-10-17';
  if (version !== '2008-10-17' && version !== '2012-10-17') throw new Invalid('Version', `${version} is unknown`);
  const id = optionalString(members, 'Id', 'Id') ?? null;
  const statementsAt = members.get('Statement');
  if (!statementsAt) throw new Invalid('Statement', 'is missing');
  const list = statementsAt.kind === 'array' ? statementsAt.items : [statementsAt];
  const statements = list.map((item, index) => statementOf(item, index, `Statement[${index}]`, version));
  return { text, id, version, statements, statementsAt };
}

const elements = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

function statementOf(placed: Placed, index: number, place: string, version: Version): Statement {
  const members = membersOf(placed, place, elements);
  const effect = optionalString(members, 'Effect', `${place}.Effect`);
  if (effect !== 'Allow' && effect !== 'Deny') throw new Invalid(`${place}.Effect`, 'must be Allow or Deny');
  const actions = eitherOf(members, 'Action', place);
  if (!actions) throw new Invalid(place, 'has neither Action nor NotAction');
  const resources = eitherOf(members, 'Resource', place);
  const principals = eitherOf(members, 'Principal', place);
  if (!resources && !principals) throw new Invalid(place, 'has neither Resource nor NotResource');
  return {
    index,
    sid: optionalString(members, 'Sid', `${place}.Sid`) ?? null,
    effect,
    actions: { not: actions.not, patterns: actionPatterns(actions.value, actions.place) },
    resources: resources && patternsOf(resources, version),
    principals: principals && principalsOf(principals),
    conditions: conditionsOf(members.get('Condition'), `${place}.Condition`, version),
    actionsAt: actions.value,
  };
}

interface Element {
  not: boolean;
  value: Placed;
  place: string;
}

function eitherOf(members: Members, name: 'Action' | 'Resource' | 'Principal', place: string): Element | null {
  const plain = members.get(name);
  const negated = members.get(`Not${name}`);
  if (plain && negated) throw new Invalid(place, `has both ${name} and Not${name}`);
  if (plain) return { not: false, value: plain, place: `${place}.${name}` };
  return negated ? { not: true, value: negated, place: `${place}.Not${name}` } : null;
}

function actionPatterns(value: Placed, place: string): string[] {
  const patterns = stringsOf(value, place);
  for (const pattern of patterns) {
    if (!/^(?:\*|\*:\*|[A-Za-z0-9-]+:[^:]+)$/.test(pattern)) {
      throw new Invalid(place, `${JSON.stringify(pattern)} is no action: service:Name, with * and ? in the name`);
    }
  }
  return patterns;
}

function patternsOf({ not, value, place }: Element, version: Version): Patterns {
  const patterns = stringsOf(value, place);
  for (const pattern of patterns) wellFormed(pattern, version, place);
  return { not, patterns };
}

function wellFormed(text: string, version: Version, place: string): Pattern {
  const pattern = parsePattern(text, version);
  if (!pattern) throw new Invalid(place, `${JSON.stringify(text)} holds a variable that is not well formed`);
  return pattern;
}

function principalsOf({ not, value, place }: Element): Principals {
  if (value.kind === 'scalar') {
    if (value.value !== '*') throw new Invalid(place, 'must be * or an object');
    return { not, who: '*' };
  }
  const members = membersOf(value, place, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  const who = new Map([...members].map(([kind, names]) => [kind, stringsOf(names, `${place}.${kind}`)]));
  for (const name of who.get('AWS') ?? []) {
    if (name !== '*' && !awsPrincipal.test(name)) {
      throw new Invalid(`${place}.AWS`, `${JSON.stringify(name)} is no principal: an account, a full ARN or *`);
    }
  }
  return { not, who };
}

/** An account, the ARN of a root, user, role or session, or the unique id that stands for a deleted one. Never a group. */
const awsPrincipal =
  /^(?:\d{12}|arn:[a-z-]+:iam::(?:\d{12}|cloudfront):(?:root|(?:user|role)\/[^*?]+)|arn:[a-z-]+:sts::\d{12}:(?:assumed-role\/[^*?/]+|federated-user)\/[^*?]+|A[A-Z]{3}[A-Z0-9]{8,})$/;

function conditionsOf(value: Placed | undefined, place: string, version: Version): Condition[] {
  if (!value) return [];
  return [...membersOf(value, place)].flatMap(([operator, keys]) => {
    const test = parseOperator(operator);
    if (!test) throw new Invalid(`${place}.${operator}`, 'is no condition operator');
    const members = membersOf(keys, `${place}.${operator}`);
    const names = new Set([...members.keys()].map((key) => key.toLowerCase()));
    if (names.size < members.size) throw new Invalid(`${place}.${operator}`, 'has a key twice, in different case');
    return [...members].map(([key, values]) =>
      conditionOf({ operator, test, key }, values, `${place}.${operator}.${key}`, version),
    );
  });
}

function conditionOf(head: Omit<Condition, 'values'>, value: Placed, place: string, version: Version): Condition {
  const values = scalarsOf(value, place).map(String);
  for (const text of values) {
    wellFormed(text, version, place);
    // Only text and ARN operators, which take any text, take variables.
    if (!comparisons[head.test.name].accepts(text)) {
      throw new Invalid(place, `${JSON.stringify(text)} is no value for ${head.operator}`);
    }
  }
  return { ...head, values };
}

/** The members by name. A name twice is refused as AWS does: readers differ on which of the two counts. */
function membersOf(value: Placed, place: string, known?: readonly string[]): Members {
  if (value.kind !== 'object') throw new Invalid(place, 'is not an object');
  const members = new Map<string, Placed>();
  for (const { key, value: member } of value.members) {
    if (known && !known.includes(key)) throw new Invalid(place, `has an unknown element ${JSON.stringify(key)}`);
    if (members.has(key)) throw new Invalid(place, `has ${JSON.stringify(key)} twice`);
    members.set(key, member);
  }
  return members;
}

function optionalString(members: Members, name: string, place: string): string | undefined {
  const value = members.get(name);
  if (!value) return undefined;
  if (value.kind !== 'scalar' || typeof value.value !== 'string') throw new Invalid(place, 'is not a text');
  return value.value;
}

function stringsOf(value: Placed, place: string): string[] {
  return scalarsOf(value, place).map((scalar) => {
    if (typeof scalar !== 'string' || scalar === '') throw new Invalid(place, 'holds something that is not a text');
    return scalar;
  });
}

function scalarsOf(value: Placed, place: string): (string | number | boolean)[] {
  const items = value.kind === 'array' ? value.items : [value];
  return items.map((item) => {
    if (item.kind !== 'scalar' || item.value === null) throw new Invalid(place, 'holds something that is not a value');
    return item.value;
  });
}
