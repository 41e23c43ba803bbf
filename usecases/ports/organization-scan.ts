import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import type { InventoryPart } from '../../core/identity/inventory.ts';
import type { OrganizationTree } from '../../core/identity/organization-tree.ts';
import type { Instant } from '../../core/time.ts';

/** What has been answered, by call. A scan that is given what an earlier one was told before it broke off goes on there. */
export type Answers = Map<string, unknown>;

/**
 * Reads what stands above the accounts. Faults are thrown: a ReadingDenied where one may not ask, a ReadingBrokenOff where
 * time was up; the answers hold what was read by then.
 */
export interface OrganizationScan {
  /** The tree, its policies, and who acts for it; Identity Center is left out. */
  organization(answers: Answers, hasTime: () => boolean): Promise<OrganizationTree>;
  /** null: there is none. */
  identityCenter(answers: Answers, hasTime: () => boolean): Promise<IdentityCenter | null>;
}

/** The newest that was read of the organization, and how old each part is. */
export interface KeptOrganization {
  tree: OrganizationTree;
  parts: readonly InventoryPart[];
}

export interface OrganizationStore {
  read(): Promise<KeptOrganization | undefined>;
  write(kept: KeptOrganization): Promise<void>;
  /** What a run since that time was told before it broke off. */
  answers(since: Instant): Promise<Answers>;
  keepAnswers(since: Instant, answers: Answers): Promise<void>;
}
