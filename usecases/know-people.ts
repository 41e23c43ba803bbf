import type { Configuration } from '../core/configuration.ts';
import { peopleWith, registryId } from '../core/enrolment/registry.ts';
import type { Instant } from '../core/time.ts';
import type { EnrolmentStore } from './ports/state-stores.ts';

export interface Deps<C> {
  /** As it was deployed: its people are the seeds. */
  configuration: C;
  enrolments: Pick<EnrolmentStore, 'find'>;
  now(): Instant;
}

/**
 * The configuration with everybody who is enrolled by now. Asked anew for every piece of work: an enrolment that was
 * refused a moment ago must not count.
 */
export const knowPeople =
  <C extends Pick<Configuration, 'people'>>({ configuration, enrolments, now }: Deps<C>) =>
  async (): Promise<C> => ({
    ...configuration,
    people: peopleWith(configuration.people, await enrolments.find(registryId), now()),
  });
