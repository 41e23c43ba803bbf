import type { Instant } from '../time.ts';
import type { Inventory, InventoryPart } from './inventory.ts';
import type { ResourcePolicy } from './resource-policy.ts';

/** The part that holds users, roles, groups and policies. */
export const identities = 'identities';

/** The part that a resource belongs to: its service, and its region where its ARN has one. */
export function partOf(arn: string): string {
  const [, , service = '', region = ''] = arn.split(':');
  return region === '' ? service : `${service} ${region}`;
}

/** What one attempt to read a part gave. */
export type PartRead =
  | { part: string; at: Instant; resources: readonly ResourcePolicy[] }
  | { part: string; at: Instant; denied: string };

/**
 * The inventory after some of its parts were read again. What was read replaces what stood there of its part; where
 * reading was denied, what stood there stays, with its age and the reason.
 */
export function withParts(inventory: Inventory, reads: readonly PartRead[]): Inventory {
  const parts = new Map(inventory.parts?.map((each) => [each.part, each]));
  let resources = inventory.resources;
  for (const read of reads) {
    if ('denied' in read) {
      const takenAt = parts.get(read.part)?.takenAt ?? null;
      parts.set(read.part, { part: read.part, takenAt, denied: { at: read.at, detail: read.denied } });
    } else {
      resources = [...(resources ?? []).filter(({ arn }) => partOf(arn) !== read.part), ...read.resources];
      parts.set(read.part, { part: read.part, takenAt: read.at, denied: null });
    }
  }
  return {
    ...inventory,
    ...(resources ? { resources: [...resources].sort((a, b) => (a.arn < b.arn ? -1 : 1)) } : {}),
    parts: [...parts.values()].sort((a, b) => (a.part < b.part ? -1 : 1)),
  };
}

/** New identities in the place of the old; what else was read of the account stays as it is, with its age. */
export function withIdentities({ resources, parts = [] }: Partial<Inventory>, taken: Inventory): Inventory {
  const own: InventoryPart = { part: identities, takenAt: taken.takenAt, denied: null };
  return {
    ...taken,
    ...(resources ? { resources } : {}),
    parts: [...parts.filter(({ part }) => part !== identities), own].sort((a, b) => (a.part < b.part ? -1 : 1)),
  };
}

/** Whether the part was asked for at that time or later, with whatever answer. */
export function isTried({ parts = [] }: Partial<Inventory>, part: string, since: Instant): boolean {
  const found = parts.find((each) => each.part === part);
  return (found?.takenAt ?? '') >= since || (found?.denied?.at ?? '') >= since;
}
