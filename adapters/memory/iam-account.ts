import { ownPolicyOf } from '../../core/changes/own-policies.ts';
import { parseIamArn } from '../../core/identity/iam-arn.ts';
import type { GroupRecord, Inventory, PolicyText, PrincipalRecord } from '../../core/identity/inventory.ts';
import type { Instant } from '../../core/time.ts';

/** An error of IAM's, by its code. */
export class IamFault extends Error {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
  }
}

export interface AccessKey {
  id: string;
  status: 'Active' | 'Inactive';
}

interface Version {
  id: string;
  text: string;
  isDefault: boolean;
}

interface ManagedPolicy {
  name: string;
  /** Oldest first, five at most. */
  versions: Version[];
  /** Number of the version made last. */
  newest: number;
}

type Holder<T> = { record: T; inline: Map<string, string>; attached: Set<string> };

/** One account's IAM, changeable. */
export interface IamAccount {
  principals: Map<string, Holder<PrincipalRecord>>;
  groups: Map<string, Holder<GroupRecord>>;
  managed: Map<string, ManagedPolicy>;
  /** By user name. */
  keys: Map<string, Map<string, AccessKey>>;
}

/** The account that the inventory shows; keys come from what was there before. */
export function accountFrom(inventory: Inventory, earlier: IamAccount | undefined): IamAccount {
  const users = new Set(inventory.principals.filter((p) => p.type === 'user').map((p) => p.name));
  return {
    principals: new Map(inventory.principals.map((record) => [record.arn, holder(record)])),
    groups: new Map(inventory.groups.map((record) => [record.arn, holder(record)])),
    managed: new Map([...inventory.managed].map(([arn, policy]) => [arn, managedFrom(policy)])),
    keys: new Map([...(earlier?.keys ?? [])].filter(([user]) => users.has(user))),
  };
}

const holder = <T extends { inline: readonly PolicyText[]; attached: readonly string[] }>(record: T): Holder<T> => ({
  record,
  inline: new Map(record.inline.map((policy) => [policy.name, policy.text])),
  attached: new Set(record.attached),
});

const managedFrom = (policy: PolicyText): ManagedPolicy => ({
  name: policy.name,
  versions: [{ id: 'v1', text: policy.text, isDefault: true }],
  newest: 1,
});

/** The inline policies of a user, role or group; undefined where nobody has that ARN. */
export const inlineOf = (account: IamAccount, arn: string): Map<string, string> | undefined =>
  (account.principals.get(arn) ?? account.groups.get(arn))?.inline;

/** ARNs of the managed policies attached to a user, role or group; undefined where nobody has that ARN. */
export const attachmentsOf = (account: IamAccount, arn: string): Set<string> | undefined =>
  (account.principals.get(arn) ?? account.groups.get(arn))?.attached;

/**
 * Makes the text the policy's default version: one that exists, or a new one for which the oldest makes room. One of
 * Leastwise's own is made where there is none, and deleted by null.
 */
export function writeManaged(account: IamAccount, arn: string, text: string | null): void {
  const own = ownPolicyOf(arn);
  const policy = account.managed.get(arn);
  if (text === null) {
    if (!own) throw new Error('a managed policy cannot be removed: its attachments could not be restored');
    deleteManaged(account, arn);
    return;
  }
  if (own && !policy) {
    account.managed.set(arn, managedFrom({ name: own.name, arn, text: wellFormed(text) }));
    return;
  }
  if (!policy) throw new IamFault('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  if (parseIamArn(arn)?.account === 'aws') throw new IamFault('AccessDenied', `${arn} is managed by AWS`);
  let version = policy.versions.find((candidate) => candidate.text === text);
  if (!version) {
    if (policy.versions.length >= 5)
      policy.versions.splice(
        policy.versions.findIndex((v) => !v.isDefault),
        1,
      );
    policy.newest += 1;
    version = { id: `v${policy.newest}`, text: wellFormed(text), isDefault: false };
    policy.versions.push(version);
  }
  for (const other of policy.versions) other.isDefault = other === version;
}

function deleteManaged(account: IamAccount, arn: string): void {
  const holders = [...account.principals.values(), ...account.groups.values()];
  if (holders.some(({ attached }) => attached.has(arn)))
    throw new IamFault('DeleteConflict', 'Cannot delete a policy attached to entities.');
  account.managed.delete(arn);
}

/** IAM takes no policy that is not JSON. */
export function wellFormed(text: string): string {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new IamFault('MalformedPolicyDocument', 'Syntax errors in policy.', { cause });
  }
  return text;
}

