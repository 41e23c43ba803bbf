import { type IamArn, parseIamArn } from '../identity/iam-arn.ts';

/** Where the managed policies stand that Leastwise makes: nothing else is made or deleted anywhere. */
export const ownPolicyPath = '/leastwise/';

/** The managed policy's ARN read, where it is one that Leastwise may make and delete; else undefined. */
export function ownPolicyOf(arn: string): IamArn | undefined {
  const parsed = parseIamArn(arn);
  return parsed?.type === 'policy' && parsed.account !== 'aws' && parsed.path === ownPolicyPath ? parsed : undefined;
}
