import type { GroupRecord, Inventory, PrincipalRecord } from '../../identity/inventory.ts';
import type { InvalidIn } from '../decision.ts';
import { knownOfCaller } from '../known-context.ts';
import type { PolicyPlace, Question } from '../organization.ts';
import { accountOf, roleOfSession } from '../places.ts';
import { type Caller, callerOf, isServiceLinked } from '../reference/caller.ts';
import { factsOf, shapesOf } from '../reference/context.ts';
import type { ShapeOf } from '../residual/solve.ts';
import { taggability } from '../session-tags.ts';
import type { CallerKind, ContextValue, Request } from '../situation.ts';
import type { AccountGuard } from './accounts.ts';
import type { Document, Documents } from './documents.ts';
import type { GroupOf, ListGroup, ListOf, PolicyList } from './lists.ts';
import { type KeyState, stateIn } from './tests.ts';

/** A user or role of the organization with its policies. */
export interface Holder {
  readonly record: PrincipalRecord;
  readonly identity: PolicyList;
  readonly groups: PolicyList;
  readonly boundary: PolicyList | null;
  readonly invalid: readonly InvalidIn[];
}

/** Who asks: a holder or one of its sessions, or somebody from outside. */
export interface CallerProfile {
  readonly caller: Caller;
  /** undefined where the organization does not know the caller. */
  readonly holder: Holder | undefined;
  readonly principalKind: CallerKind | null;
  readonly principalRoleArn: string | null;
  readonly federatingUserArn: string | null;
  readonly isManagement: boolean;
  /** Neither SCPs nor RCPs limit it. */
  readonly isSpared: boolean;
  /** Identity policies, group policies, boundary, then the levels of SCPs; silent ones empty. */
  readonly own: ListGroup;
  readonly layers: CallerLayers;
  /** The root user needs no policy, and neither does who federates from it. */
  readonly actsAsRoot: boolean;
  /** Whether SCPs stand above it. */
  readonly hasLevels: boolean;
  /** What stands above the account that it belongs to; null where it belongs to none. */
  readonly home: AccountGuard | null;
  /** What of the caller decides beside what its policies say, as bits above the lowest. */
  readonly traits: number;
  /** Some policy over the caller cannot be read. */
  readonly isInvalid: boolean;
  readonly guard: AccountGuard;
  readonly shapeOf: ShapeOf;
  /** Keys that the engine fills whatever the request says. */
  readonly derived: ReadonlyMap<string, KeyState>;
  /** Keys that the organization knows where the request says nothing. */
  readonly known: ReadonlyMap<string, ContextValue>;
  /** A role whose sessions may bring other tags than are known of it. */
  readonly isTaggable: boolean;
}

/** The policies over a caller, each layer by itself; silent ones empty. */
interface CallerLayers {
  readonly identity: ListGroup;
  readonly groups: ListGroup;
  readonly boundary: ListGroup;
  /** Every level. */
  readonly scps: ListGroup;
}

interface Parts {
  groupOf: GroupOf;
  documents: Documents;
  listOf: ListOf;
  guardOf: (account: string) => AccountGuard;
  inventories: readonly Inventory[];
  managementAccount: string | null;
}

/** Filled by the engine for every request; `aws:userid` may follow the request's own. */
const derivedKeys = ['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:username', 'aws:userid'];

/** A user or role and the number of the inventory that tells of it. */
interface Placed {
  readonly record: PrincipalRecord;
  readonly place: number;
}

/** Where a policy was replaced, and those who called before it was. */
interface Before {
  readonly callers: Callers;
  readonly place: PolicyPlace;
}

export class Callers {
  readonly #parts: Parts;
  readonly #isTaggable: ReturnType<typeof taggability>;
  readonly #holders: Map<string, Holder>;
  readonly #records: Map<string, Placed>;
  readonly #groups = new Map<string, GroupRecord>();
  /** Role ARN by `account/name`. */
  readonly #roles: Map<string, string>;
  readonly #profiles: Map<string, CallerProfile>;
  readonly #known = new Map<string, ReadonlyMap<string, ContextValue>>();
  readonly #most: number;

