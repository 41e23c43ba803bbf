import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { InventoryPart } from '../../core/identity/inventory.ts';
import type { OrganizationTree } from '../../core/identity/organization-tree.ts';
import type { Answers, OrganizationStore } from '../../usecases/ports/organization-scan.ts';
import { organizationFile, parseOrganization } from '../files/organization.ts';
import { type Bucket, getObject } from './bucket.ts';

const treeKey = 'organization/tree.json';
const answersKey = 'organization/answers.json.gz';
const mostBytes = 64_000_000;
const mostText = 512_000_000;

/** One object, in the form that `--organization` takes; beside it what a scan that broke off had been told. */
export function organizationStore(bucket: Bucket): OrganizationStore {
  const put = async (Key: string, Body: string | Uint8Array, ContentType: string): Promise<void> => {
    await bucket.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body, ContentType }));
  };
  return {
    read: async () => {
      const stored = await getObject(bucket, treeKey, mostBytes);
      if (stored === undefined) return undefined;
      const written = JSON.parse(Buffer.from(stored.bytes).toString('utf8')) as { parts?: readonly InventoryPart[] };
      return { tree: parsed(written), parts: written.parts ?? [] };
    },
    write: async ({ tree, parts }) => {
      const text = JSON.stringify({ ...organizationFile(tree), parts });
      // What could not be read back must not take the place of what can.
      parsed(JSON.parse(text));
      await put(treeKey, text, 'application/json');
    },
    answers: async (since) => {
      const stored = await getObject(bucket, answersKey, mostBytes);
      if (stored === undefined) return new Map();
      const text = gunzipSync(stored.bytes, { maxOutputLength: mostText }).toString('utf8');
      const kept = JSON.parse(text) as { since: string; answers: [string, unknown][] };
      return new Map(kept.since === since ? kept.answers : []);
    },
    keepAnswers: (since, answers: Answers) =>
      put(answersKey, gzipSync(JSON.stringify({ since, answers: [...answers] })), 'application/gzip'),
  };
}

function parsed(written: unknown): OrganizationTree {
  const tree = parseOrganization(written);
  if (tree.ok) return tree.value;
  throw new Error(`${treeKey}: ${tree.error.map(({ field, words }) => `${field} ${words}`).join('; ')}`);
}
