import { findAction } from '../catalogue/catalogue.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';
import type { ResourcePolicy } from '../identity/resource-policy.ts';
import { dayNumber, dayOf, type Instant, plusSeconds } from '../time.ts';
import { endOf, startOf, type Window } from './window.ts';

/** What IAM reports of the last attempts of an account's principals, denied ones too. */
export interface LastAccessed {
  /** Regions that the account has enabled. */
  regions: readonly string[];
  /** By ARN; a principal that is not in it was not asked about. */
  reports: ReadonlyMap<string, AccessReport>;
}

/** IAM's answer about one principal (GetServiceLastAccessedDetails). */
interface AccessReport {
  /** When the job completed. */
  completedAt: Instant;
  /** The last attempt by service prefix, null: none in the reporting period. A service that is not in it has no data. */
  services: ReadonlyMap<string, Instant | null>;
}

/**
 * Regions whose attempts IAM tracked before 2024, by its user guide; the reporting period of no report that is taken today
 * begins earlier. Attempts in other regions may be missing.
 */
const tracked = new Set(
  `af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2
  ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
  eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`.split(/\s+/),
);

/** Attempts show after four hours at the latest. */
const delaySeconds = 4 * 3600;
/** IAM reports at least so many days. */
const reportedDays = 400;
const none: ReadonlySet<string> = new Set();

interface Facts {
  lastAccessed: LastAccessed | undefined;
  window: Window;
  /** The account's resources with policies of their own; undefined where nobody asked for them. */
  resources: readonly ResourcePolicy[] | undefined;
}

/**
 * The services that a principal surely did not try to use throughout the window. Empty wherever one condition is not
 * known to hold: the report covers the window whole and every region, and no resource policy names the principal, through
 * which it could act unreported.
 */
export function untouchedServices(principal: PrincipalRecord, facts: Facts): ReadonlySet<string> {
  const { lastAccessed, window, resources } = facts;
  const report = lastAccessed?.reports.get(principal.arn);
  if (lastAccessed === undefined || report === undefined) return none;
  if (lastAccessed.regions.length === 0 || !lastAccessed.regions.every((region) => tracked.has(region))) return none;
  if (!covers(report, window) || resources === undefined || resources.some((each) => names(each, principal)))
    return none;
  const from = startOf(window);
  return new Set([...report.services].filter(([, last]) => last === null || last < from).map(([service]) => service));
}

function covers({ completedAt }: AccessReport, window: Window): boolean {
  const isLater = completedAt > plusSeconds(endOf(window), delaySeconds);
  return isLater && dayNumber(dayOf(completedAt)) - dayNumber(window.first) <= reportedDays;
}

/** A policy that could not be read may name anybody. */
function names({ policy, grants, isUnread }: ResourcePolicy, { arn, id, name, type }: PrincipalRecord): boolean {
  if (isUnread) return true;
  const session = type === 'role' ? [`:assumed-role/${name}/`, `:assumed-role/${name}"`] : [];
  const text = `${policy ?? ''}${JSON.stringify(grants)}`;
  return [`"${arn}"`, id, ...session].some((each) => text.includes(each));
}

/**
 * Whether an unobservable action becomes unused where its whole service was not touched. PassRole and actions that no call
 * has never do: nobody reports of them.
 */
export function isUntouched(action: string, untouched: ReadonlySet<string>): boolean {
  const known = findAction(action);
  if (known === undefined || known.permissionOnly || known.action === 'iam:PassRole') return false;
  return untouched.has(known.service);
}
