import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readSigned } from '../../adapters/aws/signed-ask.ts';
import type { Inbox } from '../../usecases/ports/inbox.ts';
import { receiveSigned, type SignedRefusal, type Deps as UseCase } from '../../usecases/receive-signed.ts';

export interface Deps extends Omit<UseCase, 'inbox' | 'count' | 'audience'> {
  inbox: UseCase['inbox'] & Pick<Inbox, 'answer'>;
  count(refusal: SignedRefusal | 'malformed'): void;
}

/** What the endpoint needs of an HTTP API event. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'> & {
  requestContext: { http: { method: string }; domainName: string };
  pathParameters?: APIGatewayProxyEventV2['pathParameters'];
};

/** A signed call with its session token is a tenth of this. */
const mostBytes = 64 * 1024;
const answerId = /^[0-9a-f]{64}$/;

/**
 * `POST /signed`: takes a wish in; 202 with the id of its answer, a bare 4xx with the reason otherwise. `GET
 * /signed/ID`: the answer once it is there, 202 before. Whoever knows the id has made the signature.
 */
export const receiveSignedHandler =
  (deps: Deps) =>
  async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    if (event.requestContext.http.method === 'GET') return answered(deps, event.pathParameters?.id ?? '');
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const wish = body.byteLength > mostBytes ? undefined : readSigned(body.toString('utf8'));
    if (wish === undefined || !wish.ok) {
      deps.count('malformed');
      return json(400, { error: 'malformed' });
    }
    // The gateway serves no other name than its own, so nobody can have it say another.
    const audience = `https://${event.requestContext.domainName}/signed`;
    const taken = await receiveSigned({ ...deps, audience })(wish.value);
    return taken.ok ? json(202, { id: taken.value }) : json(403, { error: taken.error });
  };

async function answered({ inbox }: Deps, id: string): Promise<APIGatewayProxyStructuredResultV2> {
  if (!answerId.test(id)) return json(404, {});
  const answer = await inbox.answer(id);
  return answer === undefined ? json(202, {}) : { ...json(200, {}), body: answer };
}

const json = (statusCode: number, value: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});
