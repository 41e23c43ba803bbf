import { seeded } from './random.ts';

const calls = [
  { source: 's3.amazonaws.com', name: 'GetObject', of: 'arn:aws:s3:::bench-data-N/key-N' },
  { source: 's3.amazonaws.com', name: 'PutObject', of: 'arn:aws:s3:::bench-data-N/key-N' },
  { source: 's3.amazonaws.com', name: 'ListObjectsV2', of: 'arn:aws:s3:::bench-data-N' },
  { source: 'dynamodb.amazonaws.com', name: 'GetItem', of: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders-N' },
  { source: 'dynamodb.amazonaws.com', name: 'PutItem', of: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders-N' },
  { source: 'kms.amazonaws.com', name: 'Decrypt', of: 'arn:aws:kms:eu-west-1:111122223333:key/key-N' },
  { source: 'kms.amazonaws.com', name: 'GenerateDataKey', of: 'arn:aws:kms:eu-west-1:111122223333:key/key-N' },
  { source: 'ec2.amazonaws.com', name: 'DescribeInstances', of: null },
  { source: 'ec2.amazonaws.com', name: 'DescribeSecurityGroups', of: null },
  { source: 'ec2.amazonaws.com', name: 'RunInstances', of: null },
  { source: 'sts.amazonaws.com', name: 'AssumeRole', of: 'arn:aws:iam::111122223333:role/worker-N' },
  { source: 'sts.amazonaws.com', name: 'GetCallerIdentity', of: null },
  { source: 'secretsmanager.amazonaws.com', name: 'GetSecretValue', of: null },
  { source: 'ssm.amazonaws.com', name: 'GetParameter', of: null },
  { source: 'lambda.amazonaws.com', name: 'Invoke', of: 'arn:aws:lambda:eu-west-1:111122223333:function:job-N' },
  { source: 'lambda.amazonaws.com', name: 'ListFunctions20150331', of: null },
  { source: 'logs.amazonaws.com', name: 'CreateLogStream', of: null },
  { source: 'iam.amazonaws.com', name: 'GetRole', of: null },
  { source: 'sqs.amazonaws.com', name: 'ReceiveMessage', of: 'arn:aws:sqs:eu-west-1:111122223333:queue-N' },
  { source: 'monitoring.amazonaws.com', name: 'PutMetricData', of: null },
] as const;

const agents = [
  'aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#standard',
  'Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10 md/arch#x86_64 lang/python#3.12.3',
  'aws-sdk-java/2.25.60 Linux/5.10 OpenJDK_64-Bit_Server_VM/21.0.3+9-LTS Java/21.0.3 vendor/Amazon.com_Inc. io/sync http/Apache',
  'APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) terraform-provider-aws/5.54.1',
  'aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22.4 md/GOOS#linux md/GOARCH#amd64 api/s3#1.56.1',
  'AWS Internal',
];

/**
 * Records of the size and variety of a real trail (about 1.4 KB each): `principals` identities over sixty days, in the
 * order of time. The same seed gives the same records.
 */
export function* cloudTrailRecords(count: number, seed: number, principals = 300): Generator<object> {
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  const start = Date.parse('2026-01-01T00:00:00Z');
  for (let i = 0; i < count; i++) {
    const who = Math.floor(random() ** 2 * principals);
    const call = calls[(below(6) + who * 3) % calls.length]!;
    const time = new Date(start + Math.floor((i / count) * 60 * 86_400_000)).toISOString();
    const n = below(40);
    yield {
      eventVersion: '1.10',
      userIdentity: who % 3 === 0 ? user(who) : session(who, below(50), time),
      eventTime: `${time.slice(0, 19)}Z`,
      eventSource: call.source,
      eventName: call.name,
      awsRegion: who % 7 === 0 ? 'us-east-1' : 'eu-west-1',
      sourceIPAddress: who % 5 === 0 ? 'lambda.amazonaws.com' : `10.${who % 200}.${below(200)}.${below(200)}`,
      userAgent: agents[(who + below(2)) % agents.length],
      ...(below(50) === 0 && {
        errorCode: 'AccessDenied',
        errorMessage: 'User is not authorized to perform this operation',
      }),
      requestParameters: parametersOf(call, n, below),
      responseElements:
        call.name === 'AssumeRole'
          ? {
              assumedRoleUser: {
                assumedRoleId: `${roleId(n)}:job`,
                arn: `arn:aws:sts::111122223333:assumed-role/worker-${n}/job`,
              },
            }
          : null,
      additionalEventData: {
        SignatureVersion: 'SigV4',
        CipherSuite: 'TLS_AES_128_GCM_SHA256',
        bytesTransferredIn: below(10_000),
        'x-amz-id-2': hex(below, 64),
        bytesTransferredOut: below(10_000),
      },
      requestID: hex(below, 16).toUpperCase(),
      eventID: `${hex(below, 8)}-${hex(below, 4)}-4${hex(below, 3)}-a${hex(below, 3)}-${hex(below, 12)}`,
      readOnly: !/^(?:Put|Create|Run|Invoke)/.test(call.name),
      ...(call.of !== null && {
        resources: [
          { accountId: '111122223333', type: 'AWS::Bench::Resource', ARN: call.of.replaceAll('N', String(n)) },
        ],
      }),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader: `${call.source.split('.')[0]}.eu-west-1.amazonaws.com`,
      },
    };
  }
}

const digits = '0123456789abcdef';

const hex = (below: (n: number) => number, length: number): string => {
  let text = '';
  while (text.length < length) text += digits[below(16)]!;
  return text;
};

const userId = (n: number): string => `AIDABENCH${String(n).padStart(12, '0')}`;
const roleId = (n: number): string => `AROABENCH${String(n).padStart(12, '0')}`;

const user = (n: number) => ({
  type: 'IAMUser',
  principalId: userId(n),
  arn: `arn:aws:iam::111122223333:user/bench-${n}`,
  accountId: '111122223333',
  accessKeyId: `AKIABENCH${String(n).padStart(11, '0')}`,
  userName: `bench-${n}`,
});

const session = (n: number, job: number, time: string) => ({
  type: 'AssumedRole',
  principalId: `${roleId(n)}:job-${job}`,
  arn: `arn:aws:sts::111122223333:assumed-role/worker-${n}/job-${job}`,
  accountId: '111122223333',
  accessKeyId: `ASIABENCH${String(n * 50 + job).padStart(11, '0')}`,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: roleId(n),
      arn: `arn:aws:iam::111122223333:role/worker-${n}`,
      accountId: '111122223333',
      userName: `worker-${n}`,
    },
    attributes: { creationDate: `${time.slice(0, 13)}:00:00Z`, mfaAuthenticated: 'false' },
  },
});

function parametersOf(call: (typeof calls)[number], n: number, below: (n: number) => number): object | null {
  const service = call.source.split('.')[0];
  if (service === 's3')
    return { bucketName: `bench-data-${n}`, Host: `bench-data-${n}.s3.eu-west-1.amazonaws.com`, key: `key-${n}` };
  if (service === 'dynamodb') return { tableName: `orders-${n}`, key: { id: hex(below, 12) }, consistentRead: false };
  if (service === 'kms')
    return {
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::bench-data-${n}` },
    };
  if (call.name === 'AssumeRole')
    return { roleArn: `arn:aws:iam::111122223333:role/worker-${n}`, roleSessionName: 'job', durationSeconds: 3600 };
  if (service === 'secretsmanager')
    return { secretId: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-${n}-AbCdEf` };
  if (service === 'ssm') return { name: `/app/${n}/setting`, withDecryption: true };
  if (service === 'ec2')
    return {
      maxResults: 100,
      filterSet: { items: [{ name: 'vpc-id', valueSet: { items: [{ value: `vpc-${n}` }] } }] },
      instancesSet: {},
    };
  if (service === 'lambda') return { functionName: `job-${n}`, qualifier: 'live' };
  return { name: `thing-${n}`, maxItems: 100 };
}
