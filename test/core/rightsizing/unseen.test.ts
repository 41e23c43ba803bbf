import { unseenIn } from '../../../core/rightsizing/unseen.ts';

const because = (action: string) => unseenIn([{ action, why: 'unobservable' }])[0]?.because;

test.each([
  ['s3:GetObject', { 'data-event': 1 }],
  ['iam:PassRole', { 'pass-role': 1 }],
  ['ec2:CreateTags', { tagging: 1 }],
  ['quicksight:DescribeDashboard', { 'not-recorded': 1 }],
  ['ec2:DescribeInstances', { 'reads-left-out': 1 }],
  ['kms:ScheduleKeyDeletion', { 'left-out': 1 }],
  ['lambda:Invoke*', { 'data-event': 2, 'permission-only': 1 }],
])('%s stays because %j', (action, expected) => {
  expect(because(action)).toEqual(expected);
});

test('only what stays as unobservable has such a reason', () => {
  expect(unseenIn([{ action: 's3:GetObject', why: 'used' }])).toEqual([]);
});
