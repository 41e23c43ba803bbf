import * as z from 'zod/mini';
import { canonicalHash } from '../../core/audit/canonical.ts';
import { ourHeaders } from '../../core/enrolment/signed-call.ts';
import type { SignedAnswer, SignedAsk } from '../../usecases/ports/signed-asks.ts';
import { type Signing, signCall } from './sign-call.ts';

export interface SignedClient {
  /** The deployment's address for terminals; https, but for this machine. */
  url: string;
  signing: Signing;
  /** Resolves after so many seconds. */
  wait(seconds: number): Promise<void>;
  /** Absent: the network. */
  fetch?: typeof fetch;
}

const taken = z.object({ id: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });
const refused = z.object({ error: z.string() });
const answer = z.object({
  done: z.boolean(),
  words: z.string(),
  data: z.optional(z.record(z.string(), z.unknown())),
});

/** Seconds between two looks, and how often: the queue is quick, but a function may start anew. */
const looks = { every: 1, times: 60 } as const;

/** Signs a wish by a session of the caller's, sends it, and comes back for the answer. */
export async function askSigned(client: SignedClient, ask: SignedAsk): Promise<SignedAnswer> {
  const { url, signing, wait, fetch: send = fetch } = client;
  const { address, audience } = addressOf(url);
  const call = await signCall(signing, headersFor(audience, ask));
  const response = await send(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ call, ask }),
    redirect: 'error',
  });
  const body: unknown = await response.json().catch(() => undefined);
  const { data } = z.safeParse(taken, body);
  if (data === undefined) {
    const reason = z.safeParse(refused, body).data?.error ?? `status ${response.status}`;
    throw new Error(`${address} refused it: ${reason}`);
  }
  for (let look = 0; look < looks.times; look += 1) {
    const later = await send(`${address}/${data.id}`, { redirect: 'error' });
    if (later.status === 200) return z.parse(answer, await later.json()) as SignedAnswer;
    if (later.status !== 202) throw new Error(`${address} answered ${later.status}`);
    await wait(looks.every);
  }
  throw new Error('It was taken in, but no answer came within a minute; Slack or `leastwise status` will tell.');
}

/** The team, the user and the code stand under the signature beside the wish's hash. */
const headersFor = (audience: string, ask: SignedAsk): Record<string, string> => ({
  [ourHeaders.audience]: audience,
  [ourHeaders.ask]: canonicalHash(ask),
  ...(ask.type === 'enroll' && {
    [ourHeaders.team]: ask.team,
    [ourHeaders.user]: ask.user,
    [ourHeaders.code]: ask.code,
  }),
});

/** What is signed names the address, so it is written in one way only, on this machine too. */
function addressOf(text: string): { address: string; audience: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url?.hostname === '127.0.0.1' && url.protocol === 'http:';
  if (url === undefined || (url.protocol !== 'https:' && !isHere)) throw new Error(`${text} is no https address`);
  return { address: `${isHere ? 'http' : 'https'}://${url.host}/signed`, audience: `https://${url.host}/signed` };
}
