import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, parseInstant, secondsOf } from '../time.ts';
import { stsHosts } from './sts-hosts.ts';

/** What a person's own session signed: a call of `sts:GetCallerIdentity` that only we are meant to send. */
export interface SignedCall {
  url: string;
  /** As signed, the authorization among them. */
  headers: Readonly<Record<string, string>>;
}

/** A call that may be sent, exactly so: a POST of `callBody` to the host, with these headers and no others. */
export interface SendableCall {
  host: string;
  /** In hex; names the call, however else it was written down. */
  signature: string;
  headers: Readonly<Record<string, string>>;
}

export type CallRefusal =
  | 'not-an-sts-host'
  | 'not-signed-so'
  | 'scope-mismatch'
  | 'too-old'
  | 'header-not-signed'
  | 'header-not-ours'
  | 'header-missing';

/** The only body. Together with the method and the empty query it leaves STS nothing else to do than name the caller. */
export const callBody = 'Action=GetCallerIdentity&Version=2011-06-15';

/** What binds a call to this deployment and to one wish. */
export const ourHeaders = {
  /** The address that it is sent to: whoever is sent one cannot pass it on to another Leastwise. */
  audience: 'x-leastwise-audience',
  /** SHA-256 of the wish's canonical JSON. */
  ask: 'x-leastwise-ask',
  team: 'x-leastwise-team',
  user: 'x-leastwise-user',
  code: 'x-leastwise-code',
} as const;

/** Seconds: what was signed longer ago is refused; a clock may be this much ahead. */
const window = { age: 300, ahead: 60 } as const;

/** What the SDKs sign of themselves. Nothing else may travel with the call: STS would do what such a header says. */
const harmless = new Set([
  'host',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-user-agent',
  'content-type',
  'content-length',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  ...Object.values(ourHeaders),
]);
const formTypes = ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8'];

const authorization =
  /^AWS4-HMAC-SHA256 Credential=[A-Z0-9]{16,128}\/(\d{8})\/([a-z0-9-]+)\/sts\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Whether the call may be sent: to a host of the list, in the scope of that host's region, signed within five minutes,
 * with every one of our headers as `expected` and every header under the signature. Whether the signature is genuine
 * only STS can say. Pure; the caller sends it with the method that it was signed for and follows no redirect.
 */
export function judgeCall(
  call: SignedCall,
  expected: Readonly<Record<string, string>>,
  now: Instant,
): Result<SendableCall, CallRefusal> {
  const host = hostOf(call.url);
  const region = host && stsHosts.get(host);
  if (host === undefined || region === undefined) return fail('not-an-sts-host');
  const headers = new Map(Object.entries(call.headers));
  const signed = authorization.exec(headers.get('authorization') ?? '');
  if (signed === null) return fail('not-signed-so');
  const [, day, scope, names = '', signature = ''] = signed;
  if (scope !== region) return fail('scope-mismatch');
  const at = headers.get('x-amz-date') ?? '';
  if (!at.startsWith(`${day}T`)) return fail('scope-mismatch');
  if (!isRecent(at, now)) return fail('too-old');
  headers.delete('authorization');
  const refusal = headerRefusal(headers, names.split(';'), { host, ...expected });
  return refusal === undefined ? ok({ host, signature, headers: call.headers }) : fail(refusal);
}

/** Exactly `https://HOST/`: no port, no user, no path, no query. */
function hostOf(url: string): string | undefined {
  const host = /^https:\/\/([a-z0-9.-]+)\/$/.exec(url)?.[1];
  return host !== undefined && stsHosts.has(host) ? host : undefined;
}

function isRecent(basic: string, now: Instant): boolean {
  const at = parseInstant(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (at === undefined) return false;
  const age = secondsOf(now) - secondsOf(at);
  return age <= window.age && age >= -window.ahead;
}

function headerRefusal(
  headers: ReadonlyMap<string, string>,
  signed: readonly string[],
  expected: Readonly<Record<string, string>>,
): CallRefusal | undefined {
  for (const [name, value] of headers) {
    if (!harmless.has(name) || !/^[\x20-\x7e]{0,8192}$/.test(value)) return 'header-not-ours';
    if (!signed.includes(name)) return 'header-not-signed';
  }
  if (signed.some((name) => !headers.has(name))) return 'header-missing';
  const { audience, ask, team, user, code } = ourHeaders;
  for (const name of [audience, ask, team, user, code, 'host'])
    if (headers.get(name) !== expected[name]) return headers.has(name) ? 'header-not-ours' : 'header-missing';
  return bodyRefusal(headers);
}

/** What describes the body must describe ours. */
function bodyRefusal(headers: ReadonlyMap<string, string>): CallRefusal | undefined {
  const is = (name: string, ...values: readonly string[]) => {
    const given = headers.get(name);
    return given === undefined || values.includes(given.toLowerCase());
  };
  const hash = createHash('sha256').update(callBody).digest('hex');
  return is('content-type', ...formTypes) &&
    headers.has('content-type') &&
    is('content-length', String(callBody.length)) &&
    is('x-amz-content-sha256', hash)
    ? undefined
    : 'header-not-ours';
}
