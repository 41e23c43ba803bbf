/** The parts of an IAM entity's ARN. */
export interface IamArn {
  partition: string;
  account: string;
  type: 'user' | 'role' | 'group' | 'policy';
  /** Begins and ends with a slash. */
  path: string;
  name: string;
}

/** `account` is `aws` for policies that AWS manages. */
const pattern = /^arn:(aws[a-z-]*):iam::(\d{12}|aws):(user|role|group|policy)(\/(?:[^/]+\/)*)([^/]+)$/;

/** Reads the ARN of a user, role, group or managed policy; undefined for anything else. */
export function parseIamArn(text: string): IamArn | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, partition, account, type, path, name] = match as unknown as [string, string, string, string, string, string];
  return { partition, account, type: type as IamArn['type'], path, name };
}

/** The name at the end of an IAM ARN; a text that is no ARN stands for itself. */
export const iamNameOf = (arnOrName: string): string => parseIamArn(arnOrName)?.name ?? arnOrName;
