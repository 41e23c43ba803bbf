import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { documentClient, realBackoff } from '../../adapters/dynamodb/client.ts';
import { dynamoLedgerStore } from '../../adapters/dynamodb/ledger-store.ts';
import { dynamoState } from '../../adapters/dynamodb/state.ts';
import { type Names, namesOf } from '../../local/emulated/after-deploy.ts';
import { type Clients, clientsFor, iamOf } from '../../local/emulated/clients.ts';
import { configuration, hub, members, region } from '../../local/emulated/organization.ts';
import { type Place, startEmulated } from '../../local/emulated/start.ts';
import { clickRequest, commandRequest, type SlackHttpRequest } from '../../local/slack-clicks.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import { now } from './clock.ts';
import { deployRelease, type Released } from './release.ts';

/** The deployed system from the outside. */
export interface World extends Place {
  names: Names;
  /** Clients with keys of the hub's account, and of a member's own. */
  hub: Clients;
  member: { iam: IAMClient };
  /** The tables, read as the functions read them. */
  ledger: LedgerStore;
  state: ReturnType<typeof dynamoState>;
  /** What release 1 left, over which this version was deployed; absent where this was deployed by `npm run local`. */
  released?: Released | undefined;
  stop(): Promise<void>;
}

/** Deploys; or, for whoever writes these tests, takes what `npm run local` deployed (LEASTWISE_E2E=…/emulated.json). */
export async function openWorld(): Promise<World> {
  const attached = process.env.LEASTWISE_E2E;
  let released: Released | undefined;
  const place = attached
    ? { ...(JSON.parse(readFileSync(attached, 'utf8')) as Place), stop: async () => {} }
    : await startEmulated((words) => process.stderr.write(`${words} …\n`), {
        earlier: async (emulators) => {
          released = await deployRelease(emulators);
        },
      });
  const clients = clientsFor(place.endpoint);
  const names = await namesOf(clients);
  const client = documentClient({
    endpoint: place.endpoint,
    region,
    credentials: { accessKeyId: hub, secretAccessKey: 'local' },
  });
  return {
    ...place,
    names,
    released,
    ledger: dynamoLedgerStore({
      client,
      name: names.ledger,
      backoff: realBackoff,
      rank: (value) => value,
      remember: 0,
    }),
    state: dynamoState({ client, name: names.state, backoff: realBackoff }),
    hub: clients,
    member: { iam: await iamOf(place.moto, members.orders) },
    stop: () => place.stop(),
  };
}

/** Asks until there is an answer, for at most so many seconds. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
    // Other processes work: there is no event to wait for.
    await pause(250);
  }
}

export interface Posted {
  ts: string;
  text: string;
  blocks: { type: string; elements?: { action_id?: string; value?: string }[] }[];
}

/** What stands in the channel, what was whispered, and which methods were called. */
export async function slackOf({ slackUrl }: World) {
  const shown = await fetch(`${slackUrl}posted`);
  return (await shown.json()) as { posted: Posted[]; whispers: { user: string; text: string }[]; calls: string[] };
}

/** The newest message whose blocks hold the text. */
export const messageWith = (world: World, text: string, seconds?: number): Promise<Posted> =>
  until(
    `a message with ${text}`,
    async () => (await slackOf(world)).posted.findLast((it) => JSON.stringify([it.text, it.blocks]).includes(text)),
    seconds,
  );

const personOf = (id: string) => configuration.people.find((person) => person.id === id)! as never;

/** A person presses a button of a message; resolves to what they are told. */
export async function press(world: World, message: Posted, actionId: string, by: string): Promise<string> {
  const value = message.blocks
    .flatMap(({ elements }) => elements ?? [])
    .find((element) => element.action_id === `leastwise:${actionId}`)?.value;
  if (value === undefined) throw new Error(`no button ${actionId} in ${JSON.stringify(message.blocks)}`);
  const click = { person: personOf(by), actionId: `leastwise:${actionId}`, value, ts: message.ts };
  return ask(world, clickRequest(appOf(world), click, now(world)));
}

/** A person types `/leastwise TEXT`; resolves to what they are told. */
export const type = (world: World, text: string, by: string): Promise<string> =>
  ask(world, commandRequest(appOf(world), { person: personOf(by), text }, now(world)));

const appOf = ({ signingSecret }: World) => ({ ...configuration.slack, signingSecret });

async function ask(world: World, asked: SlackHttpRequest): Promise<string> {
  const before = (await slackOf(world)).whispers.length;
  const status = await send(world, asked);
  if (status !== 200) throw new Error(`the endpoint answered ${status}`);
  return until('an answer to a person', async () => (await slackOf(world)).whispers[before]?.text);
}

/** Sends a request to the deployed endpoint, as Slack would; resolves to the status. */
export function send(
  { endpoint, requestUrl }: Pick<World, 'endpoint' | 'requestUrl'>,
  { headers, body }: SlackHttpRequest,
): Promise<number> {
  const [, host = '', pathname = ''] = /^https?:\/\/([^/]+)(.*)$/.exec(requestUrl) ?? [];
  return new Promise((resolve, reject) => {
    const sent = request(
      `${endpoint}${pathname}`,
      { method: 'POST', headers: { ...headers, host }, timeout: 20_000 },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject).end(body);
  });
}

/** Has every account's inventory taken anew; resolves when the orders account's is there, and to how many were asked. */
export async function takeInventory({ hub: { lambda, s3 }, names, ...world }: World): Promise<unknown> {
  const since = now(world);
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'leastwise-take-inventory' }));
  const { read } = inventoryStore({ s3, name: names.inventory });
  await until(
    'the inventory',
    async () => {
      const parts = (await read(members.orders))?.parts ?? [];
      return parts.length > 1 && parts.every(({ takenAt }) => (takenAt ?? '') >= since);
    },
    60,
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

/** A CloudTrail record of a member account; `fields` replaces any of it. */
export function record(fields: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    eventVersion: '1.09',
    eventTime: `${new Date().toISOString().slice(0, 19)}Z`,
    eventSource: 's3.amazonaws.com',
    eventName: 'CreateBucket',
    awsRegion: region,
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: {},
    responseElements: null,
    eventID: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: members.orders,
    eventCategory: 'Management',
    ...fields,
  };
}
let made = Date.now() % 1e9;

/** The id of an IAM entity, of the length that AWS gives. */
export const idOf = (prefix: 'AIDA' | 'AROA', name: string): string =>
  `${prefix}${name
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, '')
    .padEnd(17, 'Q')
    .slice(0, 17)}`;

/** Who a user of a member account is in a record. */
export const userIdentity = (userName: string, accessKeyId = 'AKIAIOSFODNN7EXAMPLE') => ({
  type: 'IAMUser',
  principalId: idOf('AIDA', userName),
  arn: `arn:aws:iam::${members.orders}:user/${userName}`,
  accountId: members.orders,
  accessKeyId,
  userName,
});

/** Puts records on the central bus, as the forwarding rule of a member account would. */
export async function putEvents(
  { hub: { events } }: Pick<World, 'hub'>,
  records: readonly Record<string, unknown>[],
  EventBusName = 'leastwise-events',
) {
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: records.map((detail) => ({
        EventBusName,
        Source: `leastwise.test.${String(detail.eventSource)}`,
        DetailType: 'AWS API Call via CloudTrail',
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  if (FailedEntryCount) throw new Error(JSON.stringify(Entries));
}

export { hub, members, region };
