import { WebAPIRateLimitedError } from '@slack/web-api';

/** A longer wait than this is left to the queue that will try again. */
const longestWait = 10;
const mostWaits = 2;

/** Calls again where Slack said that it did not take the call, after as long as it said (429, Retry-After). */
export async function retryAfter<T>(call: () => Promise<T>, wait: (seconds: number) => Promise<void>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await call();
    } catch (fault) {
      if (!(fault instanceof WebAPIRateLimitedError)) throw fault;
      if (waits >= mostWaits || fault.retryAfter > longestWait) throw fault;
      await wait(fault.retryAfter);
    }
  }
}
