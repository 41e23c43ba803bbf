import { assess } from '../../../core/anomaly/assess.ts';
import { deed } from '../../../core/anomaly/words.ts';
import { known, type Told, tell, today } from './ledger-of.ts';

test.each([
  ['iam:CreateAccessKey', 'created an access key (iam:CreateAccessKey)'],
  ['iam:CreateUser', 'created a user (iam:CreateUser)'],
  ['iam:ListUsers', 'listed users (iam:ListUsers)'],
  ['s3:PutBucketPolicy', 'set a bucket policy (s3:PutBucketPolicy)'],
  ['cloudtrail:StopLogging', 'stopped logging (cloudtrail:StopLogging)'],
  ['iam:CreateSAMLProvider', 'created a SAML provider (iam:CreateSAMLProvider)'],
  ['iam:TagRole', 'tagged a role (iam:TagRole)'],
  ['sts:AssumeRole', 'assumed a role (sts:AssumeRole)'],
  ['ec2:AuthorizeSecurityGroupIngress', 'authorized security group ingress (ec2:AuthorizeSecurityGroupIngress)'],
  ['dynamodb:Query', 'used dynamodb:Query'],
  ['sign-in:ConsoleLogin', 'signed in (ConsoleLogin)'],
  ['unmapped:new.amazonaws.com/Frobnicate', 'used unmapped:new.amazonaws.com/Frobnicate'],
  ['lambda:InvokeFunction', 'invoked a function (lambda:InvokeFunction)'],
])('%s reads: %s', (action, words) => {
  expect(deed(action)).toBe(words);
});

const first = (told: Told) => assess(tell(known, told), [])[0]?.reasons[0]?.words;

test('what is always told says so, and whether it was only tried', () => {
  expect(first({ at: today, does: 'cloudtrail:StopLogging' })).toBe(
    'alice stopped logging (cloudtrail:StopLogging), which is always told',
  );
  expect(first({ at: today, does: 'cloudtrail:StopLogging', denied: true })).toBe(
    'alice was denied cloudtrail:StopLogging, which is always told',
  );
});

test('names and actions that a caller chose stay short', () => {
  const long = 'x'.repeat(5000);
  const told = { at: today, does: `iam:Create${long}`, arn: `arn:aws:iam::111122223333:user/${long}` };
  const [it] = assess(tell({ ...told, does: 'iam:CreateAccessKey' }, { ...told, from: '198.51.100.1' }), []);
  for (const { words } of it!.reasons) expect(words.length).toBeLessThan(700);
});
