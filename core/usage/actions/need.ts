import type { UsageEvent } from '../event.ts';

/** What of an event decides its actions. */
export type MappableEvent = Pick<
  UsageEvent,
  'kind' | 'source' | 'name' | 'requestParameters' | 'resources' | 'region' | 'account'
> & {
  /** Calls about one's own user name nobody. */
  caller?: { arn: string | null };
  /** What came of it may show what it needed. */
  responseElements?: unknown;
  /** A denial may name the resource. */
  errorMessage?: string | null;
};

/** What came with a request, as in the record. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One action that a call needed. */
export interface Need {
  /** Canonical `service:Action`. */
  action: string;
  /** False where the record does not show which of several actions it was: each may have been needed. */
  certain: boolean;
  /** Stands for the request's own parameters when resources are looked for, once for each resource. */
  about?: readonly Parameters[];
}

export const need = (action: string, about?: readonly Parameters[]): Need =>
  about ? { action, certain: true, about } : { action, certain: true };

export const parametersOf = (value: unknown): Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Parameters) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
