import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

/** Names that IAM gives the services of SDK packages, where these differ. */
const services: Readonly<Record<string, string>> = {
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
  'sso-admin': 'sso',
  'lib-dynamodb': 'dynamodb',
};

/** What the document client calls otherwise than the API, and what a transaction asks for. */
const documentCommands: Readonly<Record<string, readonly string[]>> = {
  BatchGet: ['BatchGetItem'],
  Query: ['Query'],
  TransactWrite: ['PutItem', 'UpdateItem', 'DeleteItem'],
};

/** What IAM is asked where an operation is not an action of the same name, or asks for more than one. */
const asked: Readonly<Record<string, readonly string[]>> = {
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  'sts:AssumeRole': ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  'scheduler:CreateSchedule': ['scheduler:CreateSchedule', 'iam:PassRole'],
  'scheduler:UpdateSchedule': ['scheduler:UpdateSchedule', 'iam:PassRole'],
};

/** The IAM actions that a call needs. */
export const actionsOfCall = ({ service, operation }: { service: string; operation: string }): readonly string[] =>
  asked[`${service}:${operation}`] ?? [`${service}:${operation}`];

/** These, and what gives the call a meaning: who may not list a bucket is told 403 of an object that is missing. */
export const actionsBehindCall = (call: { service: string; operation: string }): readonly string[] =>
  call.service === 's3' && call.operation === 'GetObject' ? ['s3:GetObject', 's3:ListBucket'] : actionsOfCall(call);

/**
 * The IAM actions of every SDK command that is left in a function's bundle: more than it ever calls, and nothing that
 * it does not hold cannot be called.
 */
export async function reachOf(folder: string): Promise<ReadonlySet<string>> {
  const { outputFiles } = await build({
    entryPoints: [`lambdas/${folder}/index.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    minifySyntax: true,
    logLevel: 'error',
  });
  const text = outputFiles[0]!.text;
  const body = text.replaceAll(/import\s*\{[^}]*\}\s*from\s*"[^"]+";?/g, '');
  const actions = new Set<string>();
  for (const [, names = '', from = ''] of text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@aws-sdk\/([^"]+)"/g)) {
    for (const each of names.split(',')) {
      const [name = '', alias = name] = each.trim().split(' as ');
      if (/Command$|^paginate/.test(name) && new RegExp(`\\b${alias}\\b`).test(body))
        for (const action of actionsOfCommand(from, name)) actions.add(action);
    }
  }
  return actions;
}

function actionsOfCommand(from: string, name: string): readonly string[] {
  const client = from.replace(/^client-/, '');
  const service = services[client] ?? client;
  const command = name.replace(/Command$|^paginate/g, '');
  const operations = from === 'lib-dynamodb' ? (documentCommands[command] ?? [`${command}Item`]) : [command];
  return operations.flatMap((operation) => actionsBehindCall({ service, operation }));
}

const folders = readdirSync('lambdas', { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map(({ name }) => name)
  .sort((a, b) => b.length - a.length);

/** The folder of a function: one that is deployed several times carries its kind behind its name. */
export function folderOf(functionName: string): string {
  const found = folders.find((folder) => functionName.startsWith(`leastwise-${folder}`));
  if (found === undefined) throw new Error(`no folder of lambdas/ is ${functionName}`);
  return found;
}
