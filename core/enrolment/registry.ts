import type { Person } from '../approvals/rules.ts';
import { append } from '../audit/chain.ts';
import { type AuditHead, type DomainEvent, genesis } from '../audit/event.ts';
import type { RefusedClicks } from '../audit/refused-clicks.ts';
import type { FederationChange } from '../identity/federation-change.ts';
import type { ActorId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, plusSeconds } from '../time.ts';

/** One Slack account bound to the AWS identity that it proved to be. */
export interface Enrolment {
  team: string;
  user: string;
  /** Person id. */
  person: string;
  name: string;
  actors: readonly ActorId[];
  /** ARN of the user, or of the role whose session it was; for people to read. */
  arn: string;
  at: Instant;
  /** From then on it counts, unless somebody refused it. */
  from: Instant;
  refusedBy: string | null;
  /** Absent where nobody did, or a release did that kept no time. */
  refusedAt?: Instant;
}

/** An account in which somebody changed who vouches for the sessions of Identity Center; until it is lifted nobody enrols there. */
export interface Freeze extends FederationChange {
  /** Of the first change since it was lifted last: what did not count by then does not begin to. */
  at: Instant;
  /** Who made this change and those before it since then: none of them says that it was right. */
  actors?: readonly ActorId[];
}

/** Every enrolment: one row, as long as a list of people. */
export interface Registry extends RefusedClicks {
  v: 1;
  version: number;
  enrolments: readonly Enrolment[];
  /** Absent: no account. */
  frozen?: readonly Freeze[];
  audit: AuditHead;
}

export interface RegistryStep {
  after: Registry;
  events: readonly DomainEvent[];
}

export type EnrolmentRefusal =
  | 'account-frozen'
  | 'already-enrolled'
  | 'identity-taken'
  | 'configured-otherwise'
  | 'too-many';

/** The id of the one registry. */
export const registryId = 'people';

/** What an absent row means. */
export const nobodyEnrolled: Registry = { v: 1, version: 0, enrolments: [], audit: genesis };

/** Seconds in which everybody can see an enrolment and refuse it, before it counts. */
const delay = 86_400;
/** A row holds many more; an organization that comes near is told before it does not fit. */
const most = 1000;

/** Who asks to be enrolled as whom. */
export interface Enrolling {
  team: string;
  user: string;
  name: string;
  actors: readonly ActorId[];
  arn: string;
}

/**
 * Binds a Slack account to an identity, once: neither can be bound again while the binding stands, and whom the
 * configuration binds to identities is bound to these. Otherwise whoever can ask in somebody's name in Slack would make
 * that person out of a session of their own.
 */
export function enrolled(
  registry: Registry,
  asking: Enrolling,
  people: readonly Person[],
  at: Instant,
): Result<RegistryStep, EnrolmentRefusal> {
  const { team, user, actors } = asking;
  const same = (it: { team: string; user: string }) => it.team === team && it.user === user;
  const standing = registry.enrolments.filter(({ refusedBy }) => refusedBy === null);
  if (isFrozen(registry, accountOf(asking.arn))) return fail('account-frozen');
  if (standing.some(same)) return fail('already-enrolled');
  const isTheirs = ({ actors: theirs }: { actors: readonly ActorId[] }) => theirs.some((it) => actors.includes(it));
  if (standing.some(isTheirs)) return fail('identity-taken');
  if (people.some((person) => !same(person.slack) && isTheirs(person))) return fail('identity-taken');
  const configured = people.find(({ slack }) => same(slack));
  if (configured !== undefined && configured.actors.length > 0 && !isTheirs(configured))
    return fail('configured-otherwise');
  if (standing.length >= most) return fail('too-many');
  const made: Enrolment = {
    ...asking,
    person: configured?.id ?? `slack-${team}-${user}`.toLowerCase(),
    at,
    from: plusSeconds(at, delay),
    refusedBy: null,
  };
  // What never counted and was refused stays in the audit, not in the row.
  const others = registry.enrolments.filter((it) => !same(it) || hadCounted(it));
  const telling = {
    type: 'enrolment.asked' as const,
    at,
    by: made.person,
    data: { actors, arn: made.arn, from: made.from },
  };
  return ok(stepOf(registry, [...others, made], made, telling));
}

