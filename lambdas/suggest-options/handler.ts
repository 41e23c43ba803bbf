import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { slackRequestOf } from '../../adapters/slack/http-request.ts';
import { readSuggestion } from '../../adapters/slack/options-payload.ts';
import { refusedStatuses } from '../../adapters/slack/refused-statuses.ts';
import { optionsOf } from '../../adapters/slack/render/form.ts';
import { type Expected, verify } from '../../adapters/slack/verify.ts';
import type { Instant } from '../../core/time.ts';
import type { RequestRefusal } from '../../usecases/ports/slack-input.ts';
import { type SuggestOptionsDeps, suggestOptions } from '../../usecases/suggest-options.ts';

export interface Deps extends SuggestOptionsDeps {
  expected: Expected;
  /** Of a refused request nothing else is kept, and of any other nothing at all. */
  count(refusal: RequestRefusal): void;
  /** Nothing could be suggested; what is wanted can be typed. */
  failed(fault: unknown): void;
  now(): Instant;
}

/** What the endpoint needs of an HTTP API event. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>;

/** Answers what a select of our form asks while somebody types into it. */
export const suggestOptionsHandler = ({ expected, count, failed, now, ...deps }: Deps) => {
  const suggest = suggestOptions(deps);
  const refused = (refusal: RequestRefusal): APIGatewayProxyStructuredResultV2 => {
    count(refusal);
    return { statusCode: refusedStatuses[refusal], body: '' };
  };
  return async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const verified = verify(expected, slackRequestOf(event), now());
    if (!verified.ok) return refused(verified.error);
    const question = readSuggestion(verified.value.body);
    if (question === undefined) return refused('malformed');
    const choices = await suggest(question).catch((fault: unknown) => {
      failed(fault);
      return [];
    });
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ options: optionsOf(choices) }),
    };
  };
};
