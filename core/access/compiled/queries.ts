import type { Because, Layer } from '../decision.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { holds } from './action-set.ts';
import { type Bits, hasBit } from './bits.ts';
import type { CompiledStatement, Document, ResourceSet } from './documents.ts';
import type { PolicyList } from './lists.ts';
import type { PatternIndex } from './pattern-index.ts';
import type { Heard } from './spoken.ts';
import { type Target, type TargetParts, targetOf } from './targets.ts';
import type { Dependence } from './tests.ts';

/** An action on a resource, and what each list of policies says about it. */
export interface Query {
  readonly action: string;
  /** In lower case. */
  readonly lower: string;
  readonly number: number;
  readonly resource: string;
  readonly target: Target;
  /** By number of the list. */
  readonly rows: Map<number, Row>;
  /** Which of the first `matchedOf` patterns match the resource; null where they are looked at one by one. */
  matched: Bits | null;
  matchedOf: number;
}

/** The statements of a list that speak of a query, in their order. */
export interface Row {
  readonly matches: readonly Match[];
  /** Some statement needs a request's context or its principal. */
  readonly open: boolean;
  /** Some statement allows whatever the context. */
  readonly allows: boolean;
  /** Some statement denies whatever the context. */
  readonly denies: boolean;
  /** What is said whatever the request; null until it is asked for, and where the row is open. */
  heard: Heard | null;
}

export interface Match {
  readonly statement: CompiledStatement;
  /** A variable decides whether the resource is meant. */
  readonly depends: boolean;
  readonly open: boolean;
  /** On whom it depends, who is named left aside. */
  readonly on: Dependence;
  readonly because: Because;
}

/** Remembers queries; forgets all of them when they are too many. */
export class Queries {
  readonly #patterns: PatternIndex;
  readonly #parts: TargetParts;
  readonly #numbers: ActionNumbers;
  readonly #byAction = new Map<string, Map<string, Query>>();
  #count = 0;
  readonly #most: number;

  constructor(parts: TargetParts, most = 50_000) {
    this.#parts = parts;
    this.#patterns = parts.documents.patterns;
    this.#numbers = actionNumbers();
    this.#most = most;
  }

  queryOf(action: string, resource: string): Query {
    const known = this.#byAction.get(action)?.get(resource);
    return known ?? this.#make(action, resource);
  }

  /** Looks at all patterns at once: for a question about every document. */
  matchAll(query: Query): void {
    if (query.matched) return;
    query.matchedOf = this.#patterns.count();
    query.matched = this.#patterns.matching(query.resource);
  }

  forget(): void {
    this.#byAction.clear();
    this.#count = 0;
  }

  rowOf(query: Query, list: PolicyList): Row {
    const known = query.rows.get(list.number);
    if (known) return known;
    const matches: Match[] = [];
    for (const { document, policy } of list.items) {
      for (const match of this.matchesIn(query, document, list.layer, policy)) matches.push(match);
    }
    const row = rowFrom(matches);
    // Silence is found again as fast as it is looked up.
    if (row !== empty) query.rows.set(list.number, row);
    return row;
  }

  #make(action: string, resource: string): Query {
    if (this.#count >= this.#most) this.forget();
    this.#count += 1;
    const lower = action.toLowerCase();
    const number = this.#numbers.byName.get(lower) ?? this.#numbers.known;
    const target = targetOf({ lower, resource }, this.#parts);
    const query: Query = {
      action,
      lower,
      number,
      resource,
      target,
      rows: new Map(),
      matched: null,
      matchedOf: 0,
    };
    const byResource = this.#byAction.get(action) ?? new Map<string, Query>();
    byResource.set(resource, query);
    this.#byAction.set(action, byResource);
    return query;
  }

  /** The statements of one document that speak of a query. */
  matchesIn(query: Query, document: Document, layer: Layer, policy: number | string): readonly Match[] {
    return this.#matchesAmong(this.#speaking(query, document), query, layer, policy);
  }

  /** The statements of a document that speak of a resource, whatever the action. */
  matchesAt(resource: string, { statements }: Document): readonly Match[] {
    return this.#matchesAmong(statements, this.queryOf('*', resource), 'identityPolicies', 0);
  }

  #matchesAmong(
    statements: readonly CompiledStatement[],
    query: Query,
    layer: Layer,
    policy: number | string,
  ): readonly Match[] {
    if (statements.length === 0) return silent;
    const matches: Match[] = [];
    for (const statement of statements) {
      const covered = this.#covers(statement.resources, query);
      if (covered === 'no') continue;
      const depends = covered === 'depends';
      const open = depends || statement.tests.length > 0 || statement.names !== 'everybody';
      const because: Because = { layer, policy, statement: statement.index, effect: statement.effect };
      matches.push({ statement, depends, open, on: dependenceOn(statement, depends), because });
    }
    return matches;
  }

  #speaking({ number, lower }: Query, { statements, spoken, speaking }: Document): readonly CompiledStatement[] {
    if (number < this.#numbers.known && !hasBit(spoken, number)) return nothing;
    const known = speaking.get(number);
    if (known) return known;
    const found: CompiledStatement[] = [];
    for (const statement of statements) {
      if (holds(statement.actions, number, lower, this.#numbers.known)) found.push(statement);
    }
    // Actions outside the catalogue share one number.
    if (number < this.#numbers.known) speaking.set(number, found.length === 0 ? nothing : found);
    return found;
  }

  #covers(resources: ResourceSet | null, query: Query): 'yes' | 'no' | 'depends' {
    if (!resources) return 'yes';
    const { not, fixed, variable, everything } = resources;
    if (everything || this.#matchesOne(fixed, query)) return not ? 'no' : 'yes';
    if (variable.length > 0) return 'depends';
    return not ? 'yes' : 'no';
  }

  #matchesOne(numbers: readonly number[], query: Query): boolean {
    for (const number of numbers) if (this.#matches(number, query)) return true;
    return false;
  }

  #matches(number: number, { matched, matchedOf, resource }: Query): boolean {
    return matched && number < matchedOf ? hasBit(matched, number) : this.#patterns.matches(number, resource);
  }
}

/** A resource's variables are nearly always the caller's. */
function dependenceOn({ tests }: CompiledStatement, depends: boolean): Dependence {
  if (depends || tests.some(({ on }) => on === 'caller')) return 'caller';
  return tests.some(({ on }) => on === 'account') ? 'account' : 'nobody';
}

const nothing: readonly CompiledStatement[] = [];
const silent: readonly Match[] = [];
const empty: Row = { matches: [], open: false, allows: false, denies: false, heard: null };

function rowFrom(matches: readonly Match[]): Row {
  if (matches.length === 0) return empty;
  let [open, allows, denies] = [false, false, false];
  for (const match of matches) {
    if (match.open) open = true;
    else if (match.statement.effect === 'Allow') allows = true;
    else denies = true;
  }
  return { matches, open, allows, denies, heard: null };
}
