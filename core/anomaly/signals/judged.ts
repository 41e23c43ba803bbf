/**
 * Actions whose risk lies in their parameters, all of which some rule here looks at: where no rule speaks, a first use is
 * an ordinary change. Opening a port is none of these: one foreign address is enough for whoever sits there. By the names of their events, without version suffix, and as actions.
 */
const judged: Readonly<Record<string, string>> = {
  AddPermission: 'lambda:AddPermission',
  AttachGroupPolicy: 'iam:AttachGroupPolicy',
  AttachRolePolicy: 'iam:AttachRolePolicy',
  AttachUserPolicy: 'iam:AttachUserPolicy',
  CreatePolicy: 'iam:CreatePolicy',
  CreatePolicyVersion: 'iam:CreatePolicyVersion',
  CreateRole: 'iam:CreateRole',
  ModifyInstanceAttribute: 'ec2:ModifyInstanceAttribute',
  PutBucketPolicy: 's3:PutBucketPolicy',
  PutBucketPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  PutGroupPolicy: 'iam:PutGroupPolicy',
  PutKeyPolicy: 'kms:PutKeyPolicy',
  PutResourcePolicy: 'secretsmanager:PutResourcePolicy',
  PutRolePolicy: 'iam:PutRolePolicy',
  PutUserPolicy: 'iam:PutUserPolicy',
  SetRepositoryPolicy: 'ecr:SetRepositoryPolicy',
  UpdateAssumeRolePolicy: 'iam:UpdateAssumeRolePolicy',
  UpdateFunctionConfiguration: 'lambda:UpdateFunctionConfiguration',
};

const actions = new Set(Object.values(judged));

/** Names of the events whose parameters are judged. */
export const judgedNames: readonly string[] = Object.keys(judged);

/** Whether the action is judged by its parameters. */
export const isJudged = (action: string): boolean => actions.has(action);
