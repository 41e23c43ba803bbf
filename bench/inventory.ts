import { gunzipSync, gzipSync } from 'node:zlib';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { decodeSnapshot, encodeSnapshot } from '../core/identity/snapshot.ts';
import { instantAt } from '../core/time.ts';

export interface InventoryFigures {
  principals: number;
  attachments: number;
  /** Milliseconds from what GetAccountAuthorizationDetails prints, as JSON text, to the inventory. */
  fromAuthorizationDetails: number;
  /** Milliseconds from the stored snapshots, gunzip included. */
  fromSnapshots: number;
  /** Bytes of the documents, of the snapshots, of the snapshots packed. */
  bytes: { authorizationDetails: number; snapshots: number; packed: number };
}

/** Loading the identities of an organization: ten accounts, the median of `rounds`. */
export function inventoryFigures({ principals = 14_000, attachments = 40_000, rounds = 5 } = {}): InventoryFigures {
  const accounts = 10;
  const documents = Array.from({ length: accounts }, (_, index) =>
    JSON.stringify(detailsOf(index, principals / accounts, attachments / accounts)),
  );
  const read = (): readonly Inventory[] =>
    parseAuthorizationDetails(
      documents.map((text) => JSON.parse(text) as unknown),
      instantAt(1_800_000_000),
    ).inventories;
  const inventories = read();
  const snapshots = inventories.map(encodeSnapshot);
  const packed = snapshots.map((text) => gzipSync(text));
  const load = () => packed.map((bytes) => decodeSnapshot(gunzipSync(bytes).toString('utf8')));
  return {
    principals: inventories.reduce((sum, each) => sum + each.principals.length, 0),
    attachments: inventories.flatMap((each) => each.principals).reduce((sum, each) => sum + each.attached.length, 0),
    fromAuthorizationDetails: median(rounds, read),
    fromSnapshots: median(rounds, load),
    bytes: {
      authorizationDetails: total(documents),
      snapshots: total(snapshots),
      packed: packed.reduce((sum, { length }) => sum + length, 0),
    },
  };
}

const total = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function median(rounds: number, work: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return Math.round(times[Math.floor(rounds / 2)] as number);
}

/** One account: a third users, two thirds roles, 300 policies, inline policies on a fifth, tags on all. */
function detailsOf(index: number, principals: number, attachments: number): object {
  const account = String(111_100_000_000 + index);
  const policies = 300;
  const document = (seed: number) =>
    encodeURIComponent(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: Array.from({ length: 1 + (seed % 6) }, (_, place) => ({
          Sid: `S${place}`,
          Effect: 'Allow',
          Action: [`s3:Get*`, `dynamodb:Query`, `sqs:SendMessage`].slice(seed % 3),
          Resource: `arn:aws:s3:::bucket-${seed}-${place}/*`,
        })),
      }),
    );
  const arnOf = (n: number): string =>
    n % 3 === 0 ? `arn:aws:iam::aws:policy/Policy${n}` : `arn:aws:iam::${account}:policy/policy-${n}`;
  const details = Array.from({ length: principals }, (_, n) => {
    const type = n % 3 === 0 ? 'User' : 'Role';
    const name = `${type.toLowerCase()}-${n}`;
    const each = Math.floor(attachments / principals) + (n < attachments % principals ? 1 : 0);
    return {
      type,
      [`${type}Name`]: name,
      [`${type}Id`]: `${type === 'User' ? 'AIDA' : 'AROA'}${String(n).padStart(16, '0')}`,
      Arn: `arn:aws:iam::${account}:${type.toLowerCase()}/${name}`,
      CreateDate: '2026-01-02T03:04:05Z',
      Tags: [{ Key: 'team', Value: `team-${n % 40}` }],
      AttachedManagedPolicies: Array.from({ length: each }, (_, i) => ({
        PolicyArn: arnOf((n * 7 + i * 13) % policies),
      })),
      [`${type}PolicyList`]: n % 5 === 0 ? [{ PolicyName: 'own', PolicyDocument: document(n) }] : [],
      AssumeRolePolicyDocument: document(n % 20),
    };
  });
  return {
    UserDetailList: details.filter(({ type }) => type === 'User'),
    RoleDetailList: details.filter(({ type }) => type === 'Role'),
    GroupDetailList: [],
    Policies: Array.from({ length: policies }, (_, n) => ({
      Arn: arnOf(n),
      PolicyVersionList: [{ IsDefaultVersion: true, Document: document(n) }],
    })),
  };
}
