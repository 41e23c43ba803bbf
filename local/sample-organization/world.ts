import type { Day, Instant } from '../../core/time.ts';
import { dayOf, instantAt, secondsOf } from '../../core/time.ts';
import { type AccountName, accounts } from './accounts.ts';
import { randomOf } from './random.ts';

/** `small` opens a page within seconds; `large` has the volume and the mix of a real trail. */
export type Profile = 'small' | 'large';

/** What everything else is drawn from. */
export interface World {
  seed: number;
  days: number;
  end: Instant;
  profile: Profile;
}

/** A role or a user as IAM knows it. */
export interface IdentityRef {
  type: 'role' | 'user';
  account: string;
  name: string;
  path: string;
  id: string;
  arn: string;
}

const oneDay = 86_400;

/** All days of the window, the one of `end` last. */
export function daysOf(world: World): Day[] {
  const last = secondsOf(`${dayOf(world.end)}T00:00:00Z` as Instant);
  return Array.from({ length: world.days }, (_, i) => dayOf(instantAt(last - (world.days - 1 - i) * oneDay)));
}

/** Days since 1970-01-01, for calendars. */
export const dayNumber = (day: Day): number => Math.round(secondsOf(`${day}T00:00:00Z` as Instant) / oneDay);

/** 0 is Sunday. */
export const weekday = (day: Day): number => (dayNumber(day) + 4) % 7;

export const isWorkday = (day: Day): boolean => weekday(day) > 0 && weekday(day) < 6;

/** The moment `seconds` into a day, never outside it. */
export function momentOf(day: Day, seconds: number): Instant {
  const whole = Math.min(oneDay - 1, Math.max(0, Math.floor(seconds)));
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  return `${day}T${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}Z` as Instant;
}

/** A role with the unique id that this seed gives it. */
export function roleOf(world: World, account: AccountName, name: string, path = '/'): IdentityRef {
  const number = accounts[account];
  const id = `AROA${randomOf(world.seed, 'role', number, name).letters(17)}`;
  return { type: 'role', account: number, name, path, id, arn: `arn:aws:iam::${number}:role${path}${name}` };
}

/** A user with the unique id that this seed gives it. */
export function userOf(world: World, account: AccountName, name: string): IdentityRef {
  const number = accounts[account];
  const id = `AIDA${randomOf(world.seed, 'user', number, name).letters(17)}`;
  return { type: 'user', account: number, name, path: '/', id, arn: `arn:aws:iam::${number}:user/${name}` };
}

/** The long-lived key of a user. */
export const accessKeyOf = (world: World, user: IdentityRef): string =>
  `AKIA${randomOf(world.seed, 'key', user.arn).letters(16)}`;

/** The role that Identity Center keeps in an account for a permission set. */
export function reservedRoleOf(world: World, account: AccountName, set: string): IdentityRef {
  const suffix = randomOf(world.seed, 'set', set).hex(16);
  const path = '/aws-reserved/sso.amazonaws.com/eu-central-1/';
  return roleOf(world, account, `AWSReservedSSO_${set}_${suffix}`, path);
}

/** A person's id in the identity store. */
export const storeUserOf = (world: World, person: string): string => randomOf(world.seed, 'person', person).uuid();