  /** After a change of one policy only those are read again whom it touches. */
  constructor(parts: Parts, before: Before | null = null, most = 100_000) {
    this.#parts = parts;
    this.#most = most;
    const earlier = before ? before.callers : null;
    this.#isTaggable = earlier ? earlier.#isTaggable : taggability();
    this.#roles = earlier ? earlier.#roles : new Map();
    this.#records = new Map(earlier ? earlier.#records : []);
    this.#holders = new Map(earlier ? earlier.#holders : []);
    this.#profiles = new Map(earlier && before?.place.kind !== 'control' ? earlier.#profiles : []);
    for (const { account, groups } of parts.inventories)
      for (const group of groups) this.#groups.set(`${account}/${group.name}`, group);
    if (before) this.#readAgain(before.place);
    else this.#readAll();
  }

  #readAll(): void {
    for (const [place, { principals }] of this.#parts.inventories.entries()) {
      for (const record of principals) {
        this.#records.set(record.arn, { record, place });
        if (record.type === 'role') this.#roles.set(`${accountOf(record.arn)}/${record.name}`, record.arn);
      }
    }
    for (const arn of this.#records.keys()) this.#hold(arn);
  }

  #readAgain(place: PolicyPlace): void {
    const touched = this.#touchedBy(place);
    if (touched.size === 0) return;
    for (const arn of touched) this.#hold(arn);
    for (const [name, { holder }] of this.#profiles)
      if (holder && touched.has(holder.record.arn)) this.#profiles.delete(name);
  }

