import { resourceReading } from '../../core/identity/reading-actions.ts';
import { loadBundle, ofType, type Resource, type Synthesized, statementsOf, synthesize } from './synth.ts';

let made: Synthesized;

beforeAll(async () => {
  made = await synthesize('leastwise.config.example.json');
}, 600_000);

const every = (type: string, resources: Record<string, Resource> = made.security) => ofType(resources, type);

test('the real CDK CLI synthesizes every stack offline, and cdk-nag finds nothing unexplained', () => {
  expect(Object.keys(made.security).length).toBeGreaterThan(100);
  expect(Object.keys(made.member).length).toBeGreaterThan(5);
  expect(made.output).not.toMatch(/AwsSolutions-\w+.*(error|warning)/i);
});

test('nothing of the local stage is in what is deployed into AWS', () => {
  const deployed = JSON.stringify([made.security, made.member]);
  expect(deployed).not.toMatch(
    /leastwise\.test|LEASTWISE_|NODE_OPTIONS|AWS_ENDPOINT_URL|127\.0\.0\.1|rate\(1 minute\)/,
  );
});

test('every function runs Node 24 on its own log group, traced, with a bounded time', () => {
  const functions = every('AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThanOrEqual(15);
  for (const [, { Properties }] of functions) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    expect(Properties.LoggingConfig.LogGroup).toBeDefined();
  }
});

test('every bundle loads with nothing but what the stack gives it', async () => {
  for (const [, fn] of every('AWS::Lambda::Function')) {
    if (fn.Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME)
      expect(await loadBundle(made, fn)).toBe('function');
  }
}, 120_000);

test('every log group is kept for a bounded time and encrypted', () => {
  for (const [, { Properties }] of every('AWS::Logs::LogGroup')) {
    expect(Properties.RetentionInDays).toBe(90);
    expect(Properties.KmsKeyId).toBeDefined();
  }
});

test('every queue that is read has a dead-letter queue, and one bad message never takes its batch with it', () => {
  const queues = new Map(every('AWS::SQS::Queue'));
  const mappings = every('AWS::Lambda::EventSourceMapping');
  expect(mappings.length).toBeGreaterThanOrEqual(10);
  for (const [, { Properties }] of mappings) {
    expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    const source = Properties.EventSourceArn['Fn::GetAtt'][0] as string;
    const queue = queues.get(source);
    if (queue) expect(queue.Properties.RedrivePolicy.maxReceiveCount).toBe(5);
    else expect(Properties.DestinationConfig.OnFailure.Destination).toBeDefined();
  }
});

test('the ledger has its sparse index, a stream, and nothing that expires', () => {
  const [, ledger] = every('AWS::DynamoDB::Table').find(([id]) => id.includes('Ledger')) ?? [];
  expect(ledger?.Properties.GlobalSecondaryIndexes.map((index: { IndexName: string }) => index.IndexName)).toEqual([
    'unscored',
  ]);
  expect(ledger?.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
  expect(ledger?.Properties.TimeToLiveSpecification).toBeUndefined();
  expect(ledger?.Properties.DeletionProtectionEnabled).toBe(true);
});

test('only the forwarding role of accounts in the organization may put events on the bus', () => {
  const policies = every('AWS::Events::EventBusPolicy');
  expect(policies).toHaveLength(1);
  expect(policies[0]?.[1].Properties.Statement.Condition).toEqual({
    StringEquals: { 'aws:PrincipalOrgID': expect.stringMatching(/^o-/) },
    ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/leastwise-forward' },
  });
});

test('the audit bucket is under Object Lock in compliance mode', () => {
  const locked = every('AWS::S3::Bucket').filter(([, { Properties }]) => Properties.ObjectLockEnabled);
  expect(locked).toHaveLength(1);
  expect(locked[0]?.[1].Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({
    Days: 400,
    Mode: 'COMPLIANCE',
  });
});

const actionsOf = (role: string, resources = made.security) =>
  statementsOf(resources, role).flatMap(({ Action }) => Action);

test('what faces Slack can neither sign nor assume a role', () => {
  const actions = actionsOf('leastwise-receive-slack');
  expect(actions.filter((action) => /^(sts|iam|scheduler):|kms:Sign/.test(action))).toEqual([]);
});

test('only the deciding function can sign decisions, by a key of their own, and it can assume only the role that reads', () => {
  const roles = every('AWS::IAM::Role').map(([, { Properties }]) => Properties.RoleName as string);
  const signers = roles.filter((role) => role && actionsOf(role).includes('kms:Sign'));
  expect(signers.sort()).toEqual(['leastwise-handle-slack', 'leastwise-seal-audit']);
  const [decides, seals] = signers.map((role) =>
    statementsOf(made.security, role)
      .filter(({ Action }) => Action.includes('kms:Sign'))
      .flatMap(({ Resource }) => Resource),
  );
  expect(decides).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^FoundationEncryptionSigning/), 'Arn'] }]);
  expect(seals).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^FoundationEncryptionAudit/), 'Arn'] }]);
  const assumed = statementsOf(made.security, 'leastwise-handle-slack').filter(({ Action }) =>
    Action.includes('sts:AssumeRole'),
  );
  for (const arn of assumed.flatMap(({ Resource }) => Resource)) expect(arn).toMatch(/:role\/leastwise-scan$/);
  const reads = actionsOf('leastwise-scan', made.member);
  const ofResources = Object.values(resourceReading).flat();
  expect(reads.filter((action) => !/^iam:(Get|List)/.test(action) && !ofResources.includes(action))).toEqual([]);
});

