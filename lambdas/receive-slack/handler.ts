import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { atOnce } from '../../adapters/slack/at-once.ts';
import { slackRequestOf } from '../../adapters/slack/http-request.ts';
import { refusedStatuses } from '../../adapters/slack/refused-statuses.ts';
import { type Expected, type SlackRequest, verify } from '../../adapters/slack/verify.ts';
import { receiveSlack, type Deps as UseCase } from '../../usecases/receive-slack.ts';

export interface Deps extends Omit<UseCase<SlackRequest>, 'verify' | 'atOnce'> {
  expected: Expected;
  /** What a form can be told to be too long for. */
  lending: { maxHours: number };
}

/** What the endpoint needs of an HTTP API or function URL event. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>;

/**
 * Answers Slack within its three seconds: an empty 200 once the request is kept, what is wrong with a form where that
 * shows at once, a bare status where the request is refused.
 */
export const receiveSlackHandler = ({ expected, lending, ...deps }: Deps) => {
  const receive = receiveSlack<SlackRequest>({
    ...deps,
    verify: (request, now) => verify(expected, request, now),
    atOnce: atOnce(lending),
  });
  return async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const received = await receive(slackRequestOf(event));
    if (!received.ok) return { statusCode: refusedStatuses[received.error], body: '' };
    return typeof received.value === 'string' ? { statusCode: 200, body: '' } : inJson(received.value.answer);
  };
};

const inJson = (answer: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(answer),
});
