import { LogLevel, WebClient } from '@slack/web-api';

/** Milliseconds for one request. */
export const timeout = 10_000;

/** Slack's Web API, or a stand-in's. Whoever calls says what is sent again: nothing is by itself. */
export const webClient = ({ token, apiUrl }: { token: string; apiUrl?: string | undefined }): WebClient =>
  new WebClient(token, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout,
    logLevel: LogLevel.ERROR,
  });
