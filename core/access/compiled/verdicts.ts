import type { Decision } from '../decision.ts';
import { type Asked, decide } from './decide.ts';
import type { Environment } from './environment.ts';
import type { ListGroup } from './lists.ts';
import type { Queries, Row, Verdicts } from './queries.ts';
import { unknown, valuesOf } from './tests.ts';

/** Values of keys that are remembered for one query and caller. */
const most = 64;

/** Decides by what is remembered, where the query was asked before. */
export function remembered(asked: Asked, queries: Queries): Decision {
  const { environment, rcps, session, endpoint } = asked;
  const { query, profile } = environment;
  query.asked += 1;
  if (query.asked < 3 || session !== null || endpoint.items.length > 0) return decide(asked, queries);
  const verdicts = query.verdicts?.get(profile) ?? verdictsOf(environment, rcps, queries);
  if (verdicts.keys === null) return decide(asked, queries);
  const name = valuesAt(verdicts.keys, environment);
  const earlier = verdicts.byValues.get(name);
  if (earlier) return earlier;
  const decision = decide(asked, queries);
  if (verdicts.byValues.size >= most) verdicts.byValues.clear();
  verdicts.byValues.set(name, decision);
  return decision;
}

function valuesAt(keys: readonly string[], environment: Environment): string {
  // Lengths stand before values, so that no value can pass for two.
  let name = `${environment.resourceAccount} `;
  for (const key of keys) {
    const state = environment.stateOf(key);
    if (state === unknown) name += '?';
    else if (typeof state === 'string') name += `${state.length}:${state}`;
    else name += `[${JSON.stringify(valuesOf(state))}`;
  }
  return name;
}

function verdictsOf({ query, profile }: Environment, rcps: ListGroup, queries: Queries): Verdicts {
  const { target } = query;
  const rows = [...queries.rowsOf(query, profile.own), queries.rowOf(query, target.policy)];
  const controls = queries.rowsOf(query, rcps);
  const isPlain = target.owner !== null && !target.isRetiring && target.grants.length === 0;
  const keys = isPlain ? keysIn([...rows, ...controls]) : null;
  const made: Verdicts = { keys, byValues: new Map() };
  query.verdicts ??= new Map();
  query.verdicts.set(profile, made);
  return made;
}

/** Every key that the rows' tests read; null where something else counts too. */
function keysIn(rows: readonly Row[]): string[] | null {
  const keys = new Set<string>();
  for (const { matches } of rows) {
    for (const { statement, depends } of matches) {
      if (depends || statement.tests.some(({ isClock }) => isClock)) return null;
      for (const { keys: read } of statement.tests) for (const key of read) keys.add(key);
    }
  }
  return [...keys];
}
