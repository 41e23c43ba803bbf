import { resourceTypesOfService, servicePrefixes } from '../catalogue/catalogue.ts';
import type { PolicyText, PrincipalRecord } from '../identity/inventory.ts';
import type { KeptAction } from './narrow.ts';
import type { PolicyChange } from './pack.ts';
import { actionsOfPattern } from './pattern-actions.ts';
import type { Rightsizing } from './rightsize.ts';

/** Gives every text of one's own another name: the same text the same one, and no two texts the same. */
interface Pseudonyms {
  account(id: string): string;
  name(text: string): string;
}

/**
 * Right-sizing without accounts, names, tags, ids and whatever else somebody chose, for bug reports. What AWS chose stays:
 * actions, services, regions, words of ARN templates, condition operators and keys. Pseudonyms are the same throughout, so
 * that what belongs together still does; they depend on the order alone.
 */
export function redacted(judged: readonly Rightsizing[]): readonly Rightsizing[] {
  const pseudonyms = createPseudonyms();
  return judged.map((each) => redactedOne(each, pseudonyms));
}

function createPseudonyms(): Pseudonyms {
  const accounts = new Map<string, string>();
  const names = new Map<string, string>();
  const give = (known: Map<string, string>, text: string, make: (place: number) => string): string => {
    const given = known.get(text) ?? make(known.size + 1);
    known.set(text, given);
    return given;
  };
  return {
    account: (id) => give(accounts, id, (place) => String(place).padStart(12, '0')),
    name: (text) => give(names, text, (place) => `name${place}`),
  };
}

function redactedOne(judged: Rightsizing, to: Pseudonyms): Rightsizing {
  const base = { principal: principalOf(judged.principal, to), kept: judged.kept.map((each) => keptOf(each, to)) };
  if (judged.status === 'nothing-to-remove') return { ...base, status: judged.status };
  // The detail quotes stacks, tags and accounts.
  if (judged.status === 'not-yet-decidable') return { ...judged, ...base, detail: '' };
  const { removed, proof } = judged;
  const policies = judged.policies.map((policy) => changeOf(policy, to));
  return { ...base, status: 'proposed', plan: null, policies, removed, proof };
}

const principalOf = (principal: PrincipalRecord, to: Pseudonyms): PrincipalRecord => ({
  type: principal.type,
  id: to.name(principal.id),
  arn: arnOf(principal.arn, to),
  name: to.name(principal.name),
  path: segmentsOf(principal.path, new Set(), to),
  createdAt: null,
  tags: {},
  trust: null,
  inline: principal.inline.map((policy) => textOf(policy, to)),
  attached: principal.attached.map((arn) => arnOf(arn, to)),
  boundary: principal.boundary && arnOf(principal.boundary, to),
  groups: principal.groups.map(to.name),
});

const textOf = ({ name, arn, text }: PolicyText, to: Pseudonyms): PolicyText => ({
  name: to.name(name),
  arn: arn && arnOf(arn, to),
  text: documentOf(text, to),
});

const changeOf = ({ name, kind, arn, before, after }: PolicyChange, to: Pseudonyms): PolicyChange => ({
  name: to.name(name),
  kind,
  arn: arn && arnOf(arn, to),
  before: before && documentOf(before, to),
  after: after && documentOf(after, to),
});

/** Whole policies are kept by name, everything else by action. */
const keptOf = ({ action, why }: KeptAction, to: Pseudonyms): KeptAction => ({ action: actionOf(action, to), why });

/** A pattern that covers some action is made of pieces of its name. */
const actionOf = (pattern: string, to: Pseudonyms): string =>
  actionsOfPattern(pattern).length > 0 ? pattern : to.name(pattern);

