import type { Question } from '../organization.ts';
import type { Caller } from '../reference/caller.ts';
import { factsOf, oftenUnsaid } from '../reference/context.ts';
import type { Asked } from '../reference/statements.ts';
import { conditionHolds, type Facts, resourceCovered, untoldPrefix } from '../residual/facts.ts';
import type { Solution } from '../residual/solve.ts';
import { mayBeRetagged, withoutTags } from '../session-tags.ts';
import type { ContextValue, Request } from '../situation.ts';
import type { AccountGuard } from './accounts.ts';
import type { CallerProfile } from './callers.ts';
import type { CompiledStatement } from './documents.ts';
import { always, type Formula, never } from './formula.ts';
import type { Residuals } from './residuals.ts';
import { absent, type KeyState, stateIn, type Test, testHolds, testHoldsOf, unknown } from './tests.ts';

/** What a question says apart from who asks. */
export type Said = Pick<Question, 'action' | 'resource' | 'context' | 'unknown'>;

/** What one request says of each key. */
export class Environment implements Asked {
  readonly profile: CallerProfile;
  readonly residuals: Residuals;
  readonly resourceAccount: string | null;
  /** What stands above the resource's account. */
  readonly owner: AccountGuard;
  readonly #question: Said;
  #request: Request | undefined;
  #facts: Facts | undefined;

  constructor(
    question: Said,
    profile: CallerProfile,
    owner: { guard: AccountGuard; account: string | null },
    residuals: Residuals,
  ) {
    this.#question = question;
    this.profile = profile;
    this.owner = owner.guard;
    this.resourceAccount = owner.account;
    this.residuals = residuals;
  }

  get caller(): Caller {
    return this.profile.caller;
  }

  get hasBoundary(): boolean {
    return this.profile.holder?.boundary != null;
  }

  /** As the plain evaluator is asked. */
  get request(): Request {
    this.#request ??= this.#requestOf(this.#question, this.profile);
    return this.#request;
  }

  /** As the plain evaluator sees it: for what is too rare to be compiled. */
  get facts(): Facts {
    this.#facts ??= factsOf(this.request, this.profile.caller);
    return this.#facts;
  }

  stateOf(key: string): KeyState {
    const { context, unknown: missing } = this.#question;
    if (key === 'aws:resourceaccount') return this.resourceAccount ?? unknown;
    if (key === 'aws:userid' && context.has(key)) return stateIn(this.facts, key);
    const derived = this.profile.derived.get(key);
    if (derived !== undefined) return derived;
    const { known, isTaggable } = this.profile;
    const given = context.get(key) ?? known.get(key) ?? this.owner.known.get(key);
    if (given !== undefined) return isTaggable && !context.has(key) && mayBeRetagged(key, missing) ? unknown : given;
    if (missing === 'all' || missing.has(key) || oftenUnsaid.includes(key)) return unknown;
    return key.startsWith(untoldPrefix) ? unknown : absent;
  }

  /** The same, looked up only where it can be said. */
  #stateFor({ source, key }: Test): KeyState {
    if (source === 'elsewhere') return this.stateOf(key);
    if (source === 'engine') return this.profile.derived.get(key)!;
    const { context, unknown: missing } = this.#question;
    const given = context.get(key);
    if (given !== undefined) return given;
    if (source === 'organization') {
      const known = this.profile.known.get(key) ?? this.owner.known.get(key);
      if (known !== undefined) return this.profile.isTaggable && mayBeRetagged(key, missing) ? unknown : known;
    }
    return missing === 'all' || missing.has(key) || oftenUnsaid.includes(key) ? unknown : absent;
  }

  /** Values of the unknown keys that make the formula true. */
  solve(formula: Formula): Solution {
    return this.residuals.solve(formula, this);
  }

  /** When a statement applies, its principals left aside; `depends`: a variable decides whether the resource is meant. */
  whenOf(statement: CompiledStatement, depends: boolean): Formula {
    let all: Formula = always;
    for (const test of statement.tests) {
      const part = this.formulaOf(test);
      if (part === never) return never;
      if (part !== always) all = this.residuals.formulas.both(all, part);
    }
    return depends ? this.residuals.formulas.both(all, this.#coverage(statement)) : all;
  }

  /** When one test holds. */
  formulaOf(test: Test): Formula {
    if (test.isClock) return this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    if (!test.filled) {
      if (this.#areKnown(test.keys)) return testHolds(test, this) ? always : never;
      return this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    }
    const state = this.#stateFor(test);
    if (state !== unknown) return testHoldsOf(test, state, this) ? always : never;
    test.formula ??= this.residuals.fromTree(conditionHolds(test.condition, test.version, this.facts));
    return test.formula;
  }

  #areKnown(keys: readonly string[]): boolean {
    for (const key of keys) if (this.stateOf(key) === unknown) return false;
    return true;
  }

  #requestOf({ action, resource, context, unknown: missing }: Said, profile: CallerProfile): Request {
    const { caller, principalKind, principalRoleArn, federatingUserArn, isManagement } = profile;
    const known = profile.isTaggable ? withoutTags(profile.known, missing) : profile.known;
    return {
      principal: caller.principal,
      principalKind,
      principalRoleArn,
      federatingUserArn,
      principalAccountIsManagement: isManagement,
      action,
      resource,
      resourceAccount: this.resourceAccount,
      context: new Map<string, ContextValue>([...this.owner.known, ...known, ...context]),
      unknown: missing,
    };
  }

  #coverage({ resources, version }: CompiledStatement): Formula {
    const covered = resourceCovered(resources!.source, version, this.#question.resource, this.facts);
    return this.residuals.fromTree(covered);
  }
}
