import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { memoryManifestArchive } from '../../adapters/memory/manifest-archive.ts';
import { canonicalJson } from '../../core/audit/canonical.ts';
import type { AuditObject } from '../../core/audit/verify.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { sealAudit } from '../../usecases/seal-audit.ts';
import { type ChangeWorld, changeWorld, later, loan, planRightsizing, settle } from './change-world.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const auditKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
/** DER of the statement that what follows is a SHA-256 (RFC 8017, 9.2). */
const sha256 = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs a digest as KMS does with RSASSA_PKCS1_V1_5_SHA_256 and MessageType DIGEST. */
const asKms = {
  sign: async (digest: string) => {
    const padded = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PADDING };
    return privateEncrypt(padded, Buffer.concat([sha256, Buffer.from(digest, 'hex')])).toString('base64');
  },
  verify: async () => true,
};

/**
 * A lease that is asked for, refused once, approved and ended early; a right-sizing that two approve, and its undo; a
 * request that is denied. All by the use cases, sealed twice; `behind` happens after the last manifest.
 */
export async function auditedWorld(reason = loan.reason, behind = true) {
  const world = await changeWorld();
  const manifests = memoryManifestArchive();
  const seal = sealAudit({ archive: world.archive, manifests, signer: asKms, verifier: asKms, now: world.deps.now });
  const lent = await requestAccess(world.deps)({ ...loan, reason });
  await decide(world, lent.id, 'ada');
  await decide(world, lent.id, 'ben');
  later(world, 600);
  await endLease(world.deps)({ lease: lent.lease ?? lent.id.slice('chg-'.length), by: 'ada' });
  await settle(world);
  await seal();
  later(world, 3600);
  const smaller = await planRightsizing(world);
  await decide(world, smaller, 'ben');
  await decide(world, smaller, 'cyd');
  await requestUndo(world.deps)({
    change: smaller,
    by: 'dan',
    reason: 'the nightly job needs it',
    key: 'undo',
  });
  await decide(world, smaller, 'ben');
  await decide(world, smaller, 'cyd');
  const other = await requestAccess(world.deps)({ ...loan, key: 'inbox-2', reason: 'curious' });
  await decide(world, other.id, 'ben', 'deny');
  await settle(world);
  await seal();
  if (behind) {
    later(world, 60);
    await requestAccess(world.deps)({ ...loan, key: 'inbox-3', reason: 'later' });
    await settle(world);
  }
  return { world, objects: await objectsOf(world, manifests), lent: lent.id, smaller };
}

async function decide(world: ChangeWorld, change: string, by: string, verdict: 'approve' | 'deny' = 'approve') {
  later(world, 60);
  const now = (await world.state.changes.find(change))!;
  await decideChange(world.deps)({ change, by, verdict, digest: digestToDecide(now) });
  await settle(world);
}

async function objectsOf({ archive }: ChangeWorld, manifests: ReturnType<typeof memoryManifestArchive>) {
  const padded = (n: number) => String(n).padStart(10, '0');
  const objects: AuditObject[] = [];
  for (const { type, id } of await archive.aggregates()) {
    for (const event of await archive.chain(type, id)) {
      const key = `audit/${type}/${encodeURIComponent(id)}/${padded(event.sequence)}`;
      objects.push({ key, text: canonicalJson(event) });
    }
  }
  for (let n = 1; n <= (await manifests.newest()); n += 1)
    objects.push({ key: `manifests/${padded(n)}`, text: (await manifests.read(n))! });
  return objects;
}

/** As `aws s3 sync` would fetch them. */
export function writeObjects(folder: string, objects: readonly AuditObject[]): string {
  for (const { key, text } of objects) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), text);
  }
  return folder;
}
