import type { Grant } from './people.ts';

/** What the pipeline does in the account it deploys to, in this order. */
export const pipeline: Grant = {
  uses: [
    ['ecs:RegisterTaskDefinition@orders', 1],
    ['iam:PassRole@orders-api', 0],
    ['ecs:UpdateService@orders', 1],
    ['ecs:DescribeServices@orders', 6],
    ['lambda:UpdateFunctionCode@resize-images', 1],
    ['lambda:GetFunction@resize-images', 2],
    ['cloudformation:CreateChangeSet@orders', 1],
    ['cloudformation:DescribeChangeSet@orders', 2],
    ['cloudformation:ExecuteChangeSet@orders', 1],
    ['cloudformation:DescribeStacks', 4],
  ],
  idle: [
    'cloudformation:DeleteStack',
    'ecs:DeleteService',
    'lambda:DeleteFunction',
    'lambda:AddPermission',
    'ec2:AuthorizeSecurityGroupIngress',
  ],
};

export const builder: Grant = {
  uses: [
    ['ecr:GetAuthorizationToken', 2],
    ['ecr:BatchCheckLayerAvailability@orders', 4],
    ['ecr:InitiateLayerUpload@orders', 3],
    ['ecr:PutImage@orders', 1],
    ['sts:AssumeRole@deploy', 1],
  ],
  idle: ['ecr:DeleteRepository', 'ecr:SetRepositoryPolicy', 'codebuild:StartBuild'],
};
