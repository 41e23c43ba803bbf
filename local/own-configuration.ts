import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import type { AuthorizationDetails } from '../core/identity/authorization-details.ts';
import { secondsOf } from '../core/time.ts';
import type { Survey } from './own-survey.ts';

const team = 'T0LOCAL0001';

/** Nobody decides alone, so the watcher gets a colleague to click as. */
const people: readonly Person[] = [
  { id: 'you', name: 'You', slack: { team, user: 'U0YOU000000' }, actors: [] },
  { id: 'colleague', name: 'A colleague', slack: { team, user: 'U0COLLEAGUE' }, actors: [] },
];

/** Days before the end that are whole and old enough to be judged. */
const wholeDays = ({ from, to }: Survey): number => Math.floor((secondsOf(to) - secondsOf(from)) / 86_400) - 2;

/** A configuration for files of which nothing else is known. */
export const ownConfiguration = (survey: Survey, { inventories }: AuthorizationDetails): Configuration => ({
  version: 1,
  organization: { id: 'o-ownfiles00' },
  securityAccount: inventories[0]?.account ?? '000000000000',
  homeRegion: 'us-east-1',
  regions: ['us-east-1'],
  accounts: inventories.map(({ account }) => ({ id: account, name: account })),
  trail: null,
  slack: { team, app: 'A0LOCAL0001', channel: 'C0LOCAL0001' },
  people,
  rules: [{ name: 'everything', approvers: people.map(({ id }) => id), quorum: 1 }],
  breakGlass: [],
  windowDays: Math.min(90, Math.max(1, wholeDays(survey))),
  lending: { maxHours: 8 },
  decideWithinHours: 24,
});
