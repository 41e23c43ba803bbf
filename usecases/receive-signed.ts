import { canonicalHash } from '../core/audit/canonical.ts';
import type { Configuration } from '../core/configuration.ts';
import { type CallRefusal, judgeCall, ourHeaders, type SignedCall } from '../core/enrolment/signed-call.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { IdentityCalls } from './ports/identity.ts';
import type { Inbox, NonceStore } from './ports/inbox.ts';
import type { SignedAsk, SignedInput } from './ports/signed-asks.ts';

export interface Deps {
  configuration: Pick<Configuration, 'accounts'>;
  /** The address under which this call came in: one that was signed for another address must not serve here. */
  audience: string;
  /** Whether the code was made by us for exactly this Slack user and still holds. */
  isCode(code: string, to: { team: string; user: string }, now: Instant): boolean;
  nonces: NonceStore;
  calls: IdentityCalls;
  inbox: Pick<Inbox, 'store' | 'find'>;
  enqueue(id: string): Promise<void>;
  /** Of a refused wish nothing else is kept. */
  count(refusal: SignedRefusal): void;
  now(): Instant;
}

export type SignedRefusal = CallRefusal | 'wrong-code' | 'code-spent' | 'not-genuine' | 'foreign-account';

/**
 * Takes in a wish that a session of AWS signed: judged, its code spent, its signer named by STS, stored, queued, in that
 * order. Nothing is stored for somebody whom STS does not name. Resolves to the id under which the answer will be found;
 * the same signed wish twice is one.
 */
export const receiveSigned =
  (deps: Deps) =>
  async ({ call, ask }: { call: SignedCall; ask: SignedAsk }): Promise<Result<string, SignedRefusal>> => {
    const taken = await take(deps, call, ask);
    if (!taken.ok) deps.count(taken.error);
    return taken;
  };

async function take(deps: Deps, call: SignedCall, ask: SignedAsk): Promise<Result<string, SignedRefusal>> {
  const at = deps.now();
  const judged = judgeCall(call, expectedHeaders(deps, ask), at);
  if (!judged.ok) return judged;
  const id = canonicalHash({ signed: judged.value.signature, ask });
  if (ask.type === 'enroll') {
    if (!deps.isCode(ask.code, ask, at)) return fail('wrong-code');
    // Spent first: of many calls under one code STS is asked about one.
    if (!(await deps.nonces.spend(`enroll/${ask.code}`, id, at))) return fail('code-spent');
  }
  const signer = await deps.calls.callerOf(judged.value);
  if (signer === undefined) return fail('not-genuine');
  if (!deps.configuration.accounts.some(({ id: account }) => account === signer.account))
    return fail('foreign-account');
  const body = JSON.stringify({ signer, ask } satisfies SignedInput);
  const isNew = await deps.inbox.store({ id, receivedAt: at, body, origin: 'aws' });
  if (isNew || (await deps.inbox.find(id)) !== undefined) await deps.enqueue(id);
  return ok(id);
}

/** Every header of ours, with the only value that it may have; what is not named here must be absent. */
function expectedHeaders({ audience }: Deps, ask: SignedAsk): Record<string, string> {
  return {
    [ourHeaders.audience]: audience,
    [ourHeaders.ask]: canonicalHash(ask),
    ...(ask.type === 'enroll' && {
      [ourHeaders.team]: ask.team,
      [ourHeaders.user]: ask.user,
      [ourHeaders.code]: ask.code,
    }),
  };
}