/** Somebody says that this is not so: it never counts, or counts no more. Undefined where there is none to refuse. */
export function enrolmentRefused(
  registry: Registry,
  which: { team: string; user: string },
  by: string,
  at: Instant,
): RegistryStep | undefined {
  const found = registry.enrolments.find(
    (it) => it.team === which.team && it.user === which.user && it.refusedBy === null,
  );
  if (found === undefined) return undefined;
  const after = registry.enrolments.map((it) => (it === found ? { ...it, refusedBy: by, refusedAt: at } : it));
  return stepOf(registry, after, found, { type: 'enrolment.refused', at, by, data: {} });
}

/** Somebody's attempt that came to nothing. */
export const enrolmentDenied = (
  registry: Registry,
  { team, user, arn }: Pick<Enrolling, 'team' | 'user' | 'arn'>,
  refusal: EnrolmentRefusal,
  at: Instant,
): RegistryStep =>
  stepOf(
    registry,
    registry.enrolments,
    { team, user },
    {
      type: 'enrolment.denied',
      at,
      by: `slack-${team}-${user}`.toLowerCase(),
      data: { refusal, arn },
    },
  );

/** The people of the configuration with what was enrolled and counts by now. */
export function peopleWith(people: readonly Person[], registry: Registry | undefined, now: Instant): readonly Person[] {
  const counting = (registry?.enrolments ?? []).filter(
    (it) => it.refusedBy === null && it.from <= now && !isHeldBack(registry, it),
  );
  const former = (registry?.enrolments ?? []).filter(hadCounted);
  const added = counting.filter(({ person }) => !people.some(({ id }) => id === person));
  return [
    ...people.map((person) => {
      const theirs = counting.filter((it) => it.person === person.id).flatMap(({ actors }) => actors);
      const lost = former.filter((it) => it.person === person.id).flatMap(({ actors }) => actors);
      const given = theirs.length === 0 ? person : { ...person, actors: [...new Set([...person.actors, ...theirs])] };
      return lost.length === 0 ? given : { ...given, former: lost };
    }),
    ...added.map(({ person, name, team, user, actors }) => ({ id: person, name, slack: { team, user }, actors })),
  ];
}

/** Whether nobody enrols from this account now. */
export const isFrozen = (registry: Pick<Registry, 'frozen'> | undefined, account: string | undefined): boolean =>
  (registry?.frozen ?? []).some((freeze) => freeze.account === account);

/** What did not count yet when its account was frozen does not begin to; what counted was proved before. */
const isHeldBack = (registry: Registry | undefined, { arn, from }: Enrolment): boolean =>
  (registry?.frozen ?? []).some(({ account, at }) => account === accountOf(arn) && from > at);

const accountOf = (arn: string): string | undefined => arn.split(':')[4];

/** Whether a binding that is refused counted before. */
const hadCounted = ({ refusedAt, from }: Enrolment): boolean => refusedAt !== undefined && from <= refusedAt;

interface Telling {
  type: `enrolment.${string}`;
  at: Instant;
  by: string;
  data: Readonly<Record<string, unknown>>;
}

const stepOf = (
  registry: Registry,
  enrolments: readonly Enrolment[],
  { team, user }: { team: string; user: string },
  { data, ...telling }: Telling,
): RegistryStep => registryStep(registry, { enrolments }, { ...telling, data: { team, user, ...data } });

/** Changes some of the registry, counts the version up and tells it. */
export function registryStep(
  registry: Registry,
  patch: Partial<Registry>,
  { type, at, by, data }: Telling,
): RegistryStep {
  const { event, head } = append(registry.audit, {
    aggregate: { type: 'enrolments', id: registryId },
    type,
    at,
    by,
    data,
  });
  return { after: { ...registry, ...patch, version: registry.version + 1, audit: head }, events: [event] };
}
