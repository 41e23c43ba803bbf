import type { Caller } from '../reference/caller.ts';
import { factsOf, oftenUnsaid } from '../reference/context.ts';
import type { Asked } from '../reference/statements.ts';
import { conditionHolds, type Facts, resourceCovered, untoldPrefix } from '../residual/facts.ts';
import type { Solution } from '../residual/solve.ts';
import type { ContextValue, Request } from '../situation.ts';
import type { CallerProfile } from './callers.ts';
import type { CompiledStatement } from './documents.ts';
import { always, type Formula, never } from './formula.ts';
import type { Match, Query } from './queries.ts';
import type { Residuals } from './residuals.ts';
import { absent, type KeyState, stateIn, type Test, testHolds, unknown } from './tests.ts';

/** What one request says of each key. */
export class Environment implements Asked {
  readonly profile: CallerProfile;
  readonly query: Query;
  readonly residuals: Residuals;
  readonly #context: ReadonlyMap<string, ContextValue>;
  /** What the organization knows of the resource's owner. */
  readonly #owner: ReadonlyMap<string, ContextValue>;
  readonly #unknown: Request['unknown'];
  readonly resourceAccount: string | null;
  readonly #requestOf: () => Request;
  #request: Request | undefined;
  #facts: Facts | undefined;

  constructor(given: {
    profile: CallerProfile;
    query: Query;
    residuals: Residuals;
    context: ReadonlyMap<string, ContextValue>;
    owner: ReadonlyMap<string, ContextValue>;
    unknown: Request['unknown'];
    resourceAccount: string | null;
    requestOf: () => Request;
  }) {
    this.profile = given.profile;
    this.query = given.query;
    this.residuals = given.residuals;
    this.#context = given.context;
    this.#owner = given.owner;
    this.#unknown = given.unknown;
    this.resourceAccount = given.resourceAccount;
    this.#requestOf = given.requestOf;
  }

  get caller(): Caller {
    return this.profile.caller;
  }

  get hasBoundary(): boolean {
    return this.profile.holder?.boundary != null;
  }

  /** As the plain evaluator is asked. */
  get request(): Request {
    this.#request ??= this.#requestOf();
    return this.#request;
  }

  /** As the plain evaluator sees it: for what is too rare to be compiled. */
  get facts(): Facts {
    this.#facts ??= factsOf(this.request, this.profile.caller);
    return this.#facts;
  }

  readonly stateOf = (key: string): KeyState => {
    if (key === 'aws:resourceaccount') return this.resourceAccount ?? unknown;
    if (key === 'aws:userid' && this.#context.has(key)) return stateIn(this.facts, key);
    const derived = this.profile.derived.get(key);
    if (derived !== undefined) return derived;
    const given = this.#context.get(key) ?? this.profile.known.get(key) ?? this.#owner.get(key);
    if (given !== undefined) return given;
    if (this.#unknown === 'all' || this.#unknown.has(key) || oftenUnsaid.includes(key)) return unknown;
    return key.startsWith(untoldPrefix) ? unknown : absent;
  };

  /** Values of the unknown keys that make the formula true. */
  solve(formula: Formula): Solution {
    return this.residuals.solve(formula, this);
  }

  /** When a statement that speaks of the query applies, its principals left aside. */
  whenOf({ statement, depends }: Match): Formula {
    const parts: Formula[] = [];
    for (const test of statement.tests) {
      const part = this.#formulaOf(test);
      if (part === never) return never;
      if (part !== always) parts.push(part);
    }
    if (depends) parts.push(this.#coverage(statement));
    return parts.length === 0 ? always : this.residuals.formulas.all(parts);
  }

  #formulaOf(test: Test): Formula {
    if (test.isClock) return this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    if (!test.filled) {
      if (test.keys.every((key) => this.stateOf(key) !== unknown))
        return testHolds(test, this.stateOf) ? always : never;
      return this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    }
    if (this.stateOf(test.key) !== unknown) return testHolds(test, this.stateOf) ? always : never;
    test.formula ??= this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    return test.formula;
  }

  #coverage({ resources, version }: CompiledStatement): Formula {
    const covered = resourceCovered(resources!.source, version, this.query.resource, this.facts);
    return this.residuals.fromTree(covered);
  }
}
