import { policyHolderOf } from '../../../core/access/places.ts';

test.each([
  ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket'],
  ['arn:aws:s3:::bucket/', 'arn:aws:s3:::bucket'],
  ['arn:aws:s3:::bucket/a/b:c', 'arn:aws:s3:::bucket'],
  ['arn:aws:s3:::', 'arn:aws:s3:::'],
  ['arn:aws:dynamodb:eu-west-1:111122223333:table/orders', 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders'],
  [
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-day',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders',
  ],
  [
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01T00:00:00.000',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01T00:00:00.000',
  ],
  ['arn:aws:lambda:eu-west-1:111122223333:function:job', 'arn:aws:lambda:eu-west-1:111122223333:function:job'],
  ['arn:aws:lambda:eu-west-1:111122223333:function:job:7', 'arn:aws:lambda:eu-west-1:111122223333:function:job'],
  ['arn:aws:lambda:eu-west-1:111122223333:layer:tools:7', 'arn:aws:lambda:eu-west-1:111122223333:layer:tools:7'],
  ['arn:aws:sqs:eu-west-1:111122223333:queue', 'arn:aws:sqs:eu-west-1:111122223333:queue'],
  ['*', '*'],
])('the policy that speaks about %s is that of %s', (resource, holder) => {
  expect(policyHolderOf(resource)).toBe(holder);
});
