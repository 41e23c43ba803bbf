import { policyTextOf } from '../policy/text.ts';
import { type Instant, instantAt } from '../time.ts';
import { parseIamArn } from './iam-arn.ts';
import type { GroupRecord, Inventory, PolicyText, PrincipalRecord } from './inventory.ts';

/** Something that could not be read, and whose it is; everything else was. */
export interface InventoryProblem {
  /** ARN or name of the user, role, group or policy, or the place in the document. */
  entity: string;
  detail: string;
}

export interface AuthorizationDetails {
  /** One for each account, by account id. */
  inventories: readonly Inventory[];
  problems: readonly InventoryProblem[];
}

/**
 * Reads what `aws iam get-account-authorization-details` prints, one document or several (pages, accounts). An entity
 * that cannot be read whole is left out and named: half of somebody's policies would answer questions wrongly.
 */
export function parseAuthorizationDetails(documents: readonly unknown[], takenAt: Instant): AuthorizationDetails {
  const found: Found = { principals: new Map(), groups: new Map(), managed: new Map(), ofAws: [], problems: [] };
  for (const [index, document] of documents.entries()) readDocument(document, index, found);
  return { inventories: inventoriesOf(found, takenAt), problems: found.problems };
}

interface Found {
  principals: Map<string, PrincipalRecord>;
  groups: Map<string, GroupRecord>;
  /** Of the customers. */
  managed: Map<string, PolicyText>;
  /** AWS's own with the accounts of the document: documents of two accounts can be of two moments. */
  ofAws: { policy: PolicyText; accounts: ReadonlySet<string> }[];
  problems: InventoryProblem[];
}

type Fields = Readonly<Record<string, unknown>>;

class Unreadable extends Error {}

function readDocument(document: unknown, index: number, found: Found): void {
  const lists = ['UserDetailList', 'RoleDetailList', 'GroupDetailList', 'Policies'];
  if (!isFields(document) || !lists.some((list) => Array.isArray(document[list]))) {
    found.problems.push({ entity: `document ${index}`, detail: 'has none of the lists of authorization details' });
    return;
  }
  const { problems } = found;
  readEach(document, 'UserDetailList', problems, (user) => keep(found.principals, principalOf(user, 'user')));
  readEach(document, 'RoleDetailList', problems, (role) => keep(found.principals, principalOf(role, 'role')));
  readEach(document, 'GroupDetailList', problems, (group) => keep(found.groups, groupOf(group)));
  const ofAws = new Map<string, PolicyText>();
  readEach(document, 'Policies', problems, (entity) => {
    const policy = managedOf(entity);
    keep(accountOf(policy.arn) === 'aws' ? ofAws : found.managed, policy);
  });
  const accounts = new Set(lists.flatMap((list) => arnsIn(document[list]).map(accountOf)));
  found.ofAws.push(...[...ofAws.values()].map((policy) => ({ policy, accounts })));
}

function readEach(document: Fields, list: string, problems: InventoryProblem[], read: (entity: Fields) => void): void {
  const entities = document[list] ?? [];
  if (!Array.isArray(entities)) {
    problems.push({ entity: list, detail: 'is not a list' });
    return;
  }
  for (const [index, entity] of entities.entries()) {
    try {
      read(fieldsOf(entity, 'the entity'));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push({ entity: nameFor(entity) ?? `${list}[${index}]`, detail: error.message });
    }
  }
}

/** The same entity twice is taken once; where two differ the first stays and the difference is told. */
function keep<T extends { arn: string | null }>(into: Map<string, T>, entity: T): void {
  const arn = entity.arn ?? '';
  const earlier = into.get(arn);
  if (earlier && JSON.stringify(earlier) !== JSON.stringify(entity))
    throw new Unreadable('appears twice with different content');
  into.set(arn, entity);
}

