import { variablesIn } from '../../policy/variables.ts';
import type { Because } from '../decision.ts';
import type { Question } from '../organization.ts';
import type { AccountGuard } from './accounts.ts';
import { actionNumbers } from './action-numbers.ts';
import { holds } from './action-set.ts';
import type { Bits } from './bits.ts';
import type { Compiled } from './compiled.ts';
import type { CompiledStatement } from './documents.ts';
import { Environment } from './environment.ts';
import { endpointOf } from './evaluate.ts';
import { always, type Formula, type Formulas, never } from './formula.ts';
import { heardOf, type Match, silence, spokenIn } from './heard.ts';
import type { PolicyList } from './lists.ts';
import type { NamedAction } from './named-actions.ts';
import type { Population, Seats } from './population.ts';
import { type Reach, reachOf } from './reach.ts';
import type { Heard } from './spoken.ts';
import type { Target } from './targets.ts';
import type { Test } from './tests.ts';

/** What is asked of everybody. */
export type OpenQuestion = Pick<
  Question,
  'action' | 'resource' | 'resourceAccount' | 'context' | 'unknown' | 'vpcEndpointPolicies'
>;

/** One question to all members of a population: what it gives for a test is found once for all whom it cannot tell apart. */
export class Survey {
  readonly compiled: Compiled;
  readonly question: OpenQuestion;
  readonly population: Population;
  readonly action: NamedAction;
  readonly target: Target;
  /** The resource's account; null where nobody says. */
  readonly account: string | null;
  readonly owner: AccountGuard;
  readonly endpoint: PolicyList;
  /** The patterns that match the resource. */
  readonly #matched: Bits;
  readonly #matches = new Map<PolicyList, readonly Match[]>();
  readonly #shared = new Map<Test, Formula>();
  readonly #seats = new Map<Test, Seats>();

  readonly #seatsOfResources = new Map<CompiledStatement, Seats>();

  constructor(compiled: Compiled, question: OpenQuestion) {
    this.compiled = compiled;
    this.question = question;
    this.population = compiled.populationOf();
    this.action = compiled.actions.named(question.action);
    this.target = compiled.targets.targetOf(compiled.targets.placeOf(question.resource), this.action.traits);
    this.account = this.target.owner ?? question.resourceAccount;
    this.owner = compiled.guardOf(this.account ?? '');
    this.endpoint = endpointOf(question, compiled);
    // Last, since policies that come with the question bring patterns too.
    this.#matched = compiled.documents.patterns.matching(question.resource);
  }

  get formulas(): Formulas {
    return this.compiled.residuals.formulas;
  }

  environmentOf(member: number): Environment {
    const { profile } = this.population.members[member]!;
    const ownership = { guard: this.owner, account: this.account };
    return new Environment(this.question, profile, ownership, this.compiled.residuals);
  }

  /** Whether a statement speaks of the resource. */
  reachOf({ resources }: Pick<CompiledStatement, 'resources'>): Reach {
    return reachOf(resources, this.#matched);
  }

  /** The statements of a list that speak of what is asked, or may. */
  matchesOf(list: PolicyList): readonly Match[] {
    const known = this.#matches.get(list);
    if (known) return known;
    const found: Match[] = [];
    const { number, lower } = this.action;
    for (const { document, policy } of list.items) {
      for (const statement of document.statements) {
        if (!holds(statement.actions, number, lower, actionNumbers().known)) continue;
        const reach = this.reachOf(statement);
        if (reach === 'no') continue;
        const because: Because = { layer: list.layer, policy, statement: statement.index, effect: statement.effect };
        const depends = reach === 'depends';
        found.push({ statement, depends, open: depends || statement.tests.length > 0, because });
      }
    }
    this.#matches.set(list, found);
    return found;
  }

  /** What a list says to a member. */
  hear(list: PolicyList, environment: Environment): Heard {
    const matches = this.matchesOf(list);
    return matches.length === 0 ? silence : heardOf(spokenIn(matches, environment), environment);
  }

  /** When a statement applies to a member, its principals left aside; `depends`: if it does turns on a variable. */
  whenOf(statement: CompiledStatement, depends: boolean, member: number): Formula {
    let all: Formula = depends ? this.#coveredWhen(statement, member) : always;
    for (const test of statement.tests) {
      if (all === never) return never;
      const part = this.formulaOf(test, member);
      all = this.formulas.both(all, part);
    }
    return all;
  }

  #coveredWhen(statement: CompiledStatement, member: number): Formula {
    const seats = this.#seatsOfResources.get(statement) ?? this.population.seatsBy(variablesOf(statement));
    this.#seatsOfResources.set(statement, seats);
    const value = seats.values[member]!;
    const known = seats.formulas[value]!;
    if (known >= 0) return known;
    const made = this.environmentOf(member).whenOf({ ...statement, tests: [] }, true);
    seats.formulas[value] = made;
    return made;
  }

  /** When a test holds for a member. */
  formulaOf(test: Test, member: number): Formula {
    return test.on === 'nobody' ? this.#formulaForAll(test, member) : this.#formulaForOne(test, member);
  }

  #formulaForAll(test: Test, anyone: number): Formula {
    const known = this.#shared.get(test);
    if (known !== undefined) return known;
    const made = this.environmentOf(anyone).formulaOf(test);
    this.#shared.set(test, made);
    return made;
  }

  #formulaForOne(test: Test, member: number): Formula {
    const { values, formulas } = this.#seatsOf(test);
    const value = values[member]!;
    const known = formulas[value]!;
    if (known >= 0) return known;
    const made = this.environmentOf(member).formulaOf(test);
    formulas[value] = made;
    return made;
  }

  #seatsOf(test: Test): Seats {
    const seats = this.#seats.get(test) ?? this.population.seatsOf(test);
    this.#seats.set(test, seats);
    return seats;
  }
}

const variablesOf = ({ resources }: CompiledStatement): readonly string[] => resources!.variable.flatMap(variablesIn);
