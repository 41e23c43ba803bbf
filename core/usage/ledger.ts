import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayNumber, dayOf } from '../time.ts';
import { actionNamesOf, actionsOf as catalogued, type MappedActions } from './actions/actions-of.ts';
import { rankBy } from './bounded.ts';
import { EntryTable, type Moment, placeOfDay, trustNumber } from './entry-table.ts';
import type { Outcome, UsageEvent } from './event.ts';
import { aroundOf, eachFact, eachSurrounding, filedActions, firstUseOf, type TakeFact } from './facets.ts';
import type { FacetKind, FirstUse, LedgerItem } from './item.ts';
import { memo } from './memo.ts';
import { networkOf } from './network.ts';
import { absorb, createShelf, itemOf, itemsOf, nameBy, type Shared, type Shelf } from './shelf.ts';

export interface LedgerOptions {
  /** Of the bounded sets; `offlineKey` outside a deployment. */
  key: string;
  /** Whether facets of single resources are kept. */
  resources: boolean;
  /** Absent: what the catalogue makes of the event. */
  actionsOf?(event: UsageEvent): MappedActions;
  /** Kinds of repeats that matter (core/anomaly/signals); absent: none. */
  signalsOf?(event: UsageEvent, actions: readonly string[]): readonly string[];
}

/** Folds events in memory. What it holds is the join of what every single event says, in any order. */
export interface Ledger {
  add(event: UsageEvent): void;
  /** One item per key, in no particular order. */
  items(): LedgerItem[];
}

/** Surroundings that were taken in, by an event of this time. */
interface Lately extends Pick<UsageEvent, 'time' | 'region' | 'userAgent' | 'trust'> {
  arn: string | null;
  day: Day;
  network: string | null;
  outcome: Outcome;
}

/** A caller and what its events share. */
interface Known {
  shelf: Shelf;
  /** The ARN that came last: events of one caller share one text, so that comparing them costs nothing. */
  arn: string | null;
  /** Where the caller's events came from lately, latest first; all of it is in the items. */
  lately: readonly Lately[];
  /** The first use that was made last: the next one mostly shares its texts. */
  use: FirstUse | null;
}

/** Those who used one principal: mostly it is one, and mostly the same again. */
interface Users {
  recent: Known;
  byActor: Map<ActorId, Known>;
}

const noSignals: readonly string[] = [];
const nameOf = ({ action }: { action: string }): string => action;

export function createLedger({ key, resources, actionsOf, signalsOf }: LedgerOptions): Ledger {
  const principals = new Map<PrincipalId, Users>();
  const shared = { table: new EntryTable(), rank: rankBy(key), oneOf: memo((text) => text, 50_000) };
  const reading = new Reading(shared);
  const mappedOf = actionsOf ?? (resources ? catalogued : null);

  return {
    add(event) {
      const mapped = mappedOf === null ? null : mappedOf(event);
      const actions = mapped === null ? actionNamesOf(event) : mapped.actions.map(nameOf);
      const filed = filedActions(event, actions);
      const signals = signalsOf === undefined ? noSignals : signalsOf(event, filed);
      reading.begin(event, knownOf(principals, event.caller.principal, event.caller.actor));
      eachFact(event, { filed, mapped: resources ? mapped : null, signals }, reading);
      if (!reading.comesFromWhereItDid()) eachSurrounding(event, filed, reading);
    },
    items() {
      const items: LedgerItem[] = [];
      for (const { byActor } of principals.values()) {
        for (const { shelf } of byActor.values()) {
          for (const item of itemsOf(shelf, shared.table)) items.push(item);
        }
      }
      return items;
    },
  };
}

/** The event that is being folded, its facts taken one by one; one object for all events. */
class Reading implements TakeFact, Moment {
  event!: UsageEvent;
  day = '' as Day;
  number = -1;
  word = 0;
  bit = 0;
  trust = 0;
  private trustName = '';
  private known!: Known;
  /** The event's circumstances, made when first needed, for the action that last needed them. */
  private use: FirstUse | null = null;
  private readonly shared: Shared;

  constructor(shared: Shared) {
    this.shared = shared;
  }

  begin(event: UsageEvent, known: Known): void {
    this.event = event;
    this.known = known;
    this.use = null;
    if (known.arn !== event.caller.arn) known.arn = event.caller.arn;
    if (this.trustName !== event.trust) {
      this.trustName = event.trust;
      this.trust = trustNumber(event.trust);
    }
    if (this.day === '' || !event.time.startsWith(this.day)) this.beginDay(dayOf(event.time));
  }

  private beginDay(day: Day): void {
    this.day = day;
    this.number = dayNumber(day);
    const { word, bit } = placeOfDay(this.number);
    this.word = word;
    this.bit = bit;
  }

  useBy(by: string): FirstUse {
    if (this.use?.action === by) return this.use;
    this.use = firstUseOf(this.event, by);
    const { known, use } = this;
    if (known.use !== null) shareTexts(use, known.use);
    known.use = use;
    return use;
  }

  /**
   * Whether an earlier event of the same day, trust and outcome came from the same place: then the items have it all.
   * Otherwise this event is one to compare the next ones with.
   */
  comesFromWhereItDid(): boolean {
    const { event, known, day } = this;
    const network = networkOf(event.sourceAddress);
    const outcome = aroundOf(event);
    for (let i = 0; i < known.lately.length; i++) {
      const lately = known.lately[i]!;
      if (lately.day !== day || lately.network !== network || lately.outcome !== outcome) continue;
      if (event.time > lately.time && lately.arn === known.arn && isLike(event, lately)) return true;
    }
    const { time, region, userAgent, trust } = event;
    const now = { time, region, userAgent, trust, arn: known.arn, day, network, outcome };
    known.lately = [now, ...known.lately.slice(0, places - 1)];
    return false;
  }

  take(kind: FacetKind, action: string | null, value: string, outcome: Outcome, by: string): void {
    const { known, shared } = this;
    const item = itemOf(known.shelf[outcome], kind, action, value);
    nameBy(item, known.arn);
    absorb(item, value, by, this, shared);
  }
}

/** Callers come from few places in turn, with few tools: more would be compared with in vain. */
const places = 3;

const isLike = (event: UsageEvent, lately: Lately): boolean =>
  event.region === lately.region && event.userAgent === lately.userAgent && event.trust === lately.trust;

/** Equal texts of two uses become the same ones: many first uses are kept. */
function shareTexts(use: FirstUse, last: FirstUse): void {
  if (use.account === last.account) use.account = last.account;
  if (use.accessKeyId === last.accessKeyId) use.accessKeyId = last.accessKeyId;
  if (use.session === last.session) use.session = last.session;
}

function knownOf(principals: Map<PrincipalId, Users>, principal: PrincipalId, actor: ActorId): Known {
  const users = principals.get(principal);
  if (users !== undefined && users.recent.shelf.actor === actor) return users.recent;
  const before = users?.byActor.get(actor);
  const known = before ?? { shelf: createShelf(principal, actor), arn: null, lately: [], use: null };
  if (users === undefined) {
    principals.set(principal, { recent: known, byActor: new Map([[actor, known]]) });
  } else {
    users.recent = known;
    users.byActor.set(actor, known);
  }
  return known;
}
