/**
 * Actions whose calls CloudTrail records as data events, which a trail leaves out unless it is told to take them: by
 * service, `*` for nearly all that the service does besides being set up. From CloudTrail's list of resource types that
 * data events are logged for.
 */
const dataEvents: Readonly<Record<string, string>> = {
  appconfig: 'GetLatestConfiguration StartConfigurationSession',
  appsync: 'EventConnect EventPublish EventSubscribe GraphQL',
  bedrock:
    'ApplyGuardrail InvokeAgent InvokeFlow InvokeInlineAgent InvokeModelWithResponseStream RenderPrompt Retrieve RetrieveAndGenerate',
  aps: 'GetLabels GetMetricMetadata GetSeries QueryMetrics RemoteWrite',
  cassandra: 'Modify Select',
  'cloudfront-keyvaluestore': '*',
  'cloudtrail-data': '*',
  cloudwatch: 'GetMetricData GetMetricStatistics GetMetricWidgetImage ListMetrics PutMetricData',
  'cognito-identity':
    'GetCredentialsForIdentity GetId GetOpenIdToken GetOpenIdTokenForDeveloperIdentity UnlinkIdentity',
  dynamodb:
    'BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem GetRecords GetShardIterator PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate PutItem Query Scan UpdateItem',
  ebs: '*',
  'execute-api': '*',
  firehose: 'PutRecord PutRecordBatch',
  guardduty: 'SendSecurityTelemetry',
  iot: 'Connect DeleteThingShadow GetThingShadow Publish Receive RetainPublish Subscribe UpdateThingShadow',
  iotsitewise:
    'BatchGetAssetPropertyValue BatchPutAssetPropertyValue GetAssetPropertyValue GetAssetPropertyValueHistory',
  'kafka-cluster': '*',
  kinesis: 'GetRecords GetShardIterator PutRecord PutRecords SubscribeToShard',
  kinesisvideo: 'GetMedia PutMedia',
  lambda: 'InvokeAsync InvokeFunction InvokeFunctionUrl',
  logs: 'PutLogEvents',
  'neptune-db': '*',
  'neptune-graph': 'DeleteDataViaQuery GetQueryStatus ListQueries ReadDataViaQuery WriteDataViaQuery',
  qbusiness: 'Chat ChatSync PutFeedback',
  'rds-data': '*',
  'redshift-data': 'ExecuteStatement',
  s3: 'AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateTags RestoreObject UpdateObjectEncryption',
  's3-object-lambda': '*',
  's3-outposts': 'AbortMultipartUpload DeleteObject GetObject ListBucket PutObject',
  s3express: 'CreateSession',
  s3tables: 'GetTableData PutTableData',
  s3vectors: 'DeleteVectors GetVectors ListVectors PutVectors QueryVectors',
  sagemaker: 'BatchGetRecord DeleteRecord GetRecord InvokeEndpoint InvokeEndpointAsync PutRecord',
  sdb: '*',
  servicediscovery: 'DiscoverInstances DiscoverInstancesRevision',
  ses: 'SendBulkEmail SendBulkTemplatedEmail SendCustomVerificationEmail SendEmail SendRawEmail SendTemplatedEmail',
  sns: 'Publish',
  sqs: 'ChangeMessageVisibility DeleteMessage ReceiveMessage SendMessage',
  ssmmessages: '*',
  states: 'InvokeHTTPEndpoint RedriveExecution StartSyncExecution',
  swf: '*',
  timestream: 'Select SelectValues WriteRecords',
  verifiedpermissions: 'IsAuthorized IsAuthorizedWithToken',
  xray: 'GetTraceSummaries PutTelemetryRecords PutTraceSegments',
};

const names = new Map(
  Object.entries(dataEvents).map(([service, list]) => [service, list === '*' ? null : new Set(list.split(' '))]),
);

/** Whether a trail records calls of the action only where it takes data events. */
export function isDataEvent(service: string, name: string): boolean {
  const known = names.get(service);
  return known === null || known?.has(name) === true;
}

/** The table's actions, so that a test can hold them against the catalogue; `service:*` for whole services. */
export const dataEventActions = (): readonly string[] =>
  Object.entries(dataEvents).flatMap(([service, list]) => list.split(' ').map((name) => `${service}:${name}`));
