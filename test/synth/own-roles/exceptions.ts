/** Something that a role may do and no code of ours asks for. */
export interface Exception {
  /** Names of roles. */
  role: RegExp;
  actions: readonly string[];
  /** Who asks for it instead, or why no emulator showed it. */
  because: string;
}

const anyFunction = /^leastwise-(?!forward|schedule|restrict$|apply$|lend$|scan$)/;

/** All of them are needed: one that explains nothing any more fails the test. */
export const exceptions: readonly Exception[] = [
  {
    role: anyFunction,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    because: 'Lambda writes the function’s log under its role.',
  },
  {
    role: anyFunction,
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    because: 'Lambda traces under the function’s role.',
  },
  {
    role: anyFunction,
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    because: 'Lambda polls the queue under the function’s role.',
  },
  {
    role: anyFunction,
    actions: ['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl'],
    because: 'The CDK’s event source grants what any consumer of a queue may need; both touch this one queue only.',
  },
  {
    role: anyFunction,
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    because: 'Lambda polls the stream under the function’s role.',
  },
  {
    role: anyFunction,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    because:
      'DynamoDB, S3 and Secrets Manager ask for the key in the name of whoever reads or writes what it encrypts.',
  },
  {
    role: /^leastwise-(detect-anomaly|publish-events)$/,
    actions: ['sqs:SendMessage'],
    because: 'Lambda puts what of the stream failed for good into a queue, under the function’s role.',
  },
  {
    role: /^leastwise-record-usage$/,
    actions: ['cloudtrail:ListPublicKeys'],
    because: 'moto has no ListPublicKeys; the request is held against the SDK’s own mock.',
  },
  {
    role: /^leastwise-forward$/,
    actions: ['events:PutEvents'],
    because: 'EventBridge forwards under this role.',
  },
  {
    role: /^leastwise-schedule$/,
    actions: ['sqs:SendMessage'],
    because: 'EventBridge Scheduler sends to the queue of revocations under this role.',
  },
  {
    role: /^leastwise-assign$/,
    actions: ['sso:DescribeAccountAssignmentCreationStatus', 'sso:DescribeAccountAssignmentDeletionStatus'],
    because: 'The emulator says at once that an assignment succeeded; Identity Center says so later, to whoever asks.',
  },
];
