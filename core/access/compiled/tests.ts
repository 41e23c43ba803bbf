import { holds } from '../../policy/conditions/holds.ts';
import type { Condition, PolicyDocument } from '../../policy/statement.ts';
import { type Filled, fill, type Pattern, parsePattern, variablesIn } from '../../policy/variables.ts';
import type { ContextValue } from '../situation.ts';

/** What a request says of a key: its value or values, that it is absent, or nothing. */
export type KeyState = ContextValue | typeof absent | typeof unknown;
export const absent = null;
export const unknown = undefined;

/** One operator on one key, of however many statements: what it gives is remembered by the key's value. */
export interface Test {
  readonly number: number;
  readonly condition: Condition;
  /** In lower case. */
  readonly key: string;
  readonly patterns: readonly Pattern[];
  /** null where a value has variables. */
  readonly filled: readonly Filled[] | null;
  /** Every key that the test reads, in lower case. */
  readonly keys: readonly string[];
  readonly known: Map<string, boolean>;
}

/** Distinct values that a test remembers; whoever asks with ever new values shall not fill the memory. */
const most = 512;

/** Makes one test for all conditions that say the same. */
export function createTests(): (condition: Condition, version: PolicyDocument['version']) => Test {
  const tests = new Map<string, Test>();
  return (condition, version) => {
    const { key, values, test } = condition;
    const lower = key.toLowerCase();
    const usesVariables = version === '2012-10-17' && values.some((value) => value.includes('${'));
    const name = JSON.stringify([test, lower, values, usesVariables]);
    const earlier = tests.get(name);
    if (earlier) return earlier;
    const patterns = values.map((value) => parsePattern(value, version) ?? []);
    const variables = patterns.flatMap(variablesIn);
    const made: Test = {
      number: tests.size,
      condition,
      key: lower,
      patterns,
      filled: variables.length === 0 ? (patterns as readonly Filled[]) : null,
      keys: [...new Set([lower, ...variables])],
      known: new Map(),
    };
    tests.set(name, made);
    return made;
  };
}

/** Whether the test holds where all its keys are known. */
export function testHolds(test: Test, stateOf: (key: string) => KeyState): boolean {
  const state = stateOf(test.key);
  if (test.filled && typeof state === 'string') return remembered(test, test.filled, state);
  return holds(test.condition.test, valuesOf(state), test.filled ?? filledWith(test.patterns, stateOf));
}

function remembered(test: Test, wanted: readonly Filled[], value: string): boolean {
  const earlier = test.known.get(value);
  if (earlier !== undefined) return earlier;
  const result = holds(test.condition.test, [value], wanted);
  if (test.known.size >= most) test.known.clear();
  test.known.set(value, result);
  return result;
}

/** The values of a state; an absent key has none. */
export function valuesOf(state: KeyState): readonly string[] {
  if (state === absent || state === unknown) return [];
  return typeof state === 'string' ? [state] : state;
}

function filledWith(patterns: readonly Pattern[], stateOf: (key: string) => KeyState): (Filled | undefined)[] {
  return patterns.map((pattern) => fill(pattern, (key) => textOf(stateOf(key))));
}

/** Only a key of one value can fill a variable. */
export function textOf(state: KeyState): string | undefined {
  return typeof state === 'string' ? state : undefined;
}
