import { NoSuchPath, readCloudTrail } from '../adapters/files/cloudtrail.ts';
import { type Instant, instantAt } from '../core/time.ts';
import type { UsageEvent } from '../core/usage/event.ts';

/** Something about the arguments that the user can put right; the message says what. */
export class WrongUsage extends Error {}

/** What a first look at the logs shows. */
export interface Survey {
  from: Instant;
  to: Instant;
  events: number;
  rejected: number;
  accounts: ReadonlySet<string>;
  /** Long-lived keys by user ARN, which authorization details do not hold. */
  keys: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Looks at every event once; throws WrongUsage where there is none. */
export async function surveyOf(paths: readonly string[]): Promise<Survey> {
  const survey = { from: '' as Instant, to: '' as Instant, events: 0, rejected: 0 };
  const accounts = new Set<string>();
  const keys = new Map<string, Set<string>>();
  for await (const { events, rejections } of logsIn(paths)) {
    survey.events += events.length;
    survey.rejected += rejections.length;
    for (const event of events) {
      if (survey.from === '' || event.time < survey.from) survey.from = event.time;
      if (event.time > survey.to) survey.to = event.time;
      if (event.account) accounts.add(event.account);
      noteKey(keys, event);
    }
  }
  if (survey.events === 0)
    throw new WrongUsage(`${paths.join(', ')}: no CloudTrail event in it (${survey.rejected} records rejected).`);
  return { ...survey, accounts, keys };
}

function noteKey(keys: Map<string, Set<string>>, { caller: { arn, accessKeyId } }: UsageEvent): void {
  if (!arn?.includes(':user/') || !accessKeyId?.startsWith('AKIA')) return;
  keys.set(arn, (keys.get(arn) ?? new Set()).add(accessKeyId));
}

/** The files, with a path that is not there told as wrong usage. */
export async function* logsIn(paths: readonly string[]) {
  try {
    yield* readCloudTrail(paths, { now: instantAt(Date.now() / 1000) });
  } catch (fault) {
    throw fault instanceof NoSuchPath ? new WrongUsage(`${fault.message}.`) : fault;
  }
}
