import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateEventBusCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deployment, probe } from '../../../adapters/aws/deployment.ts';
import { secondsOf } from '../../../core/time.ts';
import { onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

/** The smallest zip: no file in it. */
const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
const account = '123456789012';
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:${account}:${queue}`;

onMoto('a deployment on moto', (emulator) => {
  const asking = () => towards(emulator());

  test('the trail and its state', async () => {
    await new S3Client({ ...asking(), forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'org-trail' }));
    const trail = new CloudTrailClient(asking());
    const all = { Name: 'all', S3BucketName: 'org-trail', S3KeyPrefix: 'p', IsMultiRegionTrail: true };
    await trail.send(new CreateTrailCommand({ ...all, EnableLogFileValidation: true }));
    const look = async () => (await deployment(asking()).trails()).find(({ bucket }) => bucket === 'org-trail');
    expect(await look()).toMatchObject({
      prefix: 'p',
      isOrganizationTrail: false,
      isMultiRegion: true,
      logFileValidation: true,
      isLogging: false,
      lastDigest: null,
    });
    await trail.send(new StartLoggingCommand({ Name: 'all' }));
    expect(await look()).toMatchObject({ isLogging: true });
  });

  test('the rules of the central bus with their state', async () => {
    const events = new EventBridgeClient(asking());
    await events.send(new CreateEventBusCommand({ Name: 'leastwise-events' }));
    await events.send(
      new PutRuleCommand({ Name: 'fast', EventBusName: 'leastwise-events', EventPattern: '{"source":["aws.iam"]}' }),
    );
    expect(await deployment(asking()).rules()).toEqual([{ name: 'fast', state: 'ENABLED' }]);
  });

  test('functions with what feeds them, their queues with their dead letters, and the token’s scopes', async () => {
    const [lambda, sqs] = [new LambdaClient(asking()), new SQSClient(asking())];
    const iam = new IAMClient(asking());
    const trust = '{"Version":"2012-10-17","Statement":[]}';
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: trust }));
    const { ARN: token } = await new SecretsManagerClient(asking()).send(
      new CreateSecretCommand({ Name: 'token', SecretString: 'xoxb-test' }),
    );
    const dead = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    await sqs.send(new SendMessageCommand({ QueueUrl: dead.QueueUrl, MessageBody: 'x' }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 5 });
    await sqs.send(new CreateQueueCommand({ QueueName: 'work', Attributes: { RedrivePolicy } }));
    for (const FunctionName of ['leastwise-handle-slack', 'somebody-elses'])
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: Role?.Arn,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: emptyZip },
          Environment: { Variables: { SLACK_TOKEN_SECRET: token! } },
        }),
      );
    await lambda.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'leastwise-handle-slack', EventSourceArn: arnOf('work') }),
    );
    const scopes = { 'x-oauth-scopes': 'chat:write,commands' };
    const slack = createServer((request, answer) => {
      const ok = request.url === '/api/auth.test' && request.headers.authorization === 'Bearer xoxb-test';
      answer.writeHead(200, scopes).end(JSON.stringify(ok ? { ok, team_id: 'T1' } : { ok, error: 'invalid_auth' }));
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    const looked = deployment(asking(), `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`);
    try {
      expect(await looked.functions()).toEqual([
        { name: 'leastwise-handle-slack', state: 'Active', sources: ['Enabled'] },
      ]);
      expect(await looked.queues()).toEqual([
        { name: 'work', waiting: 0, ageSeconds: null, isDeadLetters: false },
        { name: 'dead', waiting: 1, ageSeconds: null, isDeadLetters: true },
      ]);
      expect(await looked.slack()).toEqual({ team: 'T1', scopes: ['chat:write', 'commands'] });
    } finally {
      slack.close();
    }
  });

  test('who asks, by which clock, and whose organization it is', async () => {
    await new OrganizationsClient(asking()).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    expect(await deployment(asking()).managementAccount()).toEqual({ id: account });
    const { account: own, theirs } = await deployment(asking()).caller();
    expect(own).toBe(account);
    // The emulator runs on this machine’s clock.
    expect(Math.abs(secondsOf(theirs!) - Date.now() / 1000)).toBeLessThan(60);
  });

  test('the probe reads what is not there, and tells as whom', async () => {
    expect(await probe(asking()).read('leastwise-doctor-abc')).toEqual({ account, principal: expect.any(String) });
  });
});
