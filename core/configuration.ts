import type { ApproverRule, Person } from './approvals/rules.ts';

/** The one typed configuration (leastwise.config.json), after validation. Nothing in it is secret. */
export interface Configuration {
  version: 1;
  organization: { id: string };
  /** The account that Leastwise is deployed into. */
  securityAccount: string;
  homeRegion: string;
  /** Regions that may be used; the home region among them. */
  regions: readonly string[];
  /** Member accounts that Leastwise may be asked to change. */
  accounts: readonly { id: string; name: string }[];
  /** The organization trail's files; null: fast lane only. */
  trail: { bucket: string; prefix: string; logFileValidation: boolean } | null;
  slack: { team: string; app: string; channel: string };
  people: readonly Person[];
  rules: readonly ApproverRule[];
  /** Principal ARNs that Leastwise never touches. */
  breakGlass: readonly string[];
  /** Days of complete ingestion before anything may be proposed. */
  windowDays: number;
  lending: { maxHours: number };
  /** Hours after which an undecided plan lapses. */
  decideWithinHours: number;
}
