import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Expected, type SlackRequest, verify } from '../../adapters/slack/verify.ts';
import type { RequestRefusal } from '../../usecases/ports/slack-input.ts';
import { receiveSlack, type Deps as UseCase } from '../../usecases/receive-slack.ts';

export interface Deps extends Omit<UseCase<SlackRequest>, 'verify'> {
  expected: Expected;
}

/** What the endpoint needs of an HTTP API or function URL event. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>;

/** Answers Slack within its three seconds: an empty 200 once the request is kept, a bare status where it is refused. */
export const receiveSlackHandler = ({ expected, ...deps }: Deps) => {
  const receive = receiveSlack<SlackRequest>({ ...deps, verify: (request, now) => verify(expected, request, now) });
  return async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const received = await receive({ headers: lowerCased(event.headers), body: bytesOf(event) });
    return { statusCode: received.ok ? 200 : statuses[received.error], body: '' };
  };
};

/** A missing secret is our own fault, yet to the outside it looks like any wrong signature. */
const statuses: Readonly<Record<RequestRefusal, number>> = {
  'no-secret': 401,
  'no-signature': 401,
  stale: 401,
  'wrong-signature': 401,
  'too-large': 413,
  'wrong-type': 415,
  malformed: 400,
  'wrong-app': 403,
  'wrong-team': 403,
};

/** The signature is over the bytes that Slack sent, so base64 comes off first. */
const bytesOf = ({ body, isBase64Encoded }: HttpEvent): Uint8Array =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

const lowerCased = (headers: HttpEvent['headers'] = {}): SlackRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
