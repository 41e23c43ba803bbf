import type { ActorId } from '../identity/principal.ts';
import type { Person } from './rules.ts';

/** One human may stand in the configuration twice: the same id, the same Slack account or one shared identity says so. */
export function samePerson(a: Person, b: Person): boolean {
  if (a.id === b.id) return true;
  if (a.slack.team === b.slack.team && a.slack.user === b.slack.user) return true;
  return a.actors.some((actor) => b.actors.includes(actor));
}

/** Everybody who is the same human as `person`, directly or by way of somebody else. */
export function selvesOf(person: Person, people: readonly Person[]): readonly Person[] {
  const selves = [person];
  for (const self of selves) {
    for (const other of people) if (!selves.includes(other) && samePerson(self, other)) selves.push(other);
  }
  return selves;
}

/** Every identity that is this human. */
export const identitiesOf = (person: Person, people: readonly Person[]): ReadonlySet<ActorId> =>
  new Set(selvesOf(person, people).flatMap(({ actors }) => actors));

/** The same with those that were bound to them once: nobody gets to decide for an identity by giving it up. */
export const everIdentitiesOf = (person: Person, people: readonly Person[]): ReadonlySet<ActorId> =>
  new Set(selvesOf(person, people).flatMap(({ actors, former = [] }) => [...actors, ...former]));
