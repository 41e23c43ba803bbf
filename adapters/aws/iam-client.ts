import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import type { AssumeMember, MemberSession } from './member-role.ts';
import { recorded } from './recorder.ts';

/** A client that acts inside a member account, for one session. */
export type IamClientFor = (session: MemberSession) => IAMClient;

/** As many as one change touches, with room to spare. */
const mostKept = 50;

/**
 * Clients over sessions of a member role. The same session is used again while it lasts; the SDK renews it. IAM has one
 * endpoint and low limits, so throttles are waited out at length.
 */
export function iamClientFor(assume: AssumeMember, configuration: IAMClientConfig = {}): IamClientFor {
  const clients = new Map<string, IAMClient>();
  return (session) => {
    const key = JSON.stringify(session);
    const kept = clients.get(key);
    if (kept) return kept;
    const client = recorded(
      new IAMClient({ maxAttempts: 8, region: 'us-east-1', ...configuration, credentials: assume(session) }),
    );
    for (const oldest of clients.keys()) if (clients.size >= mostKept) clients.delete(oldest);
    clients.set(key, client);
    return client;
  };
}
