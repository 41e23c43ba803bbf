import type { Configuration } from '../../../core/configuration.ts';
import { iamNameOf } from '../../../core/identity/iam-arn.ts';
import type { Instant } from '../../../core/time.ts';
import { code, prose } from './text.ts';

/** What the renderer knows beside the store: names, and the key that makes buttons ours. */
export interface Look {
  configuration: Pick<Configuration, 'accounts' | 'people'>;
  nonceKey: string;
}

/** The part of an ARN or federated id that a person recognises; not yet escaped. */
export function shortName(id: string): string {
  const iam = iamNameOf(id);
  if (iam !== id) return iam;
  const last = id.slice(id.lastIndexOf('/') + 1);
  return last === '' ? id : last;
}

/** `name (123456789012)`, or the number alone where the configuration has no name for it. */
export function accountName(look: Look, id: string): string {
  const name = look.configuration.accounts.find((account) => account.id === id)?.name;
  return name === undefined ? code(id, 40) : `${prose(name, 80)} (${code(id, 40)})`;
}

/** The configured name of a person; what is not a person is a function or the schedule. */
export function personName(look: Look, id: string | null): string {
  if (id === null) return 'Leastwise';
  const name = look.configuration.people.find((person) => person.id === id)?.name;
  return name === undefined ? code(id, 80) : prose(name, 80);
}

/** `2026-03-01 14:05 UTC` */
export const moment = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** `8 hours`, `1 hour 30 minutes`, `45 minutes`. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor((seconds % 86_400) / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
  ];
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return words.length === 0 ? `${Math.max(0, Math.floor(seconds))} seconds` : words.join(' ');
}

/** `1 action`, `3 actions` */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
