import { readFile } from 'node:fs/promises';
import type { Configuration } from '../core/configuration.ts';
import { type AuthorizationDetails, parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import { type Instant, plusSeconds, secondsOf } from '../core/time.ts';
import { ownConfiguration } from './own-configuration.ts';
import { foldOwnLogs } from './own-logs.ts';
import { logsIn, type Survey, surveyOf, WrongUsage } from './own-survey.ts';
import { switchOnEverywhere } from './switch-on.ts';
import type { System } from './system.ts';

/** What stands in the user's files, seen once. */
export interface OwnData {
  configuration: Configuration;
  /** The system's clock begins with the last event. */
  end: Instant;
  words: string;
  ingestion: { events: number; rejected: number };
  /** Fills the system; resolves to what was found, in words. */
  fill(system: System): Promise<string>;
}

export interface OwnPaths {
  cloudtrail: readonly string[];
  authorizationDetails: readonly string[];
}

/** Reads the user's files once; throws WrongUsage with a sentence where they cannot be used. */
export async function readOwnData(paths: OwnPaths): Promise<OwnData> {
  if (paths.cloudtrail.length === 0) throw new WrongUsage('--authorization-details needs --cloudtrail beside it.');
  if (paths.authorizationDetails.length === 0)
    throw new WrongUsage(
      '--cloudtrail needs --authorization-details beside it: aws iam get-account-authorization-details > FILE',
    );
  const documents = await Promise.all(paths.authorizationDetails.map(readJson));
  const survey = await surveyOf(paths.cloudtrail);
  const details = parseAuthorizationDetails(documents, survey.to);
  if (details.inventories.length === 0)
    throw new WrongUsage(
      `${paths.authorizationDetails.join(', ')}: no users and roles in it (${details.problems[0]?.detail ?? 'empty'}).`,
    );
  const configuration = ownConfiguration(survey, details);
  return {
    configuration,
    end: survey.to,
    words: `Your own files: ${survey.events} events from ${survey.from} to ${survey.to}.`,
    ingestion: { events: survey.events, rejected: survey.rejected },
    fill: (system) => fill(system, paths, survey, details),
  };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    throw new WrongUsage(fault.code === 'ENOENT' ? `${path}: no such file.` : `${path}: ${fault.message}`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new WrongUsage(`${path}: not JSON (${(cause as Error).message}).`);
  }
}

async function fill(system: System, paths: OwnPaths, survey: Survey, details: AuthorizationDetails): Promise<string> {
  const { truth } = system.stores;
  for (const inventory of details.inventories) truth.load(inventory);
  for (const [user, ids] of survey.keys) {
    const account = user.split(':')[4] ?? '';
    const isKnown = details.inventories.some((each) => each.principals.some(({ arn }) => arn === user));
    if (isKnown) for (const id of ids) truth.putAccessKey(account, user, { id, status: 'Active' });
  }
  await system.takeInventory();
  const watchedFrom = beginOfWatch(survey);
  await foldOwnLogs(system, logsIn(paths.cloudtrail), watchedFrom);
  await system.settle();
  await switchOnEverywhere(system, 'you');
  for (const { id } of system.configuration.accounts) await system.proposeRightsizing(id);
  return wordsOf(system, survey, details, watchedFrom);
}

const oneDay = 86_400;

/** Of a long log the first three quarters say what is normal; a short one is looked at as a whole. */
function beginOfWatch({ from, to }: Survey): Instant {
  const span = secondsOf(to) - secondsOf(from);
  return span < 8 * oneDay ? from : plusSeconds(from, Math.floor(span * 0.75));
}

async function wordsOf(
  system: System,
  survey: Survey,
  details: AuthorizationDetails,
  watchedFrom: Instant,
): Promise<string> {
  const cases = await system.stores.state.cases.list(1000);
  const judged = [...system.judged.values()];
  const proposed = judged.reduce((sum, { proposed: list }) => sum + list.length, 0);
  const postponed = judged.reduce((sum, each) => sum + each.postponed.length, 0);
  const gaps = judged
    .flatMap((each) => each.judged)
    .filter((each) => each.status === 'not-yet-decidable' && each.reason === 'no-ingestion');
  const lines = [
    `Read ${survey.events} events (${survey.rejected} records rejected) from ${survey.from} to ${survey.to}.`,
    watchedFrom === survey.from
      ? 'Too short for a baseline: everything counts as new.'
      : `Up to ${watchedFrom} they say what is normal.`,
    `${cases.length} cases, ${proposed} proposals. What you approve changes the copy of IAM in this process, nothing else.`,
  ];
  if (postponed > 0) lines.push(`${postponed} more proposals wait: a night brings few, those that remove most first.`);
  if (gaps.length > 0)
    lines.push(
      `${gaps.length} identities cannot be judged: the logs do not cover every hour of the ${system.configuration.windowDays} days looked at.`,
    );
  if (details.problems.length > 0)
    lines.push(
      `${details.problems.length} entries of the authorization details were not read, first: ${details.problems[0]?.entity} ${details.problems[0]?.detail}.`,
    );
  return lines.join('\n');
}
