import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../core/result.ts';
import type { SignedAsk, SignedInput } from '../../usecases/ports/signed-asks.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const textsOrNone = z.array(text(2048)).check(z.maxLength(100));

const ask = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enroll'), team: text(40), user: text(40), code: text(80) }),
  z.strictObject({ type: z.literal('show'), change: text(256) }),
  z.strictObject({ type: z.literal('confirm'), change: text(256), digest: text(128) }),
  z.strictObject({
    type: z.literal('request'),
    target: z.nullable(text(2048)),
    // None where a permission set is asked for.
    actions: textsOrNone,
    resources: textsOrNone,
    duration: z.int().check(z.positive()),
    reason: text(500),
    emergency: z.optional(z.boolean()),
  }),
  z.strictObject({ type: z.literal('status') }),
  z.strictObject({ type: z.literal('revoke'), lease: text(256) }),
]);

const request = z.strictObject({
  call: z.strictObject({ url: text(200), headers: z.record(z.string(), z.string()) }),
  ask,
});

const stored = z.object({
  signer: z.object({ account: z.string(), arn: z.string(), userId: z.string() }),
  ask,
});

/** Reads what a terminal sent. */
export function readSigned(
  body: string,
): Result<{ call: { url: string; headers: Record<string, string> }; ask: SignedAsk }, 'malformed'> {
  const { data } = z.safeParse(request, json(body));
  return data === undefined ? fail('malformed') : ok(data);
}

/** Reads what was stored once STS had named the signer. */
export function readStoredAsk(body: string): Result<SignedInput, string> {
  const { data } = z.safeParse(stored, json(body));
  return data === undefined ? fail('a signed wish that cannot be read') : ok(data);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
