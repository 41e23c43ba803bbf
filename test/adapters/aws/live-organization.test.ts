import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  IdentitystoreClient,
} from '@aws-sdk/client-identitystore';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  ListInstancesCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { organizationScan } from '../../../adapters/aws/organization-scan.ts';
import { organizationStore } from '../../../adapters/aws/organization-store.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { resourceScan } from '../../../adapters/aws/resource-policies/scan.ts';
import type { Instant } from '../../../core/time.ts';
import { takeOrganization } from '../../../usecases/take-organization.ts';
import { onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

const management = '123456789012';
const now = '2026-11-22T02:17:00Z' as Instant;
const deny = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}';
const own = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}';
const managed = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

onMoto('an organization on moto', (emulator) => {
  const clients = () => ({
    organizations: new OrganizationsClient(towards(emulator())),
    sso: new SSOAdminClient(towards(emulator())),
    store: new IdentitystoreClient(towards(emulator())),
  });
  let account = '';
  let instance = '';

  beforeAll(async () => {
    const { organizations, sso, store } = clients();
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const [RootId] = Roots!.map(({ Id }) => Id);
    await organizations.send(new EnablePolicyTypeCommand({ RootId, PolicyType: 'SERVICE_CONTROL_POLICY' }));
    await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: RootId, Name: 'production' }));
    const made = await organizations.send(new CreateAccountCommand({ AccountName: 'shop', Email: 'shop@example.com' }));
    account = made.CreateAccountStatus!.AccountId!;
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({ Name: 'NoS3', Description: '', Content: deny, Type: 'SERVICE_CONTROL_POLICY' }),
    );
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy!.PolicySummary!.Id, TargetId: account }));
    await organizations.send(
      new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: 'guardduty.amazonaws.com' }),
    );
    const { Instances } = await sso.send(new ListInstancesCommand({}));
    const { InstanceArn, IdentityStoreId } = Instances![0]!;
    instance = InstanceArn!;
    const { PermissionSet } = await sso.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'Reader' }));
    const of = { InstanceArn, PermissionSetArn: PermissionSet!.PermissionSetArn };
    await sso.send(new PutInlinePolicyToPermissionSetCommand({ ...of, InlinePolicy: own }));
    await sso.send(new AttachManagedPolicyToPermissionSetCommand({ ...of, ManagedPolicyArn: managed }));
    const name = { GivenName: 'Ada', FamilyName: 'L' };
    const { UserId } = await store.send(
      new CreateUserCommand({ IdentityStoreId, UserName: 'ada', Name: name, DisplayName: 'Ada' }),
    );
    const { GroupId } = await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: 'readers' }));
    await store.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId: UserId! } }));
    // moto provisions to the account that asks, whichever is meant; AWS does it where something is assigned.
    const target = { TargetId: management, TargetType: 'AWS_ACCOUNT' as const };
    await sso.send(
      new CreateAccountAssignmentCommand({ ...of, ...target, PrincipalType: 'GROUP', PrincipalId: GroupId }),
    );
    await sso.send(new ProvisionPermissionSetCommand({ ...of, ...target }));
  }, 60_000);

  /** So many calls, and then time is up. */
  function calls(most: number) {
    const made = { left: most, asked: 0 };
    const hasTime = () => {
      made.asked += 1;
      made.left -= 1;
      return made.left >= 0;
    };
    return { made, hasTime };
  }

  test('its tree, its delegates and Identity Center are read, kept, and given back as they were', async () => {
    const bucket = { s3: recorded(new S3Client({ ...towards(emulator()), forcePathStyle: true })), name: 'kept' };
    await bucket.s3.send(new CreateBucketCommand({ Bucket: bucket.name }));
    const { organizations, sso, store } = clients();
    const organization = organizationScan({
      organizations: recorded(organizations),
      sso: recorded(sso),
      store: recorded(store),
    });
    const kept = organizationStore(bucket);
    const { made, hasTime } = calls(6);
    const deps = { organization, organizations: kept, now: () => now, hasTime };
    // What was answered is not asked again.
    expect(await takeOrganization(deps)(now)).toEqual({ denied: [], isUnfinished: true });
    expect((await kept.answers(now)).size).toBe(6);
    made.left = 1000;
    expect(await takeOrganization(deps)(now)).toEqual({ denied: [], isUnfinished: false });
    const { tree, parts } = (await kept.read())!;
    expect(parts.map(({ part, takenAt }) => [part, takenAt])).toEqual([
      ['organization', now],
      ['identity-center', now],
    ]);
    expect(tree.policies.find(({ name }) => name === 'NoS3')?.text).toBe(deny);
    expect(tree.root.accounts.find(({ id }) => id === account)?.scps).toHaveLength(2);
    expect(tree.root.units.map(({ name }) => name)).toEqual(['production']);
    expect(tree.delegated).toEqual([{ account, services: ['guardduty.amazonaws.com'] }]);
    expect(tree.identityCenter).toMatchObject({
      instance,
      permissionSets: [{ name: 'Reader', inline: own, managed: [managed], customerManaged: [] }],
      assignments: [{ account: management, kind: 'GROUP', principal: tree.identityCenter?.groups[0]?.id }],
      users: [{ name: 'ada' }],
      groups: [{ name: 'readers', members: [tree.identityCenter?.users[0]?.id] }],
    });
    const before = made.asked;
    await takeOrganization(deps)(now);
    expect(made.asked).toBe(before);
  });

  test('resources with policies: every service answers what is asked of it', async () => {
    const here = towards(emulator());
    const s3 = new S3Client(here);
    await s3.send(new CreateBucketCommand({ Bucket: 'told' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'told', Policy: deny }));
    await new KMSClient(here).send(new CreateKeyCommand({}));
    await new SQSClient(here).send(new CreateQueueCommand({ QueueName: 'q' }));
    await new SNSClient(here).send(new CreateTopicCommand({ Name: 't' }));
    await new SecretsManagerClient(here).send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    await new ECRClient(here).send(new CreateRepositoryCommand({ repositoryName: 'r' }));
    const assumable = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const { Role } = await new IAMClient(here).send(
      new CreateRoleCommand({
        RoleName: 'f',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [assumable] }),
      }),
    );
    const code = { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') };
    await new LambdaClient(here).send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Role: Role!.Arn,
        Runtime: 'nodejs22.x',
        Handler: 'i.h',
        Code: code,
      }),
    );
    await new DynamoDBClient(here).send(
      new CreateTableCommand({
        TableName: 'd',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    const client = { ...here, credentials: async () => here.credentials, maxAttempts: 1, retryMode: 'standard' };
    const account = '123456789012';
    const scan = resourceScan((of, region) => ({ account: of, partition: 'aws', region, client }), ['us-east-1']);
    const read = [];
    for (const part of scan.parts) read.push(...(await scan.read(account, part)).resources);
    const services = new Set(read.map(({ arn }) => arn.split(':')[2]));
    expect([...services].sort()).toEqual([
      'dynamodb',
      'ecr',
      'events',
      'kms',
      'lambda',
      's3',
      'secretsmanager',
      'sns',
      'sqs',
    ]);
    expect(read.find(({ arn }) => arn === 'arn:aws:s3:::told')?.policy).toBe(deny);
  });
});
