import { createHash, createHmac } from 'node:crypto';
import { callBody, type SignedCall } from '../../../core/enrolment/signed-call.ts';
import type { Instant } from '../../../core/time.ts';
import { start } from './desk.ts';
import type { Credentials } from './sts.ts';

/** What an attacker wants to have signed. */
export interface Making {
  who: Credentials;
  headers: Record<string, string>;
  at?: Instant;
  host?: string;
  scope?: string;
  method?: string;
  body?: string;
  path?: string;
  /** Headers that travel and are left out of the signature. */
  unsigned?: readonly string[];
  service?: string;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** A call with a genuine signature over whatever an attacker wants to have signed. */
export function forge(making: Making): SignedCall {
  const { who, host = 'sts.eu-central-1.amazonaws.com', scope = 'eu-central-1', body = callBody } = making;
  const date = (making.at ?? start).replaceAll(/[-:]/g, '');
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    host,
    'x-amz-date': date,
    ...(who.sessionToken && { 'x-amz-security-token': who.sessionToken }),
    ...making.headers,
  };
  const names = Object.keys(headers)
    .filter((name) => !making.unsigned?.includes(name))
    .sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = [making.method ?? 'POST', making.path ?? '/', '', lines, names.join(';'), sha(body)].join('\n');
  const parts = [date.slice(0, 8), scope, making.service ?? 'sts', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', date, parts.join('/'), sha(canonical)].join('\n');
  const signature = hmac(
    parts.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${who.secretAccessKey}`),
    text,
  ).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${who.accessKeyId}/${parts.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { url: `https://${host}/`, headers: { ...headers, authorization } };
}
