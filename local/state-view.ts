import { verifyChain } from '../core/audit/chain.ts';
import type { DomainEvent } from '../core/audit/event.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import type { Configuration } from '../core/configuration.ts';
import type { PrincipalId } from '../core/identity/principal.ts';
import { type Instant, instantAt } from '../core/time.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { AccessRequest, Calendar, Message, PrincipalSummary, State } from './api.ts';
import { calendarOf, summaryOf } from './calendar.ts';
import type { Clock } from './clock.ts';
import type { Stores } from './stores.ts';

/** What the page is shown that does not stand in a store. */
export interface Surroundings {
  clock: Clock;
  configuration: Configuration;
  source: State['source'];
  ingestion: Pick<State['ingestion'], 'events' | 'rejected'>;
  revision: number;
  canAttack: boolean;
  example: AccessRequest | null;
}

const latestEvents = 40;

/** The whole of what the page shows, read from the stores. */
export async function stateOf(stores: Stores, around: Surroundings): Promise<State> {
  const { clock, configuration } = around;
  const { state } = stores;
  const settings = (await state.settings.find(settingsId)) ?? onlyObserving;
  const ids = await stores.ledger.principals();
  const items = await Promise.all(ids.map((id) => stores.ledger.itemsOfPrincipal(id)));
  const approvers = new Set(configuration.rules.flatMap((rule) => rule.approvers));
  return {
    revision: around.revision,
    source: around.source,
    clock: { now: clock.now(), paused: clock.paused, speed: clock.speed },
    channel: { name: 'access', messages: messagesIn(stores, configuration) },
    ...surfacesOf(stores, configuration),
    people: configuration.people.map(({ id, name }) => ({ id, name, mayApprove: approvers.has(id) })),
    settings: { applying: settings.applying, killed: settings.killed },
    cases: await state.cases.list(50),
    changes: await state.changes.list(50),
    leases: await state.leases.list(50),
    principals: principalsIn(items, configuration),
    audit: await auditOf(stores),
    ingestion: { ...around.ingestion, unmapped: unmappedIn(items) },
    canAttack: around.canAttack,
    example: around.example,
  };
}

/** Who has which form open, and what their page of the app showed last. */
function surfacesOf({ surfaces }: Stores, { people }: Configuration): Pick<State, 'forms' | 'pages'> {
  const forms = people.flatMap(({ id, slack }) => {
    const form = surfaces.opened().findLast(({ trigger }) => trigger.startsWith(`${slack.user}.`));
    return form ? [[id, { id: form.id, view: form.view }] as const] : [];
  });
  const pages = people.flatMap(({ id, slack }) => {
    const page = surfaces.pageOf(slack.user);
    return page ? [[id, page] as const] : [];
  });
  return { forms: Object.fromEntries(forms), pages: Object.fromEntries(pages) };
}

/** Messages as posted, threads and whispers among them, oldest first. */
function messagesIn({ slack, toldAt }: Stores, { people, slack: { channel } }: Configuration): Message[] {
  const posted = slack.messages(channel).map((message): Message => {
    const { ts, thread, text, blocks } = message;
    return { ts, at: momentOf(ts), thread, onlyFor: null, text, blocks };
  });
  const whispers = slack.whispers().map(({ to, text }, index): Message => {
    const blocks = [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text } }];
    const person = people.find((each) => each.slack.user === to.user);
    const at = toldAt[index] ?? ('' as Instant);
    return { ts: `whisper.${index}`, at, thread: null, onlyFor: person?.name ?? to.user, text, blocks };
  });
  return [...posted, ...whispers].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const momentOf = (ts: string): Instant => instantAt(Number(ts.split('.')[0]));

function principalsIn(items: readonly (readonly LedgerItem[])[], { people }: Configuration): PrincipalSummary[] {
  const actors = new Set(people.flatMap((person) => person.actors));
  const found = items.map((each) => summaryOf(each, actors));
  return found.filter((summary) => summary !== undefined).sort((a, b) => b.actions - a.actions);
}

/** Kinds of calls for which the catalogue knows no action. */
const unmappedIn = (items: readonly (readonly LedgerItem[])[]): number =>
  new Set(items.flat().flatMap(({ action }) => (action?.startsWith('unmapped:') ? [action] : []))).size;

/** The calendar of one principal; undefined where the ledger holds nothing of it. */
export async function principalCalendar(stores: Stores, id: string, now: Instant): Promise<Calendar | undefined> {
  const items = await stores.ledger.itemsOfPrincipal(id as PrincipalId);
  const account = items.find((item) => item.arn)?.arn?.split(':')[4];
  return calendarOf(items, account ? await stores.inventories.read(account) : undefined, now);
}

/** Every chain of the archive, checked from its first event to its last. */
async function chainsOf({ audit }: Pick<Stores, 'audit'>): Promise<readonly (readonly DomainEvent[])[]> {
  const aggregates = await audit.aggregates();
  return Promise.all(aggregates.map(({ type, id }) => audit.chain(type, id)));
}

async function auditOf(stores: Stores): Promise<State['audit']> {
  const chains = await chainsOf(stores);
  const events = chains.flat().sort((a, b) => (a.at < b.at || (a.at === b.at && a.sequence < b.sequence) ? 1 : -1));
  return {
    chains: chains.length,
    events: events.length,
    verified: chains.every((chain) => verifyChain(chain).length === 0),
    latest: events.slice(0, latestEvents).map(({ at, type, by, aggregate, sequence }) => ({
      at,
      type,
      by,
      aggregate: `${aggregate.type}/${aggregate.id}`,
      sequence,
    })),
  };
}