/** A policy's text with what its author chose given other names. */
function documentOf(text: string, to: Pseudonyms): string {
  const parsed: unknown = readJson(text);
  if (typeof parsed !== 'object' || parsed === null) return '{}';
  const { Version, Statement } = parsed as Record<string, unknown>;
  const statements = (Array.isArray(Statement) ? Statement : [Statement]).map((each) => statementOf(each, to));
  const version = Version === '2012-10-17' || Version === '2008-10-17' ? { Version } : {};
  return JSON.stringify({ ...version, Statement: statements.length === 1 ? statements[0] : statements });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function statementOf(statement: unknown, to: Pseudonyms): object {
  const made: Record<string, unknown> = {};
  for (const [element, value] of Object.entries((statement ?? {}) as Record<string, unknown>)) {
    if (element === 'Sid') made.Sid = to.name(String(value));
    else if (element === 'Effect') made.Effect = value === 'Deny' ? 'Deny' : 'Allow';
    else if (element === 'Action' || element === 'NotAction') made[element] = each(value, (text) => actionOf(text, to));
    else if (element === 'Resource' || element === 'NotResource')
      made[element] = each(value, (text) => arnOf(text, to));
    else if (element === 'Condition') made.Condition = conditionOf(value, to);
  }
  return made;
}

const each = (value: unknown, change: (text: string) => string): unknown =>
  Array.isArray(value) ? value.map((one) => change(String(one))) : change(String(value));

function conditionOf(value: unknown, to: Pseudonyms): object {
  const operators = Object.entries((value ?? {}) as Record<string, Record<string, unknown>>);
  return Object.fromEntries(
    operators.map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys ?? {}).map(([key, values]) => [keyOf(key, to), valuesOf(values, to)])),
    ]),
  );
}

/** `aws:ResourceTag/team`: the tag is somebody's own. */
function keyOf(key: string, to: Pseudonyms): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : `${key.slice(0, slash)}/${to.name(key.slice(slash + 1))}`;
}

const valuesOf = (values: unknown, to: Pseudonyms): unknown =>
  typeof values === 'boolean' ? values : each(values, (text) => conditionValueOf(text, to));

const region = /^(?:(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-[a-z]+)+-\d|\*)?$/;

const conditionValueOf = (text: string, to: Pseudonyms): string =>
  /^(?:true|false)$/i.test(text) || region.test(text) ? text : arnOf(text, to);

/** Partition, service and region are AWS's, and so are the words of its templates. */
function arnOf(text: string, to: Pseudonyms): string {
  const parts = /^arn:(aws[a-z-]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text);
  if (!parts) return segmentsOf(text, new Set(), to);
  const [, partition, service, place, account, rest] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const none = new Set<string>();
  const known = servicePrefixes().includes(service);
  return [
    'arn',
    partition,
    known ? service : segmentsOf(service, none, to),
    region.test(place) ? place : segmentsOf(place, none, to),
    account === 'aws' ? account : segmentsOf(account, none, to),
    segmentsOf(rest, known ? wordsOf(service) : none, to),
  ].join(':');
}

const words = new Map<string, ReadonlySet<string>>();

/** The fixed words in the ARNs of a service (`table`, `role`). */
function wordsOf(service: string): ReadonlySet<string> {
  const known = words.get(service);
  if (known) return known;
  const templates = resourceTypesOfService(service).flatMap((type) => type.templates);
  const found = new Set(templates.flatMap((template) => template.replace(/\$\{\w+\}/g, '').split(/[/:]/)));
  words.set(service, found);
  return found;
}

/** Everything between separators and wildcards, and the names of tags in variables. */
const segmentsOf = (text: string, keep: ReadonlySet<string>, to: Pseudonyms): string =>
  text.replace(/\$\{[^{}]*\}|[^/:*?$]+|\$/g, (piece) => {
    if (piece.startsWith('${')) return variableOf(piece, to);
    if (keep.has(piece)) return piece;
    return /^\d{12}$/.test(piece) ? to.account(piece) : to.name(piece);
  });

/** Variables that AWS knows stand as they are; the rest of them, tags and fallbacks, is somebody's own. */
const variableOf = (variable: string, to: Pseudonyms): string => {
  const plain = /^\$\{((?:aws|saml|[a-z0-9-]+):[A-Za-z0-9-]+)\}$/.exec(variable);
  if (plain || /^\$\{[*?$]\}$/.test(variable)) return variable;
  return to.name(variable);
};
