import type { InventoryProblem } from '../../../core/identity/authorization-details.ts';
import type { ResourcePolicy } from '../../../core/identity/resource-policy.ts';
import { ReadingDenied, type ResourceScan } from '../../../usecases/ports/inventory-scan.ts';
import { dynamodb } from './dynamodb.ts';
import { ecr } from './ecr.ts';
import { events } from './events.ts';
import { kms } from './kms.ts';
import { lambda } from './lambda.ts';
import { isDenied, isGone, type Listed, type Place, type ResourcePolicyReader } from './reader.ts';
import { s3 } from './s3.ts';
import { secretsmanager } from './secretsmanager.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

/** Every service whose resource policies are read: one file each, and its actions in core/identity/reading-actions.ts. */
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

/** Where parts of an account are read, with which credentials. */
export type PlaceOf = (account: string, region: string) => Place;

/** Reads what the resources of accounts say, service by service and region by region. */
export function resourceScan(place: PlaceOf, regions: readonly string[], services = readers): ResourceScan {
  const parts = new Map(
    services.flatMap((reader) =>
      (reader.isGlobal ? regions.slice(0, 1) : regions).map((region) => {
        const part = reader.isGlobal ? reader.service : `${reader.service} ${region}`;
        return [part, { reader, region }] as const;
      }),
    ),
  );
  return {
    parts: [...parts.keys()],
    read: async (account, part) => {
      const found = parts.get(part);
      if (found === undefined) throw new Error(`${part} is no part of an account that is read`);
      try {
        return await readPart(found.reader, place(account, found.region));
      } catch (fault) {
        throw isDenied(fault) ? new ReadingDenied(`${part}: ${fault.message}`) : fault;
      }
    },
  };
}

/** A fault other than a denial of one policy is thrown. */
async function readPart(reader: ResourcePolicyReader, here: Place) {
  const resources: ResourcePolicy[] = [];
  const problems: InventoryProblem[] = [];
  for await (const listed of reader.list(here)) {
    const read = await readOne(listed, here.account);
    if (read === undefined) continue;
    resources.push(read.resource);
    if (read.problem) problems.push(read.problem);
  }
  return { resources, problems };
}

/** A resource whose policy may not be read is marked, since "none" would be an answer; undefined: it is gone by now. */
async function readOne(
  { arn, read }: Listed,
  account: string,
): Promise<{ resource: ResourcePolicy; problem: InventoryProblem | null } | undefined> {
  try {
    const { policy, grants = [], bucket } = await read();
    return { resource: { arn, account, policy, grants, ...(bucket ? { bucket } : {}) }, problem: null };
  } catch (fault) {
    if (isGone(fault)) return undefined;
    if (!isDenied(fault)) throw fault;
    return {
      resource: { arn, account, policy: null, grants: [], isUnread: true },
      problem: { entity: arn, detail: `its policy may not be read: ${fault.message}` },
    };
  }
}
