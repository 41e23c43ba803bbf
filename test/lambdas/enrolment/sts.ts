import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody with credentials, as this STS knows them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  account: string;
  arn: string;
  userId: string;
}

/** What it does instead of answering. */
type Trouble = 'redirects' | 'breaks' | 'says something else';

const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signature that AWS would compute for the request as it arrived. */
function signatureOf(request: IncomingMessage, body: Buffer, secret: string, scope: readonly string[], names: string) {
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const path = (request.url ?? '').split('?')[0];
  const query = (request.url ?? '').split('?')[1] ?? '';
  const canonical = [request.method, path, query, headers.join(''), names, hash(body)].join('\n');
  const date = String(request.headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

function callerOf(request: IncomingMessage, body: Buffer, known: readonly Credentials[]): Credentials | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/sts\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    );
  const [, id, day = '', region = '', names = '', signature] = match ?? [];
  const caller = known.find(({ accessKeyId }) => accessKeyId === id);
  if (caller === undefined || request.headers['x-amz-security-token'] !== caller.sessionToken) return undefined;
  const scope = [day, region, 'sts', 'aws4_request'];
  return signatureOf(request, body, caller.secretAccessKey, scope, names) === signature ? caller : undefined;
}

/** STS on this machine: checks SigV4 as AWS does, and answers `GetCallerIdentity` as AWS does. */
export async function startSts(known: readonly Credentials[]) {
  const asked: string[] = [];
  const troubles = new Map<string, Trouble>();
  let elsewhere = 0;
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url?.startsWith('/elsewhere')) {
        elsewhere += 1;
        response.end(xmlOf(known[0]!));
        return;
      }
      const caller = callerOf(request, Buffer.concat(parts), known);
      asked.push(caller?.accessKeyId ?? 'nobody');
      const trouble = troubles.get(caller?.accessKeyId ?? '');
      if (caller === undefined) response.writeHead(403).end('<ErrorResponse/>');
      else if (trouble === 'redirects') response.writeHead(307, { location: '/elsewhere' }).end();
      else if (trouble === 'breaks') response.writeHead(500).end();
      else if (trouble === 'says something else')
        response.end(xmlOf(caller).replaceAll('GetCallerIdentity', 'AssumeRole'));
      else response.end(xmlOf(caller));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    troubles,
    /** How often somebody followed a redirect. */
    elsewhere: () => elsewhere,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const xmlOf = ({
  arn,
  userId,
  account,
}: Credentials) => `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${arn}</Arn>
    <UserId>${userId}</UserId>
    <Account>${account}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`;
