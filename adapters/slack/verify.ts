import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Configuration } from '../../core/configuration.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Instant, secondsOf } from '../../core/time.ts';
import type { RequestRefusal } from '../../usecases/ports/slack-input.ts';
import { formIn } from './form-proof.ts';
import { challengeIn, isJson, type Origin, originOf } from './origin.ts';

/** A request as it came in: header names in lower case, the body's bytes as they were signed. */
export interface SlackRequest {
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** A request that Slack signed for our app. `id` is the same for the same signed request, and for the same event. */
export interface VerifiedRequest {
  id: string;
  body: string;
}

export interface Expected {
  /** Empty or missing: nothing is accepted. */
  signingSecret: string | undefined;
  /** Proves for whom a form was filled (form-proof.ts). Empty: no form is accepted. */
  formKey: string;
  slack: Pick<Configuration['slack'], 'app' | 'team'>;
}

/** Slack's own window against replays, in seconds. */
const maxAge = 300;
/** An item of the inbox's table takes 400 KB; our largest message comes back as a fraction of this. */
const maxBytes = 256 * 1024;

/**
 * Checks size, age, signature (HMAC-SHA256 over `v0:timestamp:body`), type, app, team, and of a form for whom it was
 * filled, in that order, and fails closed. Nothing of the body is looked at before the signature holds.
 */
export function verify(
  expected: Expected,
  request: SlackRequest,
  now: Instant,
): Result<VerifiedRequest, RequestRefusal> {
  const timestamp = request.headers['x-slack-request-timestamp'] ?? '';
  const signature = request.headers['x-slack-signature'] ?? '';
  if (!expected.signingSecret) return fail('no-secret');
  if (request.body.byteLength > maxBytes) return fail('too-large');
  if (!/^\d{1,12}$/.test(timestamp) || signature === '') return fail('no-signature');
  if (Math.abs(secondsOf(now) - Number(timestamp)) > maxAge) return fail('stale');
  if (!sameText(signature, sign(expected.signingSecret, timestamp, request.body))) return fail('wrong-signature');

  const type = request.headers['content-type'] ?? '';
  if (!formType.test(type) && !jsonType.test(type)) return fail('wrong-type');
  const body = textOf(request.body);
  if (body === undefined) return fail('malformed');
  if (isJson(body) !== jsonType.test(type)) return fail('wrong-type');
  const id = idOf(timestamp, request.body);
  // It comes before there is an app to name, and nothing follows from it.
  if (challengeIn(body) !== undefined) return ok({ id, body });
  const origin = originOf(body);
  if (origin === undefined) return fail('malformed');
  const refusal = foreign(expected, origin);
  if (refusal !== undefined) return fail(refusal);
  return ok({ id: origin.event === null ? id : eventIdOf(origin.event), body });
}

/** The signature Slack would send; the local stand-in signs with it too. */
export const sign = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

const idOf = (timestamp: string, body: Uint8Array): string =>
  createHash('sha256').update(`${timestamp}:`).update(body).digest('hex');

/** Slack sends an event again that it believes lost, signed anew. */
const eventIdOf = (event: string): string => createHash('sha256').update(`event:${event}`).digest('hex');

/** Interactions and commands come as forms, events as JSON, and nothing as anything else. */
const formType = /^application\/x-www-form-urlencoded(?: *; *charset=utf-8)?$/i;
const jsonType = /^application\/json(?: *; *charset=utf-8)?$/i;

/** undefined where the bytes are no UTF-8: what is stored must be what was signed. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Hashed first, so that neither length nor content shows in the time taken. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function foreign({ slack, formKey }: Expected, origin: Origin): RequestRefusal | undefined {
  if (origin.app !== slack.app) return 'wrong-app';
  if (!isOurTeam(slack, origin)) return 'wrong-team';
  const { view } = origin;
  if (view === null) return undefined;
  if (view.app !== slack.app) return 'wrong-app';
  // What is on the app's page carries nonces of its own; a form is known by what it carries along.
  const isKnown = view.type === 'home' || formIn(formKey, view.from, view.metadata) !== undefined;
  return isKnown ? undefined : 'wrong-view';
}

function isOurTeam({ team }: Expected['slack'], origin: Origin): boolean {
  if (origin.team === team) return true;
  // Installed for a whole organization, an app gets no team or one of many; then the enterprise is what was configured.
  const byOrganization = origin.team === null || origin.organizationInstall;
  return byOrganization && origin.enterprise === team;
}
