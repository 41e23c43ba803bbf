import { type AccountName, accounts } from './accounts.ts';
import { type AccountIdentities, identitiesOf, type SampleIdentity, type SamplePolicy } from './identities.ts';
import type { World } from './world.ts';

/** What iam:GetAccountAuthorizationDetails answers for an account: documents URL-encoded, so that no byte is lost. */
export const authorizationDetailsOf = (world: World, account: AccountName): Record<string, unknown> =>
  detailsOf(accounts[account], identitiesOf(world, account));

/** The same of any identities. A policy of AWS that is not among the policies is the recorder's. */
export function detailsOf(account: string, { identities, managed }: AccountIdentities): Record<string, unknown> {
  const known = new Set(managed.map(({ arn }) => arn));
  const awsManaged = [...new Set(identities.flatMap((identity) => identity.attached))].filter(
    (arn) => arn.includes('::aws:') && !known.has(arn),
  );
  return {
    UserDetailList: identities.filter((identity) => identity.type === 'user').map(userDetail),
    GroupDetailList: [],
    RoleDetailList: identities.filter((identity) => identity.type === 'role').map(roleDetail),
    Policies: [...managed, ...awsManaged.map(recorderPolicy)].map((policy) => policyDetail(policy, account)),
  };
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const common = (identity: SampleIdentity) => ({
  Path: identity.path,
  Arn: identity.arn,
  CreateDate: identity.createdAt,
  AttachedManagedPolicies: identity.attached.map((arn) => ({ PolicyName: nameOf(arn), PolicyArn: arn })),
  Tags: Object.entries(identity.tags).map(([Key, Value]) => ({ Key, Value })),
});

const documents = (identity: SampleIdentity) =>
  identity.inline.map(({ name, text }) => ({ PolicyName: name, PolicyDocument: encodeURIComponent(text) }));

const userDetail = (identity: SampleIdentity) => ({
  UserName: identity.name,
  UserId: identity.id,
  ...common(identity),
  UserPolicyList: documents(identity),
  GroupList: [],
});

const roleDetail = (identity: SampleIdentity) => ({
  RoleName: identity.name,
  RoleId: identity.id,
  ...common(identity),
  AssumeRolePolicyDocument: encodeURIComponent(identity.trust ?? '{}'),
  InstanceProfileList: [],
  RolePolicyList: documents(identity),
});

function policyDetail(policy: SamplePolicy, account: string) {
  return {
    PolicyName: policy.name,
    PolicyId: `ANPA${account}${policy.name.length}`,
    Arn: policy.arn,
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: 1,
    IsAttachable: true,
    PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encodeURIComponent(policy.text) }],
  };
}

/** Stands for the managed policy of the service-linked role, with the actions that the recorder calls. */
const recorderPolicy = (arn: string): SamplePolicy => ({
  name: nameOf(arn),
  arn,
  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:Describe*","s3:ListAllMyBuckets","lambda:List*"],"Resource":"*"}]}',
});
