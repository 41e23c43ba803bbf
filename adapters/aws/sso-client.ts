import { SSOAdminClient, type SSOAdminClientConfig } from '@aws-sdk/client-sso-admin';
import type { SsoClientFor } from './assignment-slots.ts';
import type { AssumeMember } from './member-role.ts';
import { recorded } from './recorder.ts';

/** As many as one sweep touches, with room to spare. */
const mostKept = 50;

/**
 * Milliseconds. By itself the SDK waits for ever, and a sweep whose function is cut off while one call hangs leaves no trace
 * of it: the next one would begin with the same lease, and come no further.
 */
const patience = { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true };
/** Throttles are waited out for a quarter of a minute at most, and calls that hang for half a minute. */
const maxAttempts = 6;

/**
 * Clients of Identity Center over sessions of a role where it is administered, each for one session and used again while
 * that lasts. Its limits are low and shared by the whole instance, so throttles are waited out.
 */
export function ssoClientFor(assume: AssumeMember, configuration: SSOAdminClientConfig = {}): SsoClientFor {
  const clients = new Map<string, SSOAdminClient>();
  return (session, region) => {
    const key = JSON.stringify([session, region]);
    const kept = clients.get(key);
    if (kept) return kept;
    const client = recorded(
      new SSOAdminClient({
        maxAttempts,
        requestHandler: patience,
        ...configuration,
        region,
        credentials: assume(session),
      }),
    );
    for (const oldest of clients.keys()) if (clients.size >= mostKept) clients.delete(oldest);
    clients.set(key, client);
    return client;
  };
}
