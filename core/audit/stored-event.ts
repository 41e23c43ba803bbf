import { fail, ok, type Result } from '../result.ts';
import { parseInstant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import { canonicalJson } from './canonical.ts';
import type { DomainEvent } from './event.ts';

/**
 * Reads an event as the archive keeps it. Its text must be the canonical JSON, byte for byte: a repeated key, which two
 * readers may read differently, is not. Gives the reason where it is no event.
 */
export function storedEvent(text: string): Result<DomainEvent, string> {
  const value = jsonOf(text);
  if (value === undefined) return fail('it is not JSON');
  const event = objectOf(value);
  if (event === null || !isEvent(event)) return fail('it is not an event');
  return canonicalJson(event) === text ? ok(event) : fail('it is not written as events are');
}

/** The JSON value of a text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isEvent(event: object): event is DomainEvent {
  const { v, aggregate, sequence, type, at, by, data, previous, hash } = event as Record<string, unknown>;
  const texts = [objectOf(aggregate)?.type, objectOf(aggregate)?.id, type, previous, hash];
  return (
    v === 1 &&
    texts.every((text) => textOf(text) !== null) &&
    typeof by === 'string' &&
    isSequence(sequence) &&
    typeof at === 'string' &&
    parseInstant(at) === at &&
    objectOf(data) !== null
  );
}

/** A place in a chain: 1, 2, 3, … */
export const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
