import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { acknowledge } from './acknowledge.ts';

/**
 * Exactly these actions on exactly these resources. The CDK's own grants bring wildcards (`kms:ReEncrypt*`,
 * `s3:GetBucket*`) that nothing here uses. Where a resource must end in a wildcard, `because` says why.
 */
export function allow(role: Role, actions: readonly string[], resources: readonly string[], because?: string): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  if (because) acknowledgeWildcards(role, resources, because);
}

/** To read what is encrypted with the key, and to write it. */
export const allowKey = (role: Role, key: IKey): void =>
  allow(role, ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], [key.keyArn]);

/** Explains to cdk-nag the wildcard at the end of each of these resources. */
export function acknowledgeWildcards(role: Role, resources: readonly string[], because: string): void {
  for (const resource of resources) {
    const shown = flat(Stack.of(role).resolve(resource));
    if (shown.includes('*')) acknowledge(role, `AwsSolutions-IAM5[Resource::${shown}]`, because);
  }
}

/** A resolved value as cdk-nag writes it: references as `<Id>` or `<Id.Attribute>`. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, inner] = ['', '']] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return `<${inner}>`;
  if (name === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (name === 'Fn::Join') return ((inner as [string, unknown[]])[1] ?? []).map(flat).join((inner as [string])[0]);
  throw new Error(`cannot name ${JSON.stringify(value)}`);
}
