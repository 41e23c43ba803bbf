import { actionsOfService, allActions, findAction, servicePrefixes } from '../../../core/catalogue/catalogue.ts';
import { dataEventActions } from '../../../core/rightsizing/data-events.ts';
import { observability, whyUnseen } from '../../../core/rightsizing/observable.ts';
import { recordedNames, recordedServices } from '../../../core/rightsizing/recorded.ts';

const trail = { services: new Set(['kms', 'ec2']), reads: true };

test.each([
  ['iam:PassRole', 'pass-role'],
  ['eks:AccessKubernetesApi', 'permission-only'],
  ['lambda:InvokeFunctionUrl', 'permission-only'],
  ['s3:GetObject', 'data-event'],
  ['dynamodb:PutItem', 'data-event'],
  ['sqs:SendMessage', 'data-event'],
  ['ec2:CreateTags', 'tagging'],
  ['quicksight:DescribeDashboard', 'not-recorded'],
  ['kms:Decrypt', 'not-recorded'],
  ['nosuch:Action', 'unknown-action'],
  ['ec2:RunInstances', undefined],
  ['codebuild:StartBuild', undefined],
  ['s3:GetBucketAcl', undefined],
])('the use of %s does not show: %s', (action, why) => {
  expect(whyUnseen(action, trail)).toBe(why);
});

test('what the account’s own trail leaves out does not show either', () => {
  const without = { services: new Set(['ec2']), reads: false };
  expect(whyUnseen('kms:ScheduleKeyDeletion', without)).toBe('left-out');
  expect(whyUnseen('kms:ScheduleKeyDeletion', trail)).toBeUndefined();
  expect(whyUnseen('ec2:DescribeVpcs', without)).toBe('reads-left-out');
  expect(whyUnseen('ec2:DeleteVpc', without)).toBeUndefined();
});

test('what is observable is exactly what nothing speaks against', () => {
  for (const action of allActions()) {
    expect(observability(action, trail) === 'observable').toBe(whyUnseen(action, trail) === undefined);
  }
});

test('nothing is called observable that no call has, that passes roles or that gives tags', () => {
  const shown = allActions().filter((action) => whyUnseen(action, trail) === undefined);
  expect(shown.filter((action) => findAction(action)?.permissionOnly)).toEqual([]);
  expect(shown.filter((action) => findAction(action)?.accessLevel === 'Tagging')).toEqual([]);
  expect(shown).not.toContain('iam:PassRole');
  expect(shown.length).toBeGreaterThan(3_500);
});

test('every name of both tables is in the catalogue, in its spelling', () => {
  const named = [...recordedNames(), ...dataEventActions().filter((action) => !action.endsWith(':*'))];
  expect(named.filter((action) => findAction(action)?.action !== action)).toEqual([]);
  const services = [...recordedServices(), ...dataEventActions().map((action) => action.split(':')[0] as string)];
  expect(services.filter((service) => !servicePrefixes().includes(service))).toEqual([]);
});

/** Resource types that CloudTrail's documentation lists for data events, each with a call on it. */
const documented: Readonly<Record<string, string>> = {
  'AWS::AppConfig::Configuration': 'appconfig:GetLatestConfiguration',
  'AWS::AppSync::GraphQLApi': 'appsync:GraphQL',
  'AWS::Bedrock::AgentAlias': 'bedrock:InvokeAgent',
  'AWS::Bedrock::Guardrail': 'bedrock:ApplyGuardrail',
  'AWS::Bedrock::KnowledgeBase': 'bedrock:Retrieve',
  'AWS::Cassandra::Table': 'cassandra:Select',
  'AWS::CloudFront::KeyValueStore': 'cloudfront-keyvaluestore:GetKey',
  'AWS::CloudTrail::Channel': 'cloudtrail-data:PutAuditEvents',
  'AWS::CloudWatch::Metric': 'cloudwatch:PutMetricData',
  'AWS::Cognito::IdentityPool': 'cognito-identity:GetId',
  'AWS::DynamoDB::Stream': 'dynamodb:GetRecords',
  'AWS::DynamoDB::Table': 'dynamodb:GetItem',
  'AWS::EC2::Snapshot': 'ebs:GetSnapshotBlock',
  'AWS::GuardDuty::Detector': 'guardduty:SendSecurityTelemetry',
  'AWS::IoT::Thing': 'iot:GetThingShadow',
  'AWS::Kinesis::Stream': 'kinesis:PutRecord',
  'AWS::KinesisVideo::Stream': 'kinesisvideo:GetMedia',
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::NeptuneGraph::Graph': 'neptune-graph:ReadDataViaQuery',
  'AWS::QBusiness::Application': 'qbusiness:ChatSync',
  'AWS::RDS::DBCluster': 'rds-data:ExecuteStatement',
  'AWS::S3::AccessPoint': 's3:GetObject',
  'AWS::S3::Object': 's3:PutObject',
  'AWS::S3Express::Object': 's3express:CreateSession',
  'AWS::S3ObjectLambda::AccessPoint': 's3-object-lambda:GetObject',
  'AWS::S3Outposts::Object': 's3-outposts:PutObject',
  'AWS::S3Tables::Table': 's3tables:GetTableData',
  'AWS::S3Vectors::Index': 's3vectors:QueryVectors',
  'AWS::SageMaker::Endpoint': 'sagemaker:InvokeEndpoint',
  'AWS::SDB::Domain': 'sdb:PutAttributes',
  'AWS::ServiceDiscovery::Service': 'servicediscovery:DiscoverInstances',
  'AWS::SES::EmailIdentity': 'ses:SendEmail',
  'AWS::SNS::Topic': 'sns:Publish',
  'AWS::SQS::Queue': 'sqs:ReceiveMessage',
  'AWS::SSMMessages::ControlChannel': 'ssmmessages:CreateControlChannel',
  'AWS::StepFunctions::StateMachine': 'states:InvokeHTTPEndpoint',
  'AWS::SWF::Domain': 'swf:PollForDecisionTask',
  'AWS::Timestream::Table': 'timestream:WriteRecords',
  'AWS::VerifiedPermissions::PolicyStore': 'verifiedpermissions:IsAuthorized',
  'AWS::XRay::Trace': 'xray:PutTraceSegments',
};

test.each(Object.entries(documented))('calls on %s are data events: %s is never unused', (_, action) => {
  expect(findAction(action)?.action).toBe(action);
  expect(observability(action, trail)).toBe('unobservable');
  expect(['data-event', 'permission-only']).toContain(whyUnseen(action, trail));
});

test('no action of a service whose use is data alone is observable', () => {
  const whole = dataEventActions().filter((action) => action.endsWith(':*'));
  const shown = whole.flatMap((each) =>
    actionsOfService(each.slice(0, -2)).filter(({ action }) => whyUnseen(action, trail) === undefined),
  );
  expect(shown).toEqual([]);
});