test.each([
  ['leastwise-execute-restrict', 'leastwise-restrict'],
  ['leastwise-execute-apply', 'leastwise-apply'],
  ['leastwise-execute-lend', 'leastwise-lend'],
])('%s can assume %s and no other role', (executor, member) => {
  const assumed = statementsOf(made.security, executor)
    .filter(({ Action }) => Action.includes('sts:AssumeRole'))
    .flatMap(({ Resource }) => Resource);
  expect(assumed.length).toBeGreaterThan(0);
  for (const arn of assumed) expect(arn).toMatch(new RegExp(`:role/${member}$`));
  const [, role] =
    ofType(made.member, 'AWS::IAM::Role').find(([, { Properties }]) => Properties.RoleName === member) ?? [];
  const [assume, name] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
  expect(assume.Principal.AWS).toMatch(new RegExp(`:role/${executor}$`));
  expect(assume.Condition.StringLike).toEqual({ 'sts:SourceIdentity': '??*' });
  expect(name.Action).toBe('sts:SetSourceIdentity');
});

test.each([
  ['quarantine', 'leastwise-execute-restrict'],
  ['rightsizing', 'leastwise-execute-apply'],
])('what is left of a %s is resumed by the clock, as %s', (kind, executor) => {
  const [id, made] =
    every('AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties.FunctionName === `leastwise-resume-changes-${kind}`,
    ) ?? [];
  expect(made?.Properties.Environment.Variables.KIND).toBe(kind);
  const role = made?.Properties.Role['Fn::GetAtt'][0] as string;
  expect(every('AWS::IAM::Role').find(([name]) => name === role)?.[1].Properties.RoleName).toBe(executor);
  const rules = every('AWS::Events::Rule').filter(([, { Properties }]) =>
    JSON.stringify(Properties.Targets).includes(`"${id}"`),
  );
  expect(rules.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(['rate(5 minutes)']);
});

test('the audit is signed every hour by a function that can put manifests and no events', () => {
  const puts = statementsOf(made.security, 'leastwise-seal-audit').filter(({ Action }) =>
    Action.includes('s3:PutObject'),
  );
  expect(puts.map(({ Resource }) => JSON.stringify(Resource))).toEqual([expect.stringContaining('/manifests/*')]);
  const rules = every('AWS::Events::Rule').filter(([, { Properties }]) =>
    JSON.stringify(Properties.Targets).includes('AuditSealAudit'),
  );
  expect(rules.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(['cron(7 * * * ? *)']);
});

test('every member role that changes anything is kept from what must never be touched', () => {
  for (const role of ['leastwise-restrict', 'leastwise-apply', 'leastwise-lend']) {
    const denies = statementsOf(made.member, role).filter(({ Effect }) => Effect === 'Deny');
    expect(denies).toHaveLength(1);
    const out = JSON.stringify(denies[0]?.Resource);
    for (const path of ['leastwise-*', 'aws-service-role/*', 'aws-reserved/*', 'cdk-*'])
      expect(out).toContain(`role/${path}`);
  }
});

/** Actions whose resource is `*`, each with the reason that no narrower one exists. */
const justified: Readonly<Record<string, string>> = {
  'xray:PutTelemetryRecords': 'no resource-level permissions',
  'xray:PutTraceSegments': 'no resource-level permissions',
  'dynamodb:ListStreams': 'the CDK asks for it to read a stream, and it has no resource-level permissions',
  'iam:GetAccountAuthorizationDetails': 'no resource-level permissions',
  'cloudtrail:ListPublicKeys': 'no resource-level permissions',
  ...Object.fromEntries(
    Object.values(resourceReading)
      .flat()
      .map((action) => [action, 'which resources an account has is what is asked; no content is read']),
  ),
};

test('no role of ours has a wildcard action, and none a wildcard resource without a reason', () => {
  for (const resources of [made.security, made.member]) {
    for (const [, { Properties }] of ofType(resources, 'AWS::IAM::Role')) {
      if (!Properties.RoleName) continue;
      for (const { Effect, Action, Resource } of statementsOf(resources, Properties.RoleName)) {
        if (Effect === 'Deny') continue;
        expect(Action.filter((action) => action.endsWith(':*') || action === '*')).toEqual([]);
        if (Resource.includes('*')) expect(Action.filter((action) => !(action in justified))).toEqual([]);
      }
    }
  }
});
