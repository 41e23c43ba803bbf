import { type Instant, plusSeconds } from '../../core/time.ts';
import { accounts, trailBucket } from './accounts.ts';
import { type Call, callOf } from './calls.ts';
import { legacyDeploy } from './machinery.ts';
import { randomOf } from './random.ts';
import { denied, recordOf, type SampleRecord } from './record.ts';
import { userSession } from './session.ts';
import { accessKeyOf, userOf, type World } from './world.ts';

/** Who was robbed, and what the thief made. */
export interface Stolen {
  account: string;
  user: string;
  accessKeyId: string;
  newAccessKeyId: string;
  newUser: string;
}

const newUser = 'support-sync';

export function stolenIn(world: World, start: Instant): Stolen {
  const user = userOf(world, legacyDeploy.account, legacyDeploy.name);
  return {
    account: user.account,
    user: user.name,
    accessKeyId: accessKeyOf(world, user),
    newAccessKeyId: `AKIA${randomOf(world.seed, 'attack', 'key', start).letters(16)}`,
    newUser,
  };
}

/**
 * The old pipeline's key turns up on another network: a look around, then secrets, a second key and an administrator to
 * come back with, and the trail switched off. Every call that works is one that the user's policy allows.
 */
export function attackAt(world: World, start: Instant): SampleRecord[] {
  const random = randomOf(world.seed, 'attack', start);
  const user = userOf(world, legacyDeploy.account, legacyDeploy.name);
  const agent = 'aws-cli/2.22.7 md/awscrt#0.23.4 ua/2.0 os/linux#6.5.0 md/arch#x86_64 lang/python#3.12.6';
  const session = userSession(world, user, '192.0.2.66', agent);
  const place = { account: user.account, region: 'eu-central-1', random };
  let second = 0;
  return steps(world, start).map((step) => {
    second += step.wait;
    const call = { ...callOf(step.use, place), ...step.call };
    const failed = step.refused ? denied(session, step.use) : undefined;
    return recordOf(session, call, plusSeconds(start, second), random, failed);
  });
}

interface Step {
  use: string;
  wait: number;
  refused?: true;
  call?: Partial<Call>;
}

const steps = (world: World, start: Instant): Step[] => [...lookAround, ...stealSecrets, ...comeBack(world, start)];

const lookAround: Step[] = [
  { use: 'sts:GetCallerIdentity', wait: 0 },
  { use: 'iam:ListUsers', wait: 14 },
  { use: 'iam:ListRoles', wait: 6 },
  { use: 's3:ListAllMyBuckets', wait: 9 },
  { use: 'ec2:DescribeInstances', wait: 11 },
  { use: 'organizations:ListAccounts', wait: 5, refused: true },
  { use: 'kms:ListKeys', wait: 4, refused: true },
  { use: 'cloudtrail:DescribeTrails', wait: 21 },
];

const stealSecrets: Step[] = [
  { use: 'secretsmanager:ListSecrets', wait: 30 },
  { use: 'secretsmanager:GetSecretValue@orders/database', wait: 12 },
  { use: 'secretsmanager:GetSecretValue@payments/processor', wait: 3 },
  { use: 'secretsmanager:GetSecretValue@legacy/deploy', wait: 3 },
];

function comeBack(world: World, start: Instant): Step[] {
  const stolen = stolenIn(world, start);
  const keyOf = (userName: string, accessKeyId: string): Partial<Call> => ({
    requestParameters: { userName },
    responseElements: { accessKey: { userName, accessKeyId, status: 'Active', createDate: start } },
  });
  const backdoor = `AKIA${randomOf(world.seed, 'attack', 'backdoor', start).letters(16)}`;
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const outside = 'arn:aws:iam::999988887777:root';
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: outside },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${trailBucket}/*`,
      },
    ],
  };
  return [
    { use: 'iam:CreateAccessKey', wait: 40, call: keyOf(stolen.user, stolen.newAccessKeyId) },
    {
      use: 'iam:CreateUser',
      wait: 18,
      call: {
        requestParameters: { userName: newUser },
        responseElements: {
          user: {
            path: '/',
            userName: newUser,
            userId: `AIDA${randomOf(world.seed, start).letters(17)}`,
            arn: `arn:aws:iam::${accounts.production}:user/${newUser}`,
            createDate: start,
          },
        },
      },
    },
    {
      use: 'iam:AttachUserPolicy',
      wait: 6,
      call: { requestParameters: { userName: newUser, policyArn: administrator } },
    },
    { use: 'iam:CreateAccessKey', wait: 5, call: keyOf(newUser, backdoor) },
    {
      use: 's3:PutBucketPolicy',
      wait: 35,
      call: { requestParameters: { bucketName: 'orders-exports', bucketPolicy: policy } },
    },
    { use: 'cloudtrail:StopLogging', wait: 12, call: { requestParameters: { name: 'organization-trail' } } },
  ];
}
