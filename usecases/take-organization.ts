import type { IdentityCenter } from '../core/identity/identity-center.ts';
import type { InventoryPart } from '../core/identity/inventory.ts';
import type { Instant } from '../core/time.ts';
import { ReadingBrokenOff, ReadingDenied } from './ports/inventory-scan.ts';
import type { KeptOrganization, OrganizationScan, OrganizationStore } from './ports/organization-scan.ts';

export interface TakeOrganizationDeps {
  organization: OrganizationScan;
  organizations: OrganizationStore;
  now(): Instant;
  hasTime(): boolean;
}

/** What came of the organization; `isUnfinished`: time was up, another run since the same time goes on. */
export interface TakenOrganization {
  denied: readonly { part: string; detail: string }[];
  isUnfinished: boolean;
}

const nothing: TakenOrganization = { denied: [], isUnfinished: false };

/**
 * Reads the organization's tree, its guardrails and Identity Center, and keeps them. What may not be read stays as it
 * was, with its age and the reason. A run that broke off goes on with what it had been told.
 */
export const takeOrganization =
  (deps: TakeOrganizationDeps) =>
  async (since: Instant): Promise<TakenOrganization> => {
    const { organization, organizations, hasTime } = deps;
    const kept = await organizations.read();
    if (kept?.parts.some((part) => isTried(part, since))) return nothing;
    const answers = await organizations.answers(since);
    try {
      const tree = await tried(() => organization.organization(answers, hasTime));
      const center = await tried(() => organization.identityCenter(answers, hasTime));
      return await keep(deps, kept, tree, center);
    } catch (fault) {
      await organizations.keepAnswers(since, answers);
      if (fault instanceof ReadingBrokenOff) return { ...nothing, isUnfinished: true };
      throw fault;
    }
  };

const isTried = ({ takenAt, denied }: InventoryPart, since: Instant): boolean =>
  (takenAt ?? '') >= since || (denied?.at ?? '') >= since;

type Tried<T> = { read: T } | { denied: string };

async function tried<T>(read: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { read: await read() };
  } catch (fault) {
    if (fault instanceof ReadingDenied) return { denied: fault.message };
    throw fault;
  }
}

/** Where nothing was ever kept, a denial has nothing to stand beside. */
async function keep(
  { organizations, now }: TakeOrganizationDeps,
  kept: KeptOrganization | undefined,
  organization: Tried<KeptOrganization['tree']>,
  center: Tried<IdentityCenter | null>,
): Promise<TakenOrganization> {
  const at = now();
  const partOf = (part: string, attempt: Tried<unknown>): InventoryPart => {
    const takenAt = kept?.parts.find((each) => each.part === part)?.takenAt ?? null;
    return 'read' in attempt
      ? { part, takenAt: at, denied: null }
      : { part, takenAt, denied: { at, detail: attempt.denied } };
  };
  const parts = [partOf('organization', organization), partOf('identity-center', center)];
  const tree = 'read' in organization ? organization.read : kept?.tree;
  if (tree !== undefined) {
    const identityCenter = 'read' in center ? center.read : (kept?.tree.identityCenter ?? null);
    await organizations.write({ tree: { ...tree, identityCenter }, parts });
  }
  return {
    ...nothing,
    denied: parts.flatMap(({ part, denied }) => (denied === null ? [] : [{ part, detail: denied.detail }])),
  };
}
