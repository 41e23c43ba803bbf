import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { memoryAuditArchive } from '../../../adapters/memory/audit-archive.ts';
import { memoryManifestArchive } from '../../../adapters/memory/manifest-archive.ts';
import { memorySigner } from '../../../adapters/memory/signer.ts';
import { canonicalJson } from '../../../core/audit/canonical.ts';
import { append } from '../../../core/audit/chain.ts';
import { type DomainEvent, genesis } from '../../../core/audit/event.ts';
import { digestOfText } from '../../../core/audit/manifest.ts';
import { type AuditObject, verifyAudit } from '../../../core/audit/verify.ts';
import { type Instant, instantAt } from '../../../core/time.ts';
import { sealAudit } from '../../../usecases/seal-audit.ts';

const keys = generateKeyPairSync('ed25519');
const digest = (text: string) => Buffer.from(digestOfText(text), 'hex');
const check = (text: string, signature: string) =>
  verify(null, digest(text), keys.publicKey, Buffer.from(signature, 'base64'));

/** The n-th event of each chain happens in hour n; a manifest closes each hour but, where told so, the last. */
async function audited(lengths: readonly number[], { last = true, start = 1_750_000_000 } = {}) {
  const archive = memoryAuditArchive();
  const manifests = memoryManifestArchive();
  const signer = memorySigner(keys);
  const clock = { now: instantAt(start) };
  const heads = lengths.map(() => genesis);
  const hours = Math.max(...lengths);
  for (let hour = 0; hour < hours; hour += 1) {
    for (const [chain, length] of lengths.entries()) {
      if (hour >= length) continue;
      const { event, head } = append(heads[chain]!, {
        aggregate: { type: 'change', id: `chg-${chain}` },
        type: 'change.test',
        at: clock.now,
        by: 'ada',
        data: { hour },
      });
      heads[chain] = head;
      await archive.put(event);
    }
    clock.now = instantAt(start + (hour + 1) * 3600);
    if (last || hour < hours - 1)
      await sealAudit({ archive, manifests, signer, verifier: signer, now: () => clock.now })();
  }
  const objects: AuditObject[] = [];
  for (const { type, id } of await archive.aggregates())
    for (const event of await archive.chain(type, id)) objects.push(objectOf(event));
  for (let n = 1; n <= (await manifests.newest()); n += 1)
    objects.push({ key: `manifests/${String(n).padStart(10, '0')}`, text: (await manifests.read(n))! });
  return { objects, end: clock.now };
}

const keyOf = ({ aggregate, sequence }: DomainEvent) =>
  `audit/${aggregate.type}/${aggregate.id}/${String(sequence).padStart(10, '0')}`;
const objectOf = (event: DomainEvent): AuditObject => ({ key: keyOf(event), text: canonicalJson(event) });
const told = (objects: readonly AuditObject[], until: Instant | null = null) =>
  verifyAudit(objects, check, until).findings.map((f) => `${f.finding} ${f.aggregate} ${f.sequence}`);
const isEvent = ({ key }: AuditObject) => key.startsWith('audit/');

test('an audit as it was written is whole, in any order of its objects', async () => {
  const { objects, end } = await audited([3, 1, 5]);
  const verified = verifyAudit([...objects].reverse(), check, end);
  expect(verified.findings).toEqual([]);
  expect(verified).toMatchObject({ events: 9, manifests: 5, signedUntil: end });
  expect(verified.unsigned).toEqual({ events: 0, from: null, to: null });
});

test('what happened since the last manifest is named as not yet signed', async () => {
  const { objects } = await audited([3, 1], { last: false });
  const { findings, unsigned, signedUntil } = verifyAudit(objects, check);
  expect(findings).toEqual([]);
  expect(signedUntil).toBe('2025-06-15T17:06:40Z');
  expect(unsigned).toEqual({ events: 1, from: '2025-06-15T17:06:40Z', to: '2025-06-15T17:06:40Z' });
});

/** What somebody with the bucket, and without the key, may do to an event; gives the sequences that may be named. */
const attacks: Record<string, (objects: AuditObject[], events: DomainEvent[], at: number) => number[]> = {
  removal(objects, events, at) {
    objects.splice(
      objects.findIndex(({ key }) => key === keyOf(events[at]!)),
      1,
    );
    return [events[at]!.sequence];
  },
  change(objects, events, at) {
    put(objects, keyOf(events[at]!), { ...events[at]!, by: 'eve' });
    return [events[at]!.sequence];
  },
  'change with a fitting hash'(objects, events, at) {
    put(objects, keyOf(events[at]!), forged(events[at]!));
    return [events[at]!.sequence, events[at]!.sequence + 1];
  },
  'rewriting the rest of the chain'(objects, events, at) {
    let previous = events[at]!.previous;
    const chain = events.filter(
      ({ aggregate, sequence }) => aggregate.id === events[at]!.aggregate.id && sequence >= events[at]!.sequence,
    );
    for (const event of chain) {
      const next = forged({ ...event, previous });
      put(objects, keyOf(event), next);
      previous = next.hash;
    }
    return chain.map(({ sequence }) => sequence);
  },
  reorder(objects, events, at) {
    const other = events[(at + 1) % events.length]!;
    put(objects, keyOf(events[at]!), other);
    put(objects, keyOf(other), events[at]!);
    return [events[at]!.sequence, other.sequence];
  },
  'cut-off'(objects, events, at) {
    const { aggregate, sequence } = events[at]!;
    for (const event of events)
      if (event.aggregate.id === aggregate.id && event.sequence >= sequence)
        objects.splice(
          objects.findIndex(({ key }) => key === keyOf(event)),
          1,
        );
    return [sequence];
  },
  'a repeated key'(objects, events, at) {
    const object = objects.find(({ key }) => key === keyOf(events[at]!))!;
    objects.push({ key: object.key, text: object.text.replace('"by":', '"by":"eve","by":') });
    return [events[at]!.sequence];
  },
};

