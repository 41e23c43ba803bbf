import fc from 'fast-check';
import type { Plan } from '../../../core/changes/change.ts';
import { applyStatement, digestOf, undoDigestOf, undoStatement } from '../../../core/changes/digest.ts';
import { cutPlaceholder, editsAt, endPlaceholder } from '../../../core/changes/moments.ts';
import { instantAt } from '../../../core/time.ts';

const at = instantAt(1_750_000_000);
const slot = { type: 'inline-policy' as const, account: '1', principal: 'arn', name: 'n' };
const plan: Plan = {
  kind: 'lending',
  account: '1',
  target: 'arn',
  edits: [{ slot, before: null, after: `{"end":"${endPlaceholder}"}` }],
  terms: { kind: 'lending', actions: ['a:B'], resources: ['*'], duration: 3600, reason: 'r' },
};

test('whatever differs in a plan differs in its digest, and nothing else does', () => {
  const texts = new Set([digestOf(plan)]);
  const others: Plan[] = [
    { ...plan, account: '2' },
    { ...plan, target: 'arn2' },
    { ...plan, kind: 'quarantine' },
    { ...plan, edits: [] },
    { ...plan, edits: [{ slot, before: '', after: plan.edits[0]!.after }] },
    { ...plan, edits: [{ slot: { ...slot, name: 'm' }, before: null, after: plan.edits[0]!.after }] },
    { ...plan, terms: { ...plan.terms, duration: 3601 } as Plan['terms'] },
  ];
  for (const other of others) texts.add(digestOf(other));
  expect(texts.size).toBe(others.length + 1);
  expect(digestOf(JSON.parse(JSON.stringify(plan)) as Plan)).toBe(digestOf(plan));
});

test('a signature serves one change, one moment and one purpose', () => {
  const undo = { by: 'ada', at, reason: 'r', decideBy: at };
  const change = { id: 'chg-1' as never, digest: digestOf(plan), undo };
  const statements = [
    applyStatement({ ...change, approvedAt: at }),
    applyStatement({ ...change, approvedAt: instantAt(1_750_000_001) }),
    applyStatement({ ...change, id: 'chg-2', approvedAt: at }),
    applyStatement({ ...change, digest: 'x', approvedAt: at }),
    undoStatement(change),
    undoStatement({ ...change, undo: { ...undo, by: 'ben' } }),
    undoDigestOf(change),
    change.digest,
  ];
  expect(new Set(statements).size).toBe(statements.length);
});

test('only the kind that owns a placeholder fills it; anybody else’s text is theirs, letter for letter', () => {
  expect(editsAt(plan, at)[0]?.after).toBe('{"end":"2025-06-15T16:06:40Z"}');
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(`"${endPlaceholder}"`, `"${cutPlaceholder}"`, 'x', ' '), { maxLength: 6 }),
      (parts) => {
        const text = parts.join('');
        const terms = { kind: 'rightsizing' as const, removed: [], kept: [], window: { from: at, to: at } };
        const edits = [{ slot, before: text, after: text }];
        expect(editsAt({ ...plan, kind: 'rightsizing', terms, edits }, at)).toEqual(edits);
        expect(editsAt({ ...plan, edits }, at)[0]?.before).toBe(text);
      },
    ),
  );
});
