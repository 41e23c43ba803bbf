import type { Person } from '../../core/approvals/rules.ts';
import type { Configuration } from '../../core/configuration.ts';
import { type Day, type Instant, plusSeconds } from '../../core/time.ts';
import { type AccountName, accountNames, accounts } from './accounts.ts';
import { attackAt, type Stolen, stolenIn } from './attack.ts';
import { authorizationDetailsOf } from './authorization-details.ts';
import { configurationOf, peopleOf } from './configuration.ts';
import { usersOf } from './identities.ts';
import { machineDay } from './machine-day.ts';
import { peopleDay } from './people-day.ts';
import type { SampleRecord } from './record.ts';
import { accessKeyOf, daysOf, type Profile, type World } from './world.ts';

export interface SampleOrganization {
  accounts: readonly { id: string; name: string }[];
  people: readonly Person[];
  configuration: Configuration;
  /** As iam:GetAccountAuthorizationDetails answers; throws for an account that is not the organization's. */
  authorizationDetails(account: string): Record<string, unknown>;
  /** The keys of the users, which authorization details leave out. */
  accessKeys: readonly { account: string; user: string; id: string; status: 'Active' }[];
  /** The ordinary days of the window, oldest first, made one at a time; the last one ends with `end`. */
  days(): Iterable<{ day: Day; records: readonly SampleRecord[] }>;
  /** Any day's ordinary records, those after the window included: the organization goes on working. */
  recordsOf(day: Day): readonly SampleRecord[];
  /** The attack on the last day, 40 minutes before `end`; not part of `days`. */
  attack: readonly SampleRecord[];
  /** The same attack at another time, as new events. */
  attackAt(start: Instant): { records: readonly SampleRecord[]; stolen: Stolen };
}

/**
 * An invented organization at work: machines above all, people on weekdays, a pager, a pipeline, seasonal jobs, joiners,
 * and one stolen key. The same arguments give the same bytes. It knows nothing of how its events are judged.
 */
export function sampleOrganization(options: {
  seed: number;
  days?: number;
  end: Instant;
  profile?: Profile;
}): SampleOrganization {
  const world: World = { days: 60, profile: 'small', ...options };
  const recordsOf = (day: Day) => [...machineDay(world, day), ...peopleDay(world, day)].sort(byTime);
  return {
    accounts: accountNames.map((name) => ({ id: accounts[name], name })),
    people: peopleOf(world),
    configuration: configurationOf(world),
    authorizationDetails: (account) => authorizationDetailsOf(world, nameOf(account)),
    accessKeys: usersOf(world).map((user) => ({
      account: user.account,
      user: user.name,
      id: accessKeyOf(world, user),
      status: 'Active',
    })),
    days: function* () {
      for (const day of daysOf(world)) {
        yield { day, records: recordsOf(day).filter((record) => record.eventTime < world.end) };
      }
    },
    recordsOf,
    attack: attackAt(world, plusSeconds(world.end, -2400)),
    attackAt: (start) => ({ records: attackAt(world, start), stolen: stolenIn(world, start) }),
  };
}

function nameOf(account: string): AccountName {
  const name = accountNames.find((each) => accounts[each] === account);
  if (!name) throw new Error(`${account} is not an account of the sample organization`);
  return name;
}

const byTime = (a: SampleRecord, b: SampleRecord): number =>
  a.eventTime < b.eventTime || (a.eventTime === b.eventTime && a.eventID < b.eventID) ? -1 : 1;
