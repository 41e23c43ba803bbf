import type { SlackRequest } from './verify.ts';

/** What of an HTTP API's event the signature is about. */
export interface HttpRequest {
  headers?: Readonly<Record<string, string | undefined>>;
  body?: string | undefined;
  isBase64Encoded?: boolean;
}

/** A request as Slack signed it: the signature is over the bytes that were sent, so base64 comes off first. */
export const slackRequestOf = ({ headers = {}, body, isBase64Encoded }: HttpRequest): SlackRequest => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
});
