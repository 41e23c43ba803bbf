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

type Holder<T> = { record: T; inline: Map<string, string> };

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

const holder = <T extends { inline: readonly PolicyText[] }>(record: T): Holder<T> => ({
  record,
  inline: new Map(record.inline.map((policy) => [policy.name, policy.text])),
});

const managedFrom = (policy: PolicyText): ManagedPolicy => ({
  name: policy.name,
  versions: [{ id: 'v1', text: policy.text, isDefault: true }],
  newest: 1,
});

/** The inline policies of a user, role or group; undefined where nobody has that ARN. */
export const inlineOf = (account: IamAccount, arn: string): Map<string, string> | undefined =>
  (account.principals.get(arn) ?? account.groups.get(arn))?.inline;

/** Makes the text the policy's default version: one that exists, or a new one for which the oldest makes room. */
export function writeManaged(account: IamAccount, arn: string, text: string | null): void {
  const policy = account.managed.get(arn);
  if (text === null) throw new Error('a managed policy cannot be removed: its attachments could not be restored');
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

/** The account as an inventory. */
export const inventoryOf = (account: IamAccount, id: string, takenAt: Instant): Inventory => ({
  v: 1,
  account: id,
  takenAt,
  principals: [...account.principals.values()].map(({ record, inline }) => ({ ...record, inline: policiesOf(inline) })),
  groups: [...account.groups.values()].map(({ record, inline }) => ({ ...record, inline: policiesOf(inline) })),
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

const common = (record: PrincipalRecord) => ({
  Path: record.path,
  Arn: record.arn,
  ...(record.createdAt ? { CreateDate: record.createdAt } : {}),
  AttachedManagedPolicies: attachments(record.attached),
  ...(record.boundary
    ? {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: record.boundary,
        },
      }
    : {}),
  Tags: tags(record),
});

const userDetail = ({ record, inline }: Holder<PrincipalRecord>) => ({
  UserName: record.name,
  UserId: record.id,
  ...common(record),
  UserPolicyList: documents(inline),
  GroupList: record.groups,
});

const roleDetail = ({ record, inline }: Holder<PrincipalRecord>) => ({
  RoleName: record.name,
  RoleId: record.id,
  ...common(record),
  ...(record.trust === null ? {} : { AssumeRolePolicyDocument: encodeURIComponent(record.trust) }),
  RolePolicyList: documents(inline),
});

const groupDetail = ({ record, inline }: Holder<GroupRecord>) => ({
  Path: parseIamArn(record.arn)?.path ?? '/',
  GroupName: record.name,
  Arn: record.arn,
  GroupPolicyList: documents(inline),
  AttachedManagedPolicies: attachments(record.attached),
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
