/**
 * Writes operations.txt beside this file: the names of all API operations, a fact that the AWS SDK for JavaScript v2
 * (aws-sdk, Apache-2.0) holds in its models. Not part of an install, since the SDK is 100 MB:
 *
 *     npm install --prefix /some/folder aws-sdk@2 && npm run operations -- /some/folder/node_modules/aws-sdk
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Model {
  metadata: { endpointPrefix: string };
  operations: Record<string, { http?: { method?: string } }>;
}

const sdk = process.argv[2];
if (sdk === undefined) throw new Error('Name the folder of aws-sdk.');
const folder = join(sdk, 'apis');
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const { version } = json(join(sdk, 'package.json')) as { version: string };

/** Of every service the newest model: files are called like `lambda-2015-03-31.min.json`. */
const newest = new Map<string, string>();
for (const file of readdirSync(folder).sort()) {
  const service = /^(.+)-\d{4}-\d\d-\d\d\.min\.json$/.exec(file)?.[1];
  if (service !== undefined) newest.set(service, file);
}
const lines = [...newest].map(([service, file]) => {
  const { metadata, operations } = json(join(folder, file)) as Model;
  const isByVerb = metadata.endpointPrefix === 'apigateway';
  const names = Object.entries(operations).map(([name, { http }]) =>
    isByVerb ? `${name}=${http?.method ?? 'POST'}` : name,
  );
  return `${service} ${metadata.endpointPrefix} ${names.join(' ')}`;
});
const head = [
  `# Operations of aws-sdk ${version}, one service a line: service, endpoint prefix, operations (API Gateway's with verb).`,
  '# Written by write-operations.ts.',
];
writeFileSync(new URL('operations.txt', import.meta.url), `${[...head, ...lines].join('\n')}\n`);
