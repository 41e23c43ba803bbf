import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { memberRoles } from './member-roles.ts';

/** A statement of a service control policy. SCPs name no principals: conditions spare some. */
interface Denial {
  Sid: string;
  Effect: 'Deny';
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface ServiceControlPolicy {
  Version: '2012-10-17';
  Statement: Denial[];
}

/** On a principal whose inline policies nobody but `restrict` may touch. */
const quarantineTag = 'leastwise:quarantine';

/** What deploys our stacks: StackSets' own role in member accounts, and CloudFormation's under a bootstrap of the CDK. */
const deployers = ['arn:aws:iam::*:role/stacksets-exec-*', 'arn:aws:iam::*:role/cdk-*-cfn-exec-role-*'];
const restrict = `arn:aws:iam::*:role/${memberRoles.quarantine.name}`;
const except = (...principals: string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': principals } });

/**
 * The standing SCP that a management account may adopt: our Deny is `restrict`'s alone, and our roles, rules and the trail
 * are nobody's but those who deploy them. Break-glass principals are spared. SCPs do not reach the management account.
 */
export function standingPolicy(configuration: Configuration): ServiceControlPolicy {
  const { breakGlass, trail } = configuration;
  const { managementAccount } = deploymentOf(configuration);
  const mayDeploy = except(...deployers, ...breakGlass);
  const statements: Denial[] = [
    deny('OurDenyIsOurs', policyActions, '*', {
      ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::*:policy/leastwise-*' },
      ...except(restrict, ...deployers, ...breakGlass),
    }),
    deny('QuarantineIsOurs', inlineAndTags, '*', {
      Null: { [`aws:ResourceTag/${quarantineTag}`]: 'false' },
      ...except(restrict, ...breakGlass),
    }),
    deny('OurRolesAreOurs', roleActions, ['arn:aws:iam::*:role/leastwise-*'], mayDeploy),
    deny('OurPoliciesAreOurs', documentActions, ['arn:aws:iam::*:policy/leastwise-*'], mayDeploy),
    deny('OurRulesAreOurs', ruleActions, ['arn:aws:events:*:*:rule/leastwise-*'], mayDeploy),
    deny(
      'TheTrailGoesOn',
      trailActions,
      [`arn:aws:cloudtrail:*:${managementAccount ?? '*'}:trail/*`],
      except(...breakGlass),
    ),
  ];
  if (trail !== null)
    statements.push(
      deny(
        'TheFilesStay',
        bucketActions,
        [`arn:aws:s3:::${trail.bucket}`, `arn:aws:s3:::${trail.bucket}/*`],
        except(...breakGlass),
      ),
    );
  return { Version: '2012-10-17', Statement: statements };
}

/** Denies everything to the users of Identity Center whose ids `contain` writes into it; nobody's to begin with. */
export const containedPolicy: ServiceControlPolicy = {
  Version: '2012-10-17',
  Statement: [deny('Contained', ['*'], '*', { StringEquals: { 'identitystore:UserId': ['nobody'] } })],
};

/** Lets the role `leastwise-contain` of the security account change that one SCP, and nothing else of the organization. */
export const delegationOf = (configuration: Configuration, policyArn: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'LeastwiseContain',
      Effect: 'Allow',
      // By account and condition: a principal must exist when a policy names it.
      Principal: { AWS: `arn:aws:iam::${configuration.securityAccount}:root` },
      Action: ['organizations:DescribePolicy', 'organizations:UpdatePolicy'],
      Resource: policyArn,
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${configuration.securityAccount}:role/leastwise-contain` },
      },
    },
  ],
});

function deny(
  Sid: string,
  Action: string[],
  Resource: Denial['Resource'],
  Condition: NonNullable<Denial['Condition']>,
): Denial {
  return { Sid, Effect: 'Deny', Action, Resource, Condition };
}

const policyActions = [
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:DetachGroupPolicy',
  'iam:DetachRolePolicy',
  'iam:DetachUserPolicy',
];
const inlineAndTags = [
  'iam:DeleteRolePolicy',
  'iam:DeleteUserPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:TagRole',
  'iam:TagUser',
  'iam:UntagRole',
  'iam:UntagUser',
  'iam:UpdateAccessKey',
];
const roleActions = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole*',
  'iam:DetachRolePolicy',
  'iam:PutRole*',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:Update*Role*',
];
const documentActions = ['iam:CreatePolicy*', 'iam:DeletePolicy*', 'iam:SetDefaultPolicyVersion'];
const ruleActions = [
  'events:DeleteRule',
  'events:DisableRule',
  'events:PutRule',
  'events:PutTargets',
  'events:RemoveTargets',
];
const trailActions = [
  'cloudtrail:DeleteTrail',
  'cloudtrail:PutEventSelectors',
  'cloudtrail:StopLogging',
  'cloudtrail:UpdateTrail',
];
const bucketActions = [
  's3:DeleteBucket*',
  's3:DeleteObject*',
  's3:PutBucketPolicy',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
];
