import fc from 'fast-check';
import { canonicalJson } from '../../../core/audit/canonical.ts';
import { append, verifyChain } from '../../../core/audit/chain.ts';
import { type AuditHead, type DomainEvent, genesis } from '../../../core/audit/event.ts';
import { instantAt } from '../../../core/time.ts';

const chainOf = (length: number, id = 'c1'): { events: DomainEvent[]; head: AuditHead } => {
  let head = genesis;
  const events: DomainEvent[] = [];
  for (let i = 0; i < length; i += 1) {
    const next = append(head, {
      aggregate: { type: 'change', id },
      type: 'change.test',
      at: instantAt(1_700_000_000 + i),
      by: 'test',
      data: { i, nothing: undefined },
    });
    events.push(next.event);
    head = next.head;
  }
  return { events, head };
};
const faultsOf = (events: readonly DomainEvent[], head?: AuditHead) => verifyChain(events, head).map((f) => f.fault);

test('a chain as appended is whole, also after a trip through JSON', () => {
  const { events, head } = chainOf(6);
  expect(verifyChain(events, head)).toEqual([]);
  expect(verifyChain(JSON.parse(JSON.stringify(events)) as DomainEvent[], head)).toEqual([]);
  expect(verifyChain([], genesis)).toEqual([]);
});

test('a head that is older than the last event is no fault', () => {
  const { events } = chainOf(6);
  expect(verifyChain(events, { sequence: 4, hash: events[3]!.hash })).toEqual([]);
});

test('any changed field of any event is found', () => {
  const { events, head } = chainOf(5);
  fc.assert(
    fc.property(fc.nat(4), fc.constantFrom('by', 'type', 'at', 'data', 'previous', 'hash'), (index, field) => {
      const tampered = events.map((e, i) => (i === index ? { ...e, [field]: field === 'data' ? { i: -1 } : 'x' } : e));
      expect(faultsOf(tampered, head)).toContain('changed');
    }),
  );
});

test('an event that was rewritten with a fitting hash is found by the one that follows or by the head', () => {
  const { events, head } = chainOf(3);
  for (const index of [0, 1, 2]) {
    const before = index === 0 ? genesis : { sequence: index, hash: events[index - 1]!.hash };
    const forged = append(before, { ...events[index]!, by: 'somebody else' }).event;
    expect(faultsOf(events.with(index, forged), head)).toContain('changed');
  }
});

test('a missing event is named', () => {
  const { events, head } = chainOf(5);
  expect(verifyChain(events.toSpliced(2, 1), head)).toEqual([
    { fault: 'missing', sequence: 3, words: 'event 3 is missing' },
  ]);
});

test('two events in the wrong order are found', () => {
  const { events, head } = chainOf(4);
  expect(faultsOf([events[0]!, events[2]!, events[1]!, events[3]!], head)).toEqual(['reordered']);
});

test('a chain cut off at the end is found by the head that is known', () => {
  const { events, head } = chainOf(5);
  expect(faultsOf(events.slice(0, 3), head)).toEqual(['cut-off']);
  expect(faultsOf([], head)).toEqual(['cut-off']);
});

test('an event of another aggregate and a repeated one are found', () => {
  const { events, head } = chainOf(3);
  expect(faultsOf(events.with(1, chainOf(3, 'c2').events[1]!), head)).toContain('foreign');
  expect(faultsOf([...events, events[2]!], head)).toEqual(['repeated']);
});

test('canonical JSON does not depend on the order of keys and refuses what JSON cannot hold', () => {
  expect(canonicalJson({ b: [1, null, { d: 'é', c: true }], a: undefined })).toBe('{"b":[1,null,{"c":true,"d":"é"}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, new Map(), new Date(0), 1n, Symbol('s')]) {
    expect(() => canonicalJson(value)).toThrow('has no canonical JSON');
  }
});
