import type { InventoryProblem } from '../../../core/identity/authorization-details.ts';
import type { ResourcePolicy } from '../../../core/identity/resource-policy.ts';
import { dynamodb } from './dynamodb.ts';
import { ecr } from './ecr.ts';
import { events } from './events.ts';
import { kms } from './kms.ts';
import { lambda } from './lambda.ts';
import { isDenied, type Listed, type Place, type ResourcePolicyReader } from './reader.ts';
import { s3 } from './s3.ts';
import { secretsmanager } from './secretsmanager.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

/** Every service whose resource policies are read: one file each. */
export const readers: readonly ResourcePolicyReader[] = [
  s3,
  kms,
  sqs,
  sns,
  lambda,
  secretsmanager,
  ecr,
  dynamodb,
  events,
];

export interface ResourcePolicies {
  /** By ARN. */
  resources: readonly ResourcePolicy[];
  /** Resources whose policy may not be read: they are marked, since "none" would be an answer. */
  problems: readonly InventoryProblem[];
}

/**
 * What has been read, by ARN. A scan that is given what an earlier one read before it failed goes on from there.
 */
export type Progress = Map<string, ResourcePolicy>;

/** Reads the resource policies of an account. A fault other than a denial of one policy is thrown. */
export async function scanResourcePolicies(
  place: (region: string) => Place,
  regions: readonly string[],
  {
    progress = new Map(),
    services = readers,
  }: { progress?: Progress; services?: readonly ResourcePolicyReader[] } = {},
): Promise<ResourcePolicies> {
  const problems: InventoryProblem[] = [];
  const listed = new Set<string>();
  const places = services.flatMap((reader) =>
    (reader.isGlobal ? regions.slice(0, 1) : regions).map((region) => ({ reader, here: place(region) })),
  );
  for (const { reader, here } of places) {
    for await (const resource of reader.list(here)) {
      listed.add(resource.arn);
      const problem = progress.has(resource.arn) ? null : await readInto(progress, resource, here.account);
      if (problem) problems.push(problem);
    }
  }
  const resources = [...progress.values()].filter(({ arn }) => listed.has(arn));
  return { resources: resources.sort((a, b) => (a.arn < b.arn ? -1 : 1)), problems };
}

async function readInto(progress: Progress, { arn, read }: Listed, account: string): Promise<InventoryProblem | null> {
  try {
    const { policy, grants = [], bucket } = await read();
    progress.set(arn, { arn, account, policy, grants, ...(bucket ? { bucket } : {}) });
    return null;
  } catch (fault) {
    if (!isDenied(fault)) throw fault;
    progress.set(arn, { arn, account, policy: null, grants: [], isUnread: true });
    return { entity: arn, detail: `its policy may not be read: ${fault.message}` };
  }
}
