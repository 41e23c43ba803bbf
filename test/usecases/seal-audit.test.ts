import { memoryAuditArchive } from '../../adapters/memory/audit-archive.ts';
import { memoryManifestArchive } from '../../adapters/memory/manifest-archive.ts';
import { memorySigner } from '../../adapters/memory/signer.ts';
import { canonicalJson } from '../../core/audit/canonical.ts';
import { append } from '../../core/audit/chain.ts';
import { type DomainEvent, genesis } from '../../core/audit/event.ts';
import { readManifest, readSealed } from '../../core/audit/manifest.ts';
import { instantAt } from '../../core/time.ts';
import { sealAuditHandler } from '../../lambdas/seal-audit/handler.ts';
import type { AuditArchive } from '../../usecases/ports/audit-archive.ts';
import { sealAudit } from '../../usecases/seal-audit.ts';

const day = 86_400;

function world() {
  const stored = memoryAuditArchive();
  const lost = new Set<number>();
  const archive: Pick<AuditArchive, 'tails' | 'read' | 'put'> = {
    ...stored,
    tails: async () =>
      (await stored.tails()).map((tail) => (lost.has(tail.sequence) ? { ...tail, sequence: 1 } : tail)),
  };
  const manifests = memoryManifestArchive();
  const signer = memorySigner();
  const clock = { seconds: 1_750_000_000 - (1_750_000_000 % day) };
  const deps = { archive, manifests, signer, verifier: signer, now: () => instantAt(clock.seconds) };
  const manifest = async (n: number) => readManifest(readSealed((await manifests.read(n))!)!.manifest)!;
  return { archive, manifests, lost, clock, deps, manifest, seal: sealAudit(deps) };
}

function chainOf(length: number, id = 'a'): DomainEvent[] {
  let head = genesis;
  return Array.from({ length }, () => {
    const next = append(head, { aggregate: { type: 'case', id }, type: 'case.test', at: instantAt(0), by: 'x' });
    head = next.head;
    return next.event;
  });
}

test('the first manifest of a day lists every head, the others those that moved', async () => {
  const { archive, clock, manifest, seal } = world();
  const [one, two] = chainOf(2);
  await archive.put(one!);
  await archive.put(chainOf(1, 'b')[0]!);
  expect(await seal()).toEqual({ outcome: 'sealed', sequence: 1, events: 2, broken: [] });
  clock.seconds += 3600;
  await archive.put(two!);
  expect(await seal()).toMatchObject({ sequence: 2, events: 1 });
  expect(await manifest(2)).toMatchObject({ complete: false, heads: [{ id: 'a', sequence: 2, hash: two!.hash }] });
  clock.seconds += day;
  expect(await seal()).toMatchObject({ sequence: 3, events: 0 });
  expect((await manifest(3)).heads.map(({ id, sequence }) => [id, sequence])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('an event that is still on its way is left to the next manifest, and so is what one run cannot read', async () => {
  const { archive, manifest, seal } = world();
  const [one, two, three] = chainOf(3);
  await archive.put(one!);
  await archive.put(three!);
  expect(await seal()).toMatchObject({ events: 1, broken: [] });
  await archive.put(two!);
  expect(await seal(1)).toMatchObject({ events: 1 });
  expect(await seal()).toMatchObject({ events: 1 });
  expect((await manifest(3)).heads[0]?.sequence).toBe(3);
});

test('a chain that no longer follows, or is gone, is told and stays signed where it held', async () => {
  const { archive, lost, manifest, clock, deps, seal } = world();
  const [one, two, three] = chainOf(3);
  await archive.put(one!);
  await archive.put(two!);
  await seal();
  const { event } = append({ sequence: 2, hash: one!.hash }, { ...three!, by: 'eve' });
  await archive.put(event);
  expect((await seal()).broken).toEqual(['case/a/3 does not follow what was signed']);
  lost.add(3);
  clock.seconds += day;
  expect((await seal()).broken).toEqual(['case/a/2 was signed and is gone']);
  expect((await manifest(3)).heads).toEqual([{ type: 'case', id: 'a', sequence: 2, hash: two!.hash }]);
  const told: string[] = [];
  const count = (metric: string, by: number) => told.push(`${metric} ${by}`);
  await sealAuditHandler({ ...deps, count, broken: (place) => told.push(place) })();
  expect(told).toEqual(['BrokenAudit 1', 'case/a/2 was signed and is gone']);
});

test('a manifest that somebody else put there says nothing about heads, and keeps its number', async () => {
  const { archive, manifests, manifest, seal } = world();
  const [one, two] = chainOf(2);
  await archive.put(one!);
  await seal();
  const forged = { ...(await manifest(1)), sequence: 2, heads: [{ type: 'case', id: 'a', sequence: 9, hash: 'f' }] };
  await manifests.put(2, { manifest: canonicalJson(forged), signature: 'c2ln' });
  await archive.put(two!);
  expect(await seal()).toEqual({
    outcome: 'sealed',
    sequence: 3,
    events: 1,
    broken: ['manifests/2 is not one of ours'],
  });
  expect((await manifest(3)).heads).toEqual([{ type: 'case', id: 'a', sequence: 2, hash: two!.hash }]);
});

test('of two runs at once one seals, and the other says so', async () => {
  const { archive, seal } = world();
  await archive.put(chainOf(1)[0]!);
  const outcomes = await Promise.all([seal(), seal()]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['sealed', 'taken']);
});
