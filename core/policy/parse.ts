import { fail, ok, type Result } from '../result.ts';
import { parseOperator } from './conditions/operator.ts';
import { type Placed, readPlaced } from './json-places.ts';
import type { Condition, Patterns, PolicyDocument, Principals, Statement } from './statement.ts';

/** A policy that AWS would not save, and where it goes wrong (`Statement[2].Effect`). */
export interface InvalidPolicy {
  error: 'invalid-policy';
  place: string;
  detail: string;
}

/** Reads a policy document's JSON text. Scalars become lists of one; what is written stays known by its place. */
export function parsePolicy(text: string): Result<PolicyDocument, InvalidPolicy> {
  try {
    return ok(documentOf(text, readText(text)));
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
  optionalString(members, 'Id', 'Id');
  const statementsAt = members.get('Statement');
  if (!statementsAt) throw new Invalid('Statement', 'is missing');
  const list = statementsAt.kind === 'array' ? statementsAt.items : [statementsAt];
  const statements = list.map((item, index) => statementOf(item, index, `Statement[${index}]`));
  return { text, version, statements, statementsAt };
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

function statementOf(placed: Placed, index: number, place: string): Statement {
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
    resources: resources && patternsOf(resources),
    principals: principals && principalsOf(principals),
    conditions: conditionsOf(members.get('Condition'), `${place}.Condition`),
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
    if (pattern !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(pattern)) {
      throw new Invalid(place, `${JSON.stringify(pattern)} is no action: service:Name, with * and ? in the name`);
    }
  }
  return patterns;
}

const patternsOf = ({ not, value, place }: Element): Patterns => ({ not, patterns: stringsOf(value, place) });

function principalsOf({ not, value, place }: Element): Principals {
  if (value.kind === 'scalar') {
    if (value.value !== '*') throw new Invalid(place, 'must be * or an object');
    return { not, who: '*' };
  }
  const members = membersOf(value, place, ['AWS', 'Service', 'Federated', 'CanonicalUser']);
  return { not, who: new Map([...members].map(([kind, who]) => [kind, stringsOf(who, `${place}.${kind}`)])) };
}

function conditionsOf(value: Placed | undefined, place: string): Condition[] {
  if (!value) return [];
  return [...membersOf(value, place)].flatMap(([operator, keys]) => {
    const test = parseOperator(operator);
    if (!test) throw new Invalid(`${place}.${operator}`, 'is no condition operator');
    return [...membersOf(keys, `${place}.${operator}`)].map(([key, values]) => ({
      operator,
      test,
      key,
      values: scalarsOf(values, `${place}.${operator}.${key}`).map(String),
    }));
  });
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
