import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { CallerIdentity } from '../../core/enrolment/caller.ts';
import { callBody, type SendableCall } from '../../core/enrolment/signed-call.ts';
import type { IdentityCalls } from '../../usecases/ports/identity.ts';

export interface Options {
  /** A stand-in for every host, `http://127.0.0.1:PORT`; for tests and the local stage. */
  standIn?: string | undefined;
}

/** Milliseconds; Slack is not waiting here, but a person is. */
const timeout = 4000;
/** The answer is a few hundred bytes. */
const mostBytes = 16 * 1024;

/**
 * STS over plain HTTPS: the SDK would sign anew. A redirect is an answer like any other that is not 200: Node's own
 * client follows none.
 */
export const identityCalls = ({ standIn }: Options = {}): IdentityCalls => ({
  async callerOf(call) {
    const { status, body } = await sent(call, standIn);
    // What is our trouble or theirs is a fault; a call that STS turns down is an answer.
    if (status >= 500 || status === 429) throw new Error(`STS answered ${status}`);
    return status === 200 ? callerIn(body) : undefined;
  },
});

function sent({ host, headers }: SendableCall, standIn: string | undefined): Promise<{ status: number; body: string }> {
  const send = standIn === undefined ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      `${standIn ?? `https://${host}`}/`,
      {
        method: 'POST',
        headers: { ...headers, host, 'content-length': String(callBody.length) },
        timeout,
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > mostBytes) outgoing.destroy(new Error('STS answered too much'));
          else parts.push(part);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('STS did not answer in time')));
    outgoing.on('error', reject);
    outgoing.end(callBody);
  });
}

const shape =
  /^(?:<\?xml[^>]*\?>)?\s*<GetCallerIdentityResponse(?: xmlns="[^"]*")?>\s*<GetCallerIdentityResult>([\s\S]*?)<\/GetCallerIdentityResult>\s*<ResponseMetadata>[\s\S]*<\/ResponseMetadata>\s*<\/GetCallerIdentityResponse>\s*$/;

/** Reads exactly the answer to this one call; undefined for any other document. */
function callerIn(text: string): CallerIdentity | undefined {
  const result = shape.exec(text)?.[1];
  const one = (name: string): string | undefined => {
    const found = [...(result ?? '').matchAll(new RegExp(`<${name}>([^<>&]+)</${name}>`, 'g'))];
    return found.length === 1 ? found[0]?.[1] : undefined;
  };
  const [arn, userId, account] = [one('Arn'), one('UserId'), one('Account')];
  return arn && userId && account && /^\d{12}$/.test(account) ? { arn, userId, account } : undefined;
}
