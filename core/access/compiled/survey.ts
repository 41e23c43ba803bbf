import type { Question } from '../organization.ts';
import type { AccountGuard } from './accounts.ts';
import type { Compiled } from './compiled.ts';
import { Environment } from './environment.ts';
import { endpointOf } from './evaluate.ts';
import { always, type Formula, type Formulas, never } from './formula.ts';
import type { PolicyList } from './lists.ts';
import type { Population, Seats } from './population.ts';
import type { Match, Query } from './queries.ts';
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
  readonly query: Query;
  /** The resource's account; null where nobody says. */
  readonly account: string | null;
  readonly owner: AccountGuard;
  readonly endpoint: PolicyList;
  readonly #shared = new Map<Test, Formula>();
  readonly #seats = new Map<Test, Seats>();

  constructor(compiled: Compiled, question: OpenQuestion) {
    this.compiled = compiled;
    this.question = question;
    this.population = compiled.populationOf();
    this.query = compiled.queries.queryOf(question.action, question.resource);
    compiled.queries.matchAll(this.query);
    this.account = this.query.target.owner ?? question.resourceAccount;
    this.owner = compiled.guardOf(this.account ?? '');
    this.endpoint = endpointOf(question, compiled);
  }

  get formulas(): Formulas {
    return this.compiled.residuals.formulas;
  }

  environmentOf(member: number): Environment {
    const { profile } = this.population.members[member]!;
    const ownership = { guard: this.owner, account: this.account };
    return new Environment(this.question, profile, this.query, ownership, this.compiled.residuals);
  }

  /** When a statement applies to a member, its principals left aside. */
  whenOf(match: Match, member: number): Formula {
    if (match.depends) return this.environmentOf(member).whenOf(match);
    let all: Formula = always;
    for (const test of match.statement.tests) {
      const part = this.formulaOf(test, member);
      if (part === never) return never;
      if (part !== always) all = all === always ? part : this.formulas.all([all, part]);
    }
    return all;
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