const policiesOf = (inline: ReadonlyMap<string, string>): PolicyText[] =>
  [...inline].map(([name, text]) => ({ name, arn: null, text }));

/** As they were loaded, then what was attached since: the order says nothing about what went and came back between. */
const attachedTo = ({ record, attached }: Holder<PrincipalRecord | GroupRecord>): string[] => [
  ...record.attached.filter((arn) => attached.has(arn)),
  ...[...attached].filter((arn) => !record.attached.includes(arn)).sort(),
];

const recordOf = <T extends PrincipalRecord | GroupRecord>(holder: Holder<T>) => ({
  ...holder.record,
  inline: policiesOf(holder.inline),
  attached: attachedTo(holder),
});

/** The account as an inventory. */
export const inventoryOf = (account: IamAccount, id: string, takenAt: Instant): Inventory => ({
  v: 1,
  account: id,
  takenAt,
  principals: [...account.principals.values()].map(recordOf),
  groups: [...account.groups.values()].map(recordOf),
  managed: new Map(
    [...account.managed].map(([arn, { name, versions }]) => [
      arn,
      { name, arn, text: versions.find((version) => version.isDefault)?.text ?? '' },
    ]),
  ),
});

/** The account as GetAccountAuthorizationDetails answers. */
export function detailsOf(account: IamAccount): Record<string, unknown> {
  const holders = [...account.principals.values()];
  return {
    UserDetailList: holders.filter((h) => h.record.type === 'user').map(userDetail),
    GroupDetailList: [...account.groups.values()].map(groupDetail),
    RoleDetailList: holders.filter((h) => h.record.type === 'role').map(roleDetail),
    Policies: [...account.managed].map(([arn, policy]) => policyDetail(arn, policy)),
  };
}

const documents = (inline: ReadonlyMap<string, string>) =>
  [...inline].map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: encodeURIComponent(text) }));

const attachments = (arns: readonly string[]) =>
  arns.map((PolicyArn) => ({ PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1), PolicyArn }));

const tags = (record: PrincipalRecord) => Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value }));

const common = (holder: Holder<PrincipalRecord>) => ({
  Path: holder.record.path,
  Arn: holder.record.arn,
  ...(holder.record.createdAt ? { CreateDate: holder.record.createdAt } : {}),
  AttachedManagedPolicies: attachments(attachedTo(holder)),
  ...(holder.record.boundary
    ? {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: holder.record.boundary,
        },
      }
    : {}),
  Tags: tags(holder.record),
});

const userDetail = (holder: Holder<PrincipalRecord>) => ({
  UserName: holder.record.name,
  UserId: holder.record.id,
  ...common(holder),
  UserPolicyList: documents(holder.inline),
  GroupList: holder.record.groups,
});

const roleDetail = (holder: Holder<PrincipalRecord>) => ({
  RoleName: holder.record.name,
  RoleId: holder.record.id,
  ...common(holder),
  ...(holder.record.trust === null ? {} : { AssumeRolePolicyDocument: encodeURIComponent(holder.record.trust) }),
  RolePolicyList: documents(holder.inline),
});

const groupDetail = (holder: Holder<GroupRecord>) => ({
  Path: parseIamArn(holder.record.arn)?.path ?? '/',
  GroupName: holder.record.name,
  Arn: holder.record.arn,
  GroupPolicyList: documents(holder.inline),
  AttachedManagedPolicies: attachments(attachedTo(holder)),
});

const policyDetail = (arn: string, policy: ManagedPolicy) => ({
  PolicyName: policy.name,
  Arn: arn,
  Path: parseIamArn(arn)?.path ?? '/',
  DefaultVersionId: policy.versions.find((version) => version.isDefault)?.id,
  PolicyVersionList: policy.versions.map((version) => ({
    VersionId: version.id,
    IsDefaultVersion: version.isDefault,
    Document: encodeURIComponent(version.text),
  })),
});
