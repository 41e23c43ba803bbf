import type { Decision, When } from '../decision.ts';
import type { Question } from '../organization.ts';
import type { AccountGuard } from './accounts.ts';
import type { CallerProfile, Holder } from './callers.ts';
import type { Compiled } from './compiled.ts';
import { deniedBy, grantedBy, heardRcps, heardResource, passingOf, whenOf } from './decide.ts';
import type { Document } from './documents.ts';
import { Environment } from './environment.ts';
import { endpointOf, invalidIn, isFree } from './evaluate.ts';
import { always, type Formula, never } from './formula.ts';
import { hear, heardOf, silence, spokenIn } from './heard.ts';
import type { PolicyList } from './lists.ts';
import type { Match, Query } from './queries.ts';
import type { Heard } from './spoken.ts';

/** What is asked of everybody. */
export type OpenQuestion = Pick<
  Question,
  'action' | 'resource' | 'resourceAccount' | 'context' | 'unknown' | 'vpcEndpointPolicies'
>;

/** A user or role that may, for certain or under a condition; or whose policies cannot be read. */
export interface Able {
  principal: string;
  outcome: Extract<Decision['outcome'], 'allowed' | 'conditional' | 'invalid-policy'>;
  when: When | null;
}

/** Every user and role of the organization that may do it, in the order of the inventories. */
export function whoCanIn(compiled: Compiled, question: OpenQuestion): Able[] {
  const survey = new Survey(compiled, question);
  const able: Able[] = [];
  for (const holder of compiled.callers.holders()) {
    const answer = survey.ask(holder);
    if (answer) able.push(answer);
  }
  return able;
}

/** Asks everybody the same: each document is read once, and again only where its answer depends on who asks. */
class Survey {
  readonly #compiled: Compiled;
  readonly #question: OpenQuestion;
  readonly #query: Query;
  readonly #owner: AccountGuard;
  readonly #ownership: { guard: AccountGuard; account: string | null };
  readonly #endpoint: PolicyList;
  readonly #matches: (readonly Match[])[] = [];
  /** What documents say that say the same to everybody. */
  readonly #toAll: (Heard | undefined)[] = [];
  readonly #toAccounts = new Map<AccountGuard, (Heard | undefined)[]>();

  constructor(compiled: Compiled, question: OpenQuestion) {
    this.#compiled = compiled;
    this.#question = question;
    this.#query = compiled.queries.queryOf(question.action, question.resource);
    compiled.queries.matchAll(this.#query);
    const account = this.#query.target.owner ?? question.resourceAccount;
    this.#owner = compiled.guardOf(account ?? '');
    this.#ownership = { guard: this.#owner, account };
    this.#endpoint = endpointOf(question, compiled);
  }

  ask(holder: Holder): Able | null {
    const { target } = this.#query;
    const principal = holder.record.arn;
    const profile = this.#compiled.callers.profileOf({
      principal,
      principalKind: null,
      principalRoleArn: null,
      federatingUserArn: null,
    });
    const invalid = invalidIn(profile, this.#owner, [this.#endpoint, target.attached], null);
    if (invalid.length > 0) return { principal, outcome: 'invalid-policy', when: null };
    if (target.isFreeFor !== null && isFree(target.isFreeFor, profile.caller)) {
      return { principal, outcome: 'allowed', when: null };
    }
    const environment = this.#environmentOf(profile);
    const passes = this.#passes(environment, holder);
    const passing = passes === never ? 'never' : passingOf(passes, environment);
    if (passing === 'never') return null;
    if (passing === 'always') return { principal, outcome: 'allowed', when: null };
    return { principal, outcome: 'conditional', when: whenOf(passes, passing, environment) };
  }

  #passes(environment: Environment, holder: Holder): Formula {
    const { formulas } = environment.residuals;
    const { target } = this.#query;
    const { profile } = environment;
    const identity = this.#list(holder.identity, environment);
    const groups = this.#list(holder.groups, environment);
    const resource = heardResource(this.#resource(environment), target, environment);
    if (identity.allow === never && groups.allow === never && resource.allow === never && !target.isRetiring)
      return never;
    const boundary = holder.boundary ? this.#list(holder.boundary, environment) : silence;
    const spared = profile.isSpared;
    const scps: Heard[] = [];
    if (!profile.isManagement && !spared)
      for (const list of profile.guard.scps) scps.push(this.#list(list, environment));
    const endpoint = this.#endpoint.items.length > 0 ? this.#list(this.#endpoint, environment) : silence;
    const rcps = target.isUnderRcps && !spared && !target.isServiceLinked ? this.#rcps(environment) : [];
    const denied = deniedBy([identity, groups, resource, boundary, endpoint, ...scps, ...rcps], formulas);
    if (denied === always) return never;
    const said = { scps, endpoint, resource, identity, groups, boundary, session: silence };
    const granted = grantedBy(said, { environment, target, session: null, endpoint: this.#endpoint });
    return formulas.all([granted, formulas.not(denied)]);
  }

  #rcps(environment: Environment): readonly Heard[] {
    const { profile, query } = environment;
    const heard: Heard[] = [];
    for (const list of this.#owner.rcps.lists) {
      if (profile.isManagement) heard.push(hear(this.#compiled.queries.rowOf(query, list), environment));
      else heard.push(this.#list(list, environment));
    }
    return heardRcps(heard, environment);
  }

  /** Names are looked up for each caller. */
  #resource(environment: Environment): Heard {
    const { policy } = this.#query.target;
    return policy.items.length === 0 ? silence : hear(this.#compiled.queries.rowOf(this.#query, policy), environment);
  }

  #list({ items }: PolicyList, environment: Environment): Heard {
    if (items.length === 1) return this.#document(items[0]!.document, environment);
    const { formulas } = environment.residuals;
    let allow: Formula = never;
    let deny: Formula = never;
    for (const { document } of items) {
      const heard = this.#document(document, environment);
      if (heard.allow !== never) allow = formulas.any([allow, heard.allow]);
      if (heard.deny !== never) deny = formulas.any([deny, heard.deny]);
    }
    return allow === never && deny === never ? silence : { allow, deny, spoken: [] };
  }

  #document(document: Document, environment: Environment): Heard {
    const toAll = this.#toAll[document.number];
    if (toAll) return toAll;
    const { guard } = environment.profile;
    const toAccount = this.#toAccounts.get(guard)?.[document.number];
    if (toAccount) return toAccount;
    const matches = this.#matchesOf(document);
    const heard = matches.length === 0 ? silence : heardOf(spokenIn(matches, environment), environment);
    this.#keep(document, matches, guard, heard);
    return heard;
  }

  #keep(document: Document, matches: readonly Match[], guard: AccountGuard, heard: Heard): void {
    if (matches.some(({ on, statement }) => on === 'caller' || statement.names !== 'everybody')) return;
    if (matches.every(({ on }) => on === 'nobody')) {
      this.#toAll[document.number] = heard;
      return;
    }
    const ofAccount = this.#toAccounts.get(guard) ?? [];
    ofAccount[document.number] = heard;
    this.#toAccounts.set(guard, ofAccount);
  }

  #matchesOf(document: Document): readonly Match[] {
    const known = this.#matches[document.number];
    if (known) return known;
    const found = this.#compiled.queries.matchesIn(this.#query, document, 'identityPolicies', 0);
    this.#matches[document.number] = found;
    return found;
  }

  #environmentOf(profile: CallerProfile): Environment {
    const { residuals } = this.#compiled;
    return new Environment(this.#question, profile, this.#query, this.#ownership, residuals);
  }
}
