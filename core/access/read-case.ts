import { type Placed, readPlaced } from '../policy/json-places.ts';
import { kindOfPolicyOn, type PolicyKind } from '../policy/kinds.ts';
import { parsePolicy } from '../policy/parse.ts';
import { policyTextOf } from '../policy/text.ts';
import { fail, ok, type Result } from '../result.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { Outcome } from './decision.ts';
import type { BucketFacts, CallerKind, ContextValue, KmsGrant, Policy, Request, Situation } from './situation.ts';

/** One case of the `simulate` command: a request with the policies around it, and what is expected of it. */
export interface Case {
  /** null where the case has none. */
  id: string | null;
  situation: Situation;
  expected: Outcome | null;
  /** Told, but not counted. */
  advisory: boolean;
}

/**
 * The texts of the cases in a file: `{"cases":[…]}`, a list, one case, or one a line. Throws a SyntaxError where it is
 * none of these.
 */
export function caseTexts(text: string): readonly string[] {
  const root = wholeOf(text);
  if (!root) return text.split('\n').filter((line) => line.trim() !== '');
  const cases = root.kind === 'object' ? root.members.find(({ key }) => key === 'cases')?.value : root;
  const items = cases?.kind === 'array' ? cases.items : [root];
  return items.map(({ start, end }) => text.slice(start, end));
}

function wholeOf(text: string): Placed | undefined {
  try {
    return readPlaced(text);
  } catch (error) {
    if (text.trim().includes('\n')) return undefined;
    throw error;
  }
}

/** Reads a case from its JSON text. Policies keep their text, so that what AWS refuses in it is seen. */
export function readCase(text: string): Result<Case, string> {
  let id: string | null = null;
  try {
    const fields = fieldsOf(text);
    id = idOf(fields.value('id'));
    return ok(caseOf(fields));
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError)
      return fail(id === null ? error.message : `${id}: ${error.message}`);
    throw error;
  }
}

class Unreadable extends Error {}

interface Fields {
  /** The field's JSON text; undefined where it is absent or null. */
  text(name: string): string | undefined;
  /** The field's value. */
  value(name: string): unknown;
  /** The texts of a list's items. */
  items(name: string): readonly Placed[] | undefined;
  source: string;
}

function fieldsOf(source: string): Fields {
  const root = readPlaced(source);
  if (root.kind !== 'object') throw new Unreadable('a case is an object');
  const members = new Map(root.members.map(({ key, value }) => [key, value]));
  const present = (name: string): Placed | undefined => {
    const placed = members.get(name);
    return placed?.kind === 'scalar' && placed.value === null ? undefined : placed;
  };
  const text = (name: string): string | undefined => {
    const placed = present(name);
    return placed && source.slice(placed.start, placed.end);
  };
  return {
    source,
    text,
    value: (name) => JSON.parse(text(name) ?? 'null'),
    items: (name) => {
      const placed = present(name);
      if (placed && placed.kind !== 'array') throw new Unreadable(`${name} is not a list`);
      return placed?.items;
    },
  };
}

function caseOf(fields: Fields): Case {
  const request = requestOf(objectOf(fields.value('request')));
  const isTrust = /^arn:[a-z-]+:iam::\d*:role\//.test(request.resource);
  const one = (name: string, kind: PolicyKind): Policy | null => {
    const text = fields.text(name);
    return text === undefined ? null : policyOf(text, kind);
  };
  const sliced = (placed: Placed): string => fields.source.slice(placed.start, placed.end);
  const list = (name: string, kind: PolicyKind): Policy[] | null =>
    fields.items(name)?.map((item) => policyOf(sliced(item), kind)) ?? null;
  const levels = (name: string, kind: PolicyKind): Policy[][] | null =>
    fields.items(name)?.map((level) => {
      if (level.kind !== 'array') throw new Unreadable(`${name} is not a list of levels`);
      return level.items.map((item) => policyOf(sliced(item), kind));
    }) ?? null;
  return {
    id: idOf(fields.value('id')),
    expected: textOf(fields.value('expected')) as Outcome | null,
    advisory: fields.value('advisory') === true,
    situation: {
      request,
      identityPolicies: list('identityPolicies', 'identity') ?? [],
      groupPolicies: list('groupPolicies', 'identity') ?? [],
      permissionsBoundary: one('permissionsBoundary', 'identity'),
      sessionPolicies: list('sessionPolicies', 'identity'),
      resourcePolicy: one('resourcePolicy', isTrust ? 'trust' : kindOfPolicyOn(request.resource)),
      isPolicyUnread: flagOf(fields.value('resourcePolicyUnread'), 'resourcePolicyUnread'),
      bucket: bucketOf(objectOf(fields.value('bucket'))),
      vpcEndpointPolicies: list('vpcEndpointPolicies', 'endpoint') ?? [],
      kmsGrants: grantsOf(fields.value('kmsGrants')),
      scps: levels('scps', 'scp'),
      rcps: levels('rcps', 'rcp'),
    },
  };
}

