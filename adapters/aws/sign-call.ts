import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { SignedCall } from '../../core/enrolment/signed-call.ts';

/** As whom the call is signed: a profile, or credentials; absent: as the AWS CLI finds them. */
export interface Signing {
  region: string;
  profile?: string;
  credentials?: NonNullable<STSClientConfig['credentials']>;
  /** Milliseconds that this machine's clock is behind; absent: none. */
  systemClockOffset?: number;
}

interface Outgoing {
  protocol?: string;
  hostname: string;
  path?: string;
  headers: Record<string, string>;
}

/**
 * A call of `sts:GetCallerIdentity` as the SDK would send it, with our headers under its signature. It is not sent: the
 * handler keeps it and ends there.
 */
export async function signCall(signing: Signing, ours: Readonly<Record<string, string>>): Promise<SignedCall> {
  let kept: Outgoing | undefined;
  const client = new STSClient({
    ...signing,
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: Outgoing) => {
        kept = request;
        throw new Kept();
      },
    } as unknown as NonNullable<STSClientConfig['requestHandler']>,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args as unknown as { request: Outgoing };
      Object.assign(request.headers, ours);
      return next(args);
    },
    { step: 'build', name: 'ourHeaders' },
  );
  await client.send(new GetCallerIdentityCommand({})).catch((fault: unknown) => {
    if (!(fault instanceof Kept)) throw fault;
  });
  if (kept === undefined) throw new Error('the SDK signed nothing');
  const headers = Object.entries(kept.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  // Not under the signature, and nobody's business.
  const travelling = headers.filter(([name]) => name !== 'user-agent');
  return { url: `https://${kept.hostname}/`, headers: Object.fromEntries(travelling) };
}

/** Ends the call where it would have been sent. */
class Kept extends Error {}
