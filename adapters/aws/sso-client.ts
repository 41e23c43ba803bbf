import { SSOAdminClient, type SSOAdminClientConfig } from '@aws-sdk/client-sso-admin';
import type { SsoClientFor } from './assignment-slots.ts';
import type { AssumeMember } from './member-role.ts';
import { recorded } from './recorder.ts';

/**
 * Clients of Identity Center over sessions of a role where it is administered, each for one session. Its limits are low and
 * shared by the whole instance, so throttles are waited out at length.
 */
export const ssoClientFor =
  (assume: AssumeMember, configuration: SSOAdminClientConfig = {}): SsoClientFor =>
  (session, region) =>
    recorded(new SSOAdminClient({ maxAttempts: 8, ...configuration, region, credentials: assume(session) }));