function put(objects: AuditObject[], key: string, event: DomainEvent): void {
  objects[objects.findIndex((each) => each.key === key)] = { key, text: canonicalJson(event) };
}

const forged = ({ aggregate, sequence, previous, type, at, data }: DomainEvent): DomainEvent =>
  append({ sequence: sequence - 1, hash: previous }, { aggregate, type, at, by: 'eve', data }).event;

test.each(Object.keys(attacks))('%s of any signed event is found, and named', (attack) =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).filter((l) => l.length + l[0]! > 2),
      fc.nat(),
      fc.constantFrom(1_750_000_000, 1_750_030_000),
      async (lengths, pick, start) => {
        const { objects } = await audited(lengths, { start });
        const events = objects.filter(isEvent).map(({ text }) => JSON.parse(text) as DomainEvent);
        const target = events[pick % events.length]!;
        const named = attacks[attack]!(objects, events, pick % events.length);
        const { findings } = verifyAudit(objects, check);
        expect(findings.length).toBeGreaterThan(0);
        expect(
          findings.some((f) => f.aggregate === `change/${target.aggregate.id}` && named.includes(f.sequence)),
        ).toBe(true);
      },
    ),
    { numRuns: 25 },
  ),
);

test('a whole aggregate that is gone is named from its first event on', async () => {
  const { objects } = await audited([2, 3]);
  expect(told(objects.filter(({ key }) => !key.includes('chg-1')))).toEqual(['cut-off change/chg-1 1']);
});

test('a forged event behind the last one is found once a manifest was due', async () => {
  const { objects } = await audited([2, 30]);
  const second = JSON.parse(objects.find(({ key }) => key.endsWith('chg-0/0000000002'))!.text) as DomainEvent;
  const { aggregate, type, at, sequence, hash } = second;
  objects.push(objectOf(append({ sequence, hash }, { aggregate, type, at, by: 'eve' }).event));
  expect(told(objects)).toEqual(['unsigned change/chg-0 3']);
});

test('manifests that are removed, changed, moved or signed by another key are found', async () => {
  const { objects, end } = await audited([4]);
  const third = 'manifests/0000000003';
  const without = objects.filter(({ key }) => key !== third);
  expect(told(without)).toEqual(['missing manifests 3']);
  const sealed = JSON.parse(objects.find(({ key }) => key === third)!.text) as { manifest: string; signature: string };
  const other = sign(null, digest(sealed.manifest), generateKeyPairSync('ed25519').privateKey).toString('base64');
  const changed = { ...sealed, manifest: sealed.manifest.replace('chg-0', 'chg-9') };
  for (const bad of [{ ...sealed, signature: other }, changed])
    expect(told([...without, { key: third, text: JSON.stringify(bad) }])).toEqual(['signature-invalid manifests 3']);
  const manifest = sealed.manifest.replace(/"previous":"[0-9a-f]{64}"/, `"previous":"${'0'.repeat(64)}"`);
  const signature = sign(null, digest(manifest), keys.privateKey).toString('base64');
  expect(told([...without, { key: third, text: JSON.stringify({ manifest, signature }) }])).toEqual([
    'changed manifests 3',
    'changed manifests 4',
  ]);
  expect(told([...without, { key: third, text: '{"manifest":' }])).toEqual(['changed manifests 3']);
  const first = objects.find(({ key }) => key === 'manifests/0000000001')!;
  expect(told([...without, { key: third, text: first.text }])).toContain('reordered manifests 3');
  const early = objects.filter(({ key }) => key !== 'manifests/0000000004' && key !== 'audit/change/chg-0/0000000004');
  expect(told(early)).toEqual([]);
  expect(told(early, instantAt(Date.parse(end) / 1000 + 3601))).toEqual(['cut-off manifests 4']);
});

test('without manifests nothing is signed, and that is a finding', async () => {
  const { objects } = await audited([2]);
  expect(told(objects.filter(isEvent))).toEqual(['cut-off manifests 1']);
});

test('a place as high as anybody likes costs one finding', async () => {
  const { objects } = await audited([1]);
  objects.push({ key: 'audit/change/chg-0/999999999999', text: '{}' });
  expect(told(objects)).toEqual(['missing change/chg-0 2', 'changed change/chg-0 999999999999']);
  expect(verifyAudit([{ key: 'audit/change/%/0000000001', text: '' }], check).skipped).toHaveLength(1);
});
