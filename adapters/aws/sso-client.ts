import { SSOAdminClient, type SSOAdminClientConfig } from '@aws-sdk/client-sso-admin';
import type { SsoClientFor } from './assignment-slots.ts';
import type { AssumeMember } from './member-role.ts';
import { recorded } from './recorder.ts';

/** As many as one sweep touches, with room to spare. */
const mostKept = 50;

/**
 * Clients of Identity Center over sessions of a role where it is administered, each for one session and used again while
 * that lasts. Its limits are low and shared by the whole instance, so throttles are waited out at length.
 */
export function ssoClientFor(assume: AssumeMember, configuration: SSOAdminClientConfig = {}): SsoClientFor {
  const clients = new Map<string, SSOAdminClient>();
  return (session, region) => {
    const key = JSON.stringify([session, region]);
    const kept = clients.get(key);
    if (kept) return kept;
    const client = recorded(
      new SSOAdminClient({ maxAttempts: 8, ...configuration, region, credentials: assume(session) }),
    );
    for (const oldest of clients.keys()) if (clients.size >= mostKept) clients.delete(oldest);
    clients.set(key, client);
    return client;
  };
}