function principalOf(entity: Fields, type: 'user' | 'role'): PrincipalRecord {
  const arn = textOf(entity, 'Arn');
  const parsed = parseIamArn(arn);
  if (parsed?.type !== type) throw new Unreadable(`Arn is not the ARN of a ${type}`);
  const boundary = entity.PermissionsBoundary;
  return {
    type,
    id: textOf(entity, type === 'user' ? 'UserId' : 'RoleId'),
    arn,
    name: textOf(entity, type === 'user' ? 'UserName' : 'RoleName'),
    path: parsed.path,
    createdAt: momentOf(entity.CreateDate),
    tags: tagsOf(entity),
    trust: type === 'role' ? documentOf(entity.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument') : null,
    inline: inlineOf(entity, type === 'user' ? 'UserPolicyList' : 'RolePolicyList'),
    attached: attachedOf(entity),
    boundary: boundary == null ? null : textOf(fieldsOf(boundary, 'PermissionsBoundary'), 'PermissionsBoundaryArn'),
    groups: type === 'user' ? listOf(entity, 'GroupList').map((group) => stringOf(group, 'GroupList')) : [],
  };
}

function groupOf(entity: Fields): GroupRecord {
  const arn = textOf(entity, 'Arn');
  if (parseIamArn(arn)?.type !== 'group') throw new Unreadable('Arn is not the ARN of a group');
  return {
    name: textOf(entity, 'GroupName'),
    arn,
    inline: inlineOf(entity, 'GroupPolicyList'),
    attached: attachedOf(entity),
  };
}

function managedOf(entity: Fields): PolicyText & { arn: string } {
  const arn = textOf(entity, 'Arn');
  const parsed = parseIamArn(arn);
  if (parsed?.type !== 'policy') throw new Unreadable('Arn is not the ARN of a policy');
  const versions = listOf(entity, 'PolicyVersionList').map((version) => fieldsOf(version, 'PolicyVersionList'));
  const current =
    versions.find((version) => version.IsDefaultVersion === true) ??
    versions.find((version) => version.VersionId === entity.DefaultVersionId);
  if (!current) throw new Unreadable('PolicyVersionList has no default version');
  return { name: parsed.name, arn, text: documentOf(current.Document, 'Document') };
}

const inlineOf = (entity: Fields, list: string): PolicyText[] =>
  listOf(entity, list).map((item) => {
    const policy = fieldsOf(item, list);
    const name = textOf(policy, 'PolicyName');
    return { name, arn: null, text: documentOf(policy.PolicyDocument, `${list} ${name}`) };
  });

const attachedOf = (entity: Fields): string[] =>
  listOf(entity, 'AttachedManagedPolicies').map((item) =>
    textOf(fieldsOf(item, 'AttachedManagedPolicies'), 'PolicyArn'),
  );

const tagsOf = (entity: Fields): Record<string, string> =>
  Object.fromEntries(
    listOf(entity, 'Tags').map((item) => {
      const tag = fieldsOf(item, 'Tags');
      return [textOf(tag, 'Key'), typeof tag.Value === 'string' ? tag.Value : ''];
    }),
  );

function documentOf(document: unknown, field: string): string {
  const text = policyTextOf(document);
  if (text === undefined) throw new Unreadable(`${field} is no policy document`);
  return text;
}

/** The CLI writes `2019-12-18 19:10:08+00:00`, the API ISO 8601, the SDK a Date. Absent or unreadable: not known. */
function momentOf(value: unknown): Instant | null {
  const time = value instanceof Date ? value.getTime() : typeof value === 'string' ? readTime(value) : Number.NaN;
  return Number.isNaN(time) ? null : instantAt(time / 1000);
}

function readTime(text: string): number {
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return Date.parse(`${date}T${time}${zone}`);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldsOf(value: unknown, field: string): Fields {
  if (!isFields(value)) throw new Unreadable(`${field} is not an object`);
  return value;
}

function listOf(entity: Fields, field: string): readonly unknown[] {
  const list = entity[field] ?? [];
  if (!Array.isArray(list)) throw new Unreadable(`${field} is not a list`);
  return list;
}

function stringOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw new Unreadable(`${field} is missing`);
  return value;
}

const textOf = (entity: Fields, field: string): string => stringOf(entity[field], field);

function nameFor(entity: unknown): string | undefined {
  if (!isFields(entity)) return undefined;
  const names = [entity.Arn, entity.UserName, entity.RoleName, entity.GroupName, entity.PolicyName];
  return names.find((name) => typeof name === 'string' && name !== '') as string | undefined;
}

function inventoriesOf(found: Found, takenAt: Instant): Inventory[] {
  const all = [...found.principals.keys(), ...found.groups.keys(), ...found.managed.keys()];
  return [...new Set(all.map(accountOf))].sort().map((account) => {
    const isHere = ({ arn }: { arn: string }): boolean => accountOf(arn) === account;
    // A page that names no account of its own belongs to all.
    const ofAws = found.ofAws.filter(
      ({ accounts }) => accounts.has(account) || (accounts.size === 1 && accounts.has('aws')),
    );
    const managed = [...found.managed.values(), ...ofAws.map(({ policy }) => policy)] as (PolicyText & {
      arn: string;
    })[];
    return {
      v: 1,
      account,
      takenAt,
      principals: byArn([...found.principals.values()].filter(isHere)),
      groups: byArn([...found.groups.values()].filter(isHere)),
      managed: new Map(
        byArn(managed.filter((policy) => isHere(policy) || accountOf(policy.arn) === 'aws')).map((policy) => [
          policy.arn,
          policy,
        ]),
      ),
    };
  });
}

const arnsIn = (list: unknown): string[] =>
  Array.isArray(list)
    ? list.flatMap((entity) => (isFields(entity) && typeof entity.Arn === 'string' ? [entity.Arn] : []))
    : [];

const accountOf = (arn: string): string => parseIamArn(arn)?.account ?? '';
const byArn = <T extends { arn: string }>(entities: T[]): T[] => entities.sort((a, b) => (a.arn < b.arn ? -1 : 1));
