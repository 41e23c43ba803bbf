import { holds } from '../../policy/conditions/holds.ts';
import type { Condition, PolicyDocument } from '../../policy/statement.ts';
import { type Filled, fill, type Pattern, parsePattern, variablesIn } from '../../policy/variables.ts';
import { type Facts, untoldPrefix } from '../residual/facts.ts';
import type { ContextValue } from '../situation.ts';
import type { Formula } from './formula.ts';

/** What a request says of a key: its value or values, that it is absent, or nothing. */
export type KeyState = ContextValue | typeof absent | typeof unknown;
export const absent = null;
export const unknown: unique symbol = Symbol('unknown');

/** One operator on one key, of however many statements: what it gives is remembered by the key's value. */
export interface Test {
  readonly condition: Condition;
  readonly version: PolicyDocument['version'];
  /** In lower case. */
  readonly key: string;
  readonly patterns: readonly Pattern[];
  /** null where a value has variables. */
  readonly filled: readonly Filled[] | null;
  /** Every key that the test reads, in lower case. */
  readonly keys: readonly string[];
  readonly known: Map<string, boolean>;
  /** On whom its answer depends. */
  readonly on: Dependence;
  /** Who says what the key is. */
  readonly source: KeySource;
  /** A date asked of epoch time: what it needs to know is not always its key. */
  readonly isClock: boolean;
  /** The test as a formula where its one key is unknown; null until it is asked for. */
  formula: Formula | null;
}

/** Whether something is the same for everybody, for all callers of an account, or for one caller. */
type Dependence = 'nobody' | 'account' | 'caller';

const ofAccount = new Set(['aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths']);

function dependenceOf(keys: readonly string[]): Dependence {
  const personal = keys.filter((key) => /^aws:(?:principal|username$|userid$)/.test(key));
  if (personal.length === 0) return 'nobody';
  return personal.every((key) => ofAccount.has(key)) ? 'account' : 'caller';
}

/**
 * Who says what a key is: the request alone, what the organization knows where the request says nothing, the engine, or
 * what takes more than that.
 */
type KeySource = 'request' | 'organization' | 'engine' | 'elsewhere';

const derived = new Set(['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:username']);

function sourceOf(key: string): KeySource {
  if (derived.has(key)) return 'engine';
  if (/^aws:(?:principaltag\/|principalorg|resourceorg)/.test(key)) return 'organization';
  return key === 'aws:userid' || key === 'aws:resourceaccount' || key.startsWith(untoldPrefix)
    ? 'elsewhere'
    : 'request';
}

/** Distinct values that a test remembers; whoever asks with ever new values shall not fill the memory. */
const most = 4_096;

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
    const keys = [...new Set([lower, ...variables])];
    const made: Test = {
      condition,
      version,
      key: lower,
      patterns,
      filled: variables.length === 0 ? (patterns as readonly Filled[]) : null,
      keys,
      on: dependenceOf(keys),
      source: sourceOf(lower),
      known: new Map(),
      isClock: lower === 'aws:epochtime' && test.name.startsWith('Date'),
      formula: null,
    };
    tests.set(name, made);
    return made;
  };
}

/** Whether the test holds where all its keys are known. */
export function testHolds(test: Test, states: States): boolean {
  return testHoldsOf(test, states.stateOf(test.key), states);
}

/** The same where what the request says of its key is at hand. */
export function testHoldsOf(test: Test, state: KeyState, states: States): boolean {
  if (test.filled && typeof state === 'string') return remembered(test, test.filled, state);
  return holds(test.condition.test, valuesOf(state), test.filled ?? filledWith(test.patterns, states));
}

interface States {
  stateOf(key: string): KeyState;
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

function filledWith(patterns: readonly Pattern[], states: States): (Filled | undefined)[] {
  return patterns.map((pattern) => fill(pattern, (key) => textOf(states.stateOf(key))));
}

/** Only a key of one value can fill a variable. */
function textOf(state: KeyState): string | undefined {
  const values = valuesOf(state);
  return values.length === 1 ? values[0] : undefined;
}

/** What the plain evaluator's facts say of a key. */
export function stateIn(facts: Facts, key: string): KeyState {
  if (!facts.isKnown(key)) return unknown;
  const values = facts.valuesOf(key);
  return values.length === 1 ? values[0]! : values;
}
