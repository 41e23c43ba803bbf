import { describe, usual, type Workload } from './workload.ts';

/** Jobs that run rarely; their days are what a short window would miss. */
export interface Seasonal extends Workload {
  every: 'month' | 'quarter' | 'year';
}

export const seasonal: readonly Seasonal[] = [
  {
    ...describe('data', 'billing-export', {
      ...usual,
      runs: 'function',
      agent: 'sdk-python',
      perDay: 40,
      uses: [
        ['ce:GetCostAndUsage', 10],
        ['organizations:ListAccounts', 2],
        ['athena:StartQueryExecution@billing', 5],
        ['ses:SendRawEmail', 1],
      ],
      idle: ['ce:UpdateCostCategoryDefinition', 'organizations:DescribeOrganization', 'ses:DeleteIdentity'],
    }),
    every: 'month',
  },
  {
    ...describe('production', 'key-rotation', {
      ...usual,
      runs: 'function',
      agent: 'sdk-python',
      perDay: 24,
      uses: [
        ['iam:ListUsers', 4],
        ['iam:ListAccessKeys@legacy-deploy', 4],
        ['iam:GetAccessKeyLastUsed', 4],
        ['secretsmanager:PutSecretValue@legacy/deploy', 2],
      ],
      idle: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey', 'secretsmanager:DeleteSecret'],
    }),
    every: 'quarter',
  },
];