/** A policy stands as an object, or as its text. */
function policyOf(text: string, kind: PolicyKind): Policy {
  if (!text.startsWith('"')) return parsePolicy(text, kind);
  return parsePolicy(policyTextOf(JSON.parse(text)) ?? '', kind);
}

const idOf = (raw: unknown): string | null => (typeof raw === 'number' ? String(raw) : textOf(raw));

type Raw = Readonly<Record<string, unknown>>;

function requestOf(raw: Raw | null): Request {
  if (!raw) throw new Unreadable('has no request');
  const resource = needed(raw, 'resource');
  const unknown = raw.unknownContext === undefined ? [] : raw.unknownContext;
  if (!Array.isArray(unknown)) throw new Unreadable('request.unknownContext is not a list');
  return {
    principal: needed(raw, 'principal'),
    principalKind: kindOf(raw.principalKind),
    principalRoleArn: textOrNull(raw, 'principalRoleArn'),
    federatingUserArn: textOrNull(raw, 'federatingUserArn'),
    principalAccountIsManagement: flagOf(raw.principalAccountIsManagement, 'request.principalAccountIsManagement'),
    action: needed(raw, 'action'),
    resource,
    resourceAccount: raw.resourceAccount === undefined ? ownerIn(resource) : textOrNull(raw, 'resourceAccount'),
    context: contextOf(raw.context ?? {}),
    unknown: unknown.includes('*') ? 'all' : new Set(unknown.map((key) => String(key).toLowerCase())),
  };
}

function needed(raw: Raw, name: string): string {
  const text = textOf(raw[name]);
  if (text === null) throw new Unreadable(`request.${name} is not a text`);
  return text;
}

function textOrNull(raw: Raw, name: string): string | null {
  const value = raw[name] ?? null;
  if (value !== null && typeof value !== 'string') throw new Unreadable(`request.${name} is neither a text nor null`);
  return textOf(value);
}

function flagOf(value: unknown, place: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw new Unreadable(`${place} is neither true nor false`);
  return value;
}

function kindOf(raw: unknown): CallerKind | null {
  if (raw === undefined || raw === null) return null;
  if (raw === 'saml' || raw === 'web-identity' || raw === 'service') return raw;
  throw new Unreadable(`request.principalKind is none of saml, web-identity, service: ${String(raw)}`);
}

/** An ARN's account, where nobody says who the owner is. */
const ownerIn = (resource: string): string | null => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? null;

function contextOf(value: unknown): ReadonlyMap<string, ContextValue> {
  const raw = objectOf(value);
  if (!raw) throw new Unreadable('request.context is not an object');
  return new Map(
    Object.entries(raw).map(([key, each]) => [key.toLowerCase(), valuesOf(each, `request.context.${key}`)]),
  );
}

/** null says that the key is absent, as an empty list does. */
function valuesOf(value: unknown, place: string): ContextValue {
  if (value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.some((item) => typeof item === 'object'))
    throw new Unreadable(`${place} is neither a value nor a list of values`);
  return Array.isArray(value) ? items.map(String) : String(value);
}

/** What a case says of a bucket beside its policy. What it leaves out is not there, like every layer of a case. */
function bucketOf(raw: Raw | null): BucketFacts | null {
  if (!raw) return null;
  const { acls = 'disabled', publicAccess = 'open' } = raw;
  if (acls !== 'disabled' && acls !== 'unread') throw new Unreadable('bucket.acls is neither disabled nor unread');
  if (publicAccess !== 'open' && publicAccess !== 'restricted' && publicAccess !== 'unread')
    throw new Unreadable('bucket.publicAccess is none of open, restricted, unread');
  return { acls, publicAccess };
}

function grantsOf(raw: unknown): KmsGrant[] {
  if (raw === null) return [];
  if (!Array.isArray(raw)) throw new Unreadable('kmsGrants is not a list');
  return raw.map((item, index) => {
    const grant = anyCase(objectOf(item));
    if (typeof grant.granteePrincipal !== 'string' || !Array.isArray(grant.operations))
      throw new Unreadable(`kmsGrants[${index}] has no granteePrincipal with operations`);
    const constraints = anyCase(objectOf(grant.constraints));
    const equals = objectOf(constraints.encryptionContextEquals);
    const pairs = equals ?? objectOf(constraints.encryptionContextSubset);
    return {
      granteePrincipal: grant.granteePrincipal,
      retiringPrincipal: textOf(grant.retiringPrincipal),
      operations: grant.operations.map(String),
      encryptionContext: pairs && {
        equals: equals !== null,
        pairs: new Map(Object.entries(pairs).map(([key, value]) => [key, String(value)])),
      },
    };
  });
}

/** KMS itself begins its names with a capital. */
const anyCase = (raw: Raw | null): Raw =>
  Object.fromEntries(Object.entries(raw ?? {}).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]));
