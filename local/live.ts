import type { AccessRequest, Calendar, ClockRequest, State } from './api.ts';
import { channelOf } from './channel.ts';
import { type Behind, Refused } from './server.ts';
import type { SlackHttpRequest } from './slack-clicks.ts';
import { principalCalendar, stateOf } from './state-view.ts';
import { surfacesOf } from './surfaces.ts';
import type { System } from './system.ts';

/** Where the system's events come from: the sample organization or the user's own files. */
export interface Source {
  kind: State['source']['kind'];
  words: string;
  example: AccessRequest | null;
  /** Brings what happened up to now; resolves to whether anything did. */
  catchUp(): Promise<boolean>;
  canAttack(): Promise<boolean>;
  attack(): Promise<void>;
  ingestion(): Pick<State['ingestion'], 'events' | 'rejected'>;
}

/** The system with people watching it: one thing at a time, and everybody told when something changed. */
export interface Live extends Behind {
  /** Lets the time that has passed take effect. */
  step(): Promise<void>;
  /** Does something in the order of everything else, and tells the watchers. */
  doing<T>(work: () => Promise<T>): Promise<T>;
}

export function liveSystem(system: System, source: Source): Live {
  const listeners = new Set<() => void>();
  let revision = 1;
  let tail: Promise<unknown> = Promise.resolve();
  const changed = () => {
    revision += 1;
    for (const listener of listeners) listener();
  };
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  };
  const doing = <T>(work: () => Promise<T>): Promise<T> => exclusively(work).finally(changed);
  return {
    doing,
    state: () => exclusively(async () => stateOf(system.stores, { ...(await surroundings(system, source)), revision })),
    calendar: (id): Promise<Calendar | undefined> =>
      exclusively(() => principalCalendar(system.stores, id, system.clock.now())),
    revision: () => revision,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    step: () =>
      exclusively(async () => {
        const before = fingerprint(system);
        const brought = await source.catchUp();
        await system.tick();
        if (brought || fingerprint(system) !== before) changed();
      }),
    ...inSlack(system, { doing, exclusively }),
    clock: (order) => doing(async () => turn(system, source, order)),
    attack: () =>
      doing(async () => {
        if (!(await source.canAttack())) throw new Refused('The stolen key works no longer.');
        await source.attack();
      }),
  };
}

/** How things are done one after the other: with the watchers told of it, or without. */
type Doing = <T>(work: () => Promise<T>) => Promise<T>;

/** What people do in Slack, by way of the endpoints. */
function inSlack(
  system: System,
  { doing, exclusively }: Record<'doing' | 'exclusively', Doing>,
): Pick<Behind, 'slack' | 'click' | 'options' | 'submit' | 'close' | 'home' | 'request'> {
  const channel = channelOf(system);
  const surfaces = surfacesOf(system);
  const person = (id: string) => {
    const found = system.configuration.people.find((each) => each.id === id);
    if (!found) throw new Refused(`${id.slice(0, 40)} is not a person here.`);
    return found;
  };
  const acknowledged = (status: number) => {
    if (status !== 200) throw new Refused(`The Slack endpoint answered ${status}.`);
  };
  let buried = 0;
  /** What was acknowledged and then failed for good must not look done. */
  const carriedOut = () => {
    const dead = system.queues.inbox.deadLetters().length;
    const failed = dead > buried;
    buried = dead;
    if (failed) throw new Refused(`That could not be carried out: ${system.problems.at(-1)}`);
  };
  return {
    slack: (request: SlackHttpRequest) =>
      doing(async () => {
        const answered = await system.slack(request);
        await system.settle();
        return answered;
      }),
    click: ({ as, actionId, value, surface }) =>
      doing(async () => {
        if (surface !== undefined) {
          acknowledged(await surfaces.press(person(as), { actionId, value }, surface));
          return carriedOut();
        }
        const shown = channel
          .messages()
          .find((message) => channel.buttons(message).some((each) => each.value === value));
        acknowledged(await channel.press(person(as), { action_id: actionId, value }, shown?.ts ?? ''));
        carriedOut();
      }),
    options: ({ as, ...asked }) => exclusively(() => surfaces.options(person(as), asked)),
    submit: ({ as, ...form }) =>
      doing(async () => {
        const submitted = await surfaces.submit(person(as), form);
        carriedOut();
        return submitted;
      }),
    close: ({ form }) => doing(async () => system.stores.surfaces.close(form)),
    home: ({ as }) =>
      doing(async () => {
        acknowledged(await surfaces.openPage(person(as)));
        carriedOut();
      }),
    request: ({ as, text }) =>
      doing(async () => {
        acknowledged(await channel.type(person(as), text));
        carriedOut();
      }),
  };
}

async function turn(system: System, source: Source, order: ClockRequest): Promise<void> {
  const { clock } = system;
  try {
    if ('pause' in order) clock.pause(order.pause);
    else if ('speed' in order) clock.setSpeed(order.speed);
    else clock.advance(order.advance);
  } catch (fault) {
    throw fault instanceof RangeError ? new Refused(`${fault.message}.`) : fault;
  }
  await source.catchUp();
  await system.tick();
}

const surroundings = async (system: System, source: Source) => ({
  clock: system.clock,
  configuration: system.configuration,
  source: { kind: source.kind, words: source.words },
  ingestion: source.ingestion(),
  canAttack: await source.canAttack(),
  example: source.example,
});

/** What the watcher would see differently. */
const fingerprint = ({ stores, configuration }: System): string => {
  const messages = stores.slack.messages(configuration.slack.channel);
  return `${messages.length} ${messages.reduce((sum, { edits }) => sum + edits, 0)} ${stores.slack.whispers().length}`;
};
