import type { AccountId } from '../../../core/identity/principal.ts';
import type { Instant } from '../../../core/time.ts';
import type { Intake } from '../../../core/usage/parse.ts';

/** A record as CloudTrail writes it; `changes` replace members, undefined removes them. */
export function record(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const all: Record<string, unknown> = {
    eventVersion: '1.10',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEALICE00001',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      accessKeyId: 'AKIAEXAMPLEALICE0001',
    },
    eventTime: '2026-03-01T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: '[aws-cli/2.17.0 md/awscrt#0.20.11]',
    requestParameters: { bucketName: 'reports', key: 'q1.csv' },
    responseElements: null,
    eventID: '11111111-2222-4333-8444-555555555555',
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    resources: [{ ARN: 'arn:aws:s3:::reports/q1.csv', type: 'AWS::S3::Object' }],
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** An EventBridge event as CloudTrail's events arrive. */
export const envelope = (changes: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) => ({
  version: '0',
  id: '99999999-2222-4333-8444-555555555555',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.s3',
  account: '111122223333',
  time: '2026-03-01T10:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: record(detail),
  ...changes,
});

export const intake: Intake = {
  trust: 'trusted-by-operator',
  historic: false,
  latest: '2026-03-01T12:00:00Z' as Instant,
  account: null,
};

export const account = '111122223333' as AccountId;
