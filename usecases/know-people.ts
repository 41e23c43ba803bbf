import type { Configuration } from '../core/configuration.ts';
import { peopleWith, registryId } from '../core/enrolment/registry.ts';
import { type RuleSet, rulebookId, underRulesInForce } from '../core/rulebook/rulebook.ts';
import type { Instant } from '../core/time.ts';
import type { EnrolmentStore, RulebookStore } from './ports/state-stores.ts';

export interface RulesDeps<C> {
  /** As it was deployed: the first rules, and what is to be the next. */
  configuration: C;
  rulebook: Pick<RulebookStore, 'find'>;
  now(): Instant;
}

export interface Deps<C> extends RulesDeps<C> {
  enrolments: Pick<EnrolmentStore, 'find'>;
}

type Ruled = Omit<RuleSet, 'units'> & Pick<Configuration, 'accounts'>;

/** The configuration under the rules in force, whatever is deployed. */
export const knowRules =
  <C extends Ruled>({ configuration, rulebook, now }: RulesDeps<C>) =>
  async (): Promise<C> =>
    underRulesInForce(configuration, await rulebook.find(rulebookId), now());

/**
 * The same with everybody who is enrolled by now. Asked anew for every piece of work: an enrolment that was refused a
 * moment ago must not count.
 */
export const knowPeople =
  <C extends Ruled>(deps: Deps<C>) =>
  async (): Promise<C> => {
    const configuration = await knowRules(deps)();
    const registry = await deps.enrolments.find(registryId);
    return { ...configuration, people: peopleWith(configuration.people, registry, deps.now()) };
  };