  #touchedBy(place: PolicyPlace): ReadonlySet<string> {
    if (place.kind === 'control' || place.kind === 'resource') return new Set();
    const changed = place.kind === 'managed' ? place.arn : place.kind === 'inline' ? place.holder : place.role;
    const groups = new Set<string>();
    for (const [name, { arn, attached }] of this.#groups)
      if (arn === changed || attached.includes(changed)) groups.add(name);
    const touched = new Set<string>();
    for (const [place, { account, principals }] of this.#parts.inventories.entries()) {
      for (const record of principals) {
        const { arn, attached, boundary } = record;
        const isTouched =
          arn === changed ||
          boundary === changed ||
          attached.includes(changed) ||
          (groups.size > 0 && record.groups.some((name) => groups.has(`${account}/${name}`)));
        if (!isTouched || this.#records.get(arn)?.place !== place) continue;
        touched.add(arn);
        this.#records.set(arn, { record, place });
      }
    }
    return touched;
  }

  /** Every user and role. */
  holders(): Iterable<Holder> {
    return this.#holders.values();
  }

  recordOf(arn: string): PrincipalRecord | undefined {
    return this.#records.get(arn)?.record;
  }

  profileOf(
    question: Pick<Question, 'principal' | 'principalKind' | 'principalRoleArn' | 'federatingUserArn'>,
  ): CallerProfile {
    const { principal, principalKind, principalRoleArn, federatingUserArn } = question;
    const plain = principalKind === null && principalRoleArn === null && federatingUserArn === null;
    const name = plain ? principal : JSON.stringify([principal, principalKind, principalRoleArn, federatingUserArn]);
    const known = this.#profiles.get(name);
    if (known) return known;
    if (this.#profiles.size >= this.#most) this.#profiles.clear();
    const made = this.#makeProfile(question);
    this.#profiles.set(name, made);
    return made;
  }

  #hold(arn: string): void {
    const { record, place } = this.#records.get(arn)!;
    const { documents, listOf } = this.#parts;
    const inventory = this.#parts.inventories[place]!;
    const managed = (policy: string): Document => documents.documentOf(inventory.managed.get(policy)?.text, 'identity');
    const policiesOf = ({ inline, attached }: Pick<GroupRecord, 'inline' | 'attached'>): Document[] => [
      ...inline.map(({ text }) => documents.documentOf(text, 'identity')),
      ...attached.map(managed),
    ];
    const groups = record.groups.flatMap((name) => this.#groups.get(`${inventory.account}/${name}`) ?? []);
    const identity = listOf('identityPolicies', policiesOf(record));
    const groupList = listOf('groupPolicies', groups.flatMap(policiesOf));
    const boundary = record.boundary ? listOf('permissionsBoundary', [managed(record.boundary)]) : null;
    const invalid = [...identity.invalid, ...groupList.invalid, ...(boundary?.invalid ?? [])];
    this.#holders.set(arn, { record, identity, groups: groupList, boundary, invalid });
  }

  #makeProfile({
    principal,
    principalKind,
    principalRoleArn,
    federatingUserArn,
  }: Pick<Question, 'principal' | 'principalKind' | 'principalRoleArn' | 'federatingUserArn'>): CallerProfile {
    const session = roleOfSession(principal);
    const role = session ? this.#roles.get(`${session.account}/${session.role}`) : undefined;
    const holder = this.#holders.get(
      session ? (role ?? principalRoleArn ?? principal) : (federatingUserArn ?? principal),
    );
    const roleArn = holder?.record.type === 'role' ? holder.record.arn : principalRoleArn;
    const { managementAccount, guardOf, groupOf, listOf } = this.#parts;
    const account = accountOf(principal);
    const guard = guardOf(account);
    const request: Request = {
      principal,
      principalKind,
      principalRoleArn: roleArn,
      federatingUserArn,
      principalAccountIsManagement: false,
      action: '',
      resource: '',
      resourceAccount: null,
      context: new Map(),
      unknown: 'all',
    };
    const caller = callerOf(request);
    const facts = factsOf(request, caller);
    const isManagement = managementAccount !== null && account === managementAccount;
    const isSpared = isServiceLinked(caller);
    const none = listOf('identityPolicies', []);
    const hasOwn = caller.account !== null && caller.kind !== 'root';
    const [identity, groups, boundary] =
      hasOwn && holder ? [holder.identity, holder.groups, holder.boundary ?? none] : [none, none, none];
    const isLimited = caller.account !== null && !isManagement && !isSpared;
    const scps = isLimited ? guard.scps : [];
    const actsAsRoot = caller.kind === 'root' || caller.behind?.endsWith(':root') === true;
    return {
      // First what every decision looks at, so that it lies together.
      own: groupOf([identity, groups, boundary, ...scps]),
      traits: traitBits(caller, [holder?.boundary != null, actsAsRoot, scps.length > 0]),
      home: caller.account === null ? null : guardOf(caller.account),
      isInvalid: guard.invalidScps.length + (holder?.invalid.length ?? 0) > 0,
      isManagement,
      isSpared,
      hasLevels: scps.length > 0,
      caller,
      known: this.#knownAs(knownOfCaller(holder?.record, guard.guardrails)),
      isTaggable: this.#isTaggable(holder?.record),
      layers: {
        identity: groupOf([identity]),
        groups: groupOf([groups]),
        boundary: groupOf([boundary]),
        scps: groupOf(scps),
      },
      actsAsRoot,
      holder,
      principalKind,
      principalRoleArn: roleArn,
      federatingUserArn,
      guard,
      shapeOf: shapesOf(caller),
      derived: new Map(derivedKeys.map((key) => [key, stateIn(facts, key)])),
    };
  }

  /** One for all of whom the same is known: mostly a whole account. */
  #knownAs(entries: ReturnType<typeof knownOfCaller>): ReadonlyMap<string, ContextValue> {
    const name = JSON.stringify(entries);
    const known = this.#known.get(name) ?? new Map(entries);
    if (this.#known.size >= this.#most) this.#known.clear();
    this.#known.set(name, known);
    return known;
  }
}

/** The lowest bit, and those from 128 on, are left to the request. */
const traitBits = ({ account, kind }: Caller, others: readonly boolean[]): number =>
  [account === null, kind === 'root', kind === 'federated-user', ...others].reduce(
    (bits, holds, i) => bits | (holds ? 2 << i : 0),
    0,
  );
