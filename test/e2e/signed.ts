import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { askSigned } from '../../adapters/aws/signed-client.ts';
import { confirmRole } from '../../core/enrolment/caller.ts';
import { sessionOf } from '../../local/emulated/clients.ts';
import type { SignedAnswer, SignedAsk } from '../../usecases/ports/signed-asks.ts';
import { ahead } from './clock.ts';
import { members, region, takeInventory, type World } from './world.ts';

let known: Promise<unknown> | undefined;

/** Whoever asks or confirms has a user in the member account, and the inventory knows them: taken once for all stories. */
export function knowUsers(world: World): Promise<unknown> {
  known ??= Promise.all(
    ['ada', 'bruno'].map((UserName) => world.member.iam.send(new CreateUserCommand({ UserName })).catch(unlessThere)),
  ).then(() => takeInventory(world));
  return known;
}

function unlessThere(fault: Error): void {
  if (fault.name !== 'EntityAlreadyExistsException') throw fault;
}

/** Asks as `leastwise confirm` and its sisters do: by a session of the role that proves a second factor on AWS. */
export async function askBySession(world: World, by: string, ask: SignedAsk): Promise<SignedAnswer> {
  const credentials = await sessionOf(world.moto, `arn:aws:iam::${members.orders}:role/${confirmRole}`, by);
  // As the gateway names itself to its functions.
  const { hostname } = new URL(world.requestUrl);
  const wait = (seconds: number) => pause(seconds * 250);
  // Whoever judges the call goes by the shifted clock.
  const systemClockOffset = ahead(world) * 1000;
  const signing = { region, credentials, systemClockOffset };
  return askSigned({ url: `https://${hostname}`, signing, wait, fetch: emulated(world) }, ask);
}

/** What waits for a decision about the target is shown, and exactly that is approved. */
export async function confirm(world: World, target: string, by: string): Promise<SignedAnswer> {
  await knowUsers(world);
  const waiting = (await world.state.changes.ofTarget(target)).find(({ state }) => /planned$/.test(state));
  if (waiting === undefined) throw new Error(`nothing about ${target} waits for a decision`);
  const { id: change } = waiting;
  const shown = await askBySession(world, by, { type: 'show', change });
  const { toDecide } = (shown.data ?? {}) as { toDecide?: string };
  if (toDecide === undefined) throw new Error(`${change} is not shown: ${shown.words}`);
  return askBySession(world, by, { type: 'confirm', change, digest: toDecide });
}

/** The endpoint's name is known to the emulator alone, so it travels as the Host. */
const emulated =
  ({ endpoint, requestUrl }: World): typeof fetch =>
  (address, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const { host } = new URL(requestUrl);
      const { pathname } = new URL(String(address));
      const sent = request(
        `${endpoint}${pathname}`,
        { method, headers: { ...(headers as Record<string, string>), host }, timeout: 20_000 },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.once('end', () => resolve(new Response(text, { status: response.statusCode ?? 0 })));
        },
      );
      sent.once('error', reject).end(body as string | undefined);
    });
