import { canonicalJson } from '../../core/audit/canonical.ts';
import type { AuditArchive } from '../../usecases/ports/audit-archive.ts';
import { happened } from './examples.ts';

/** The laws of the AuditArchive port, for every implementation. */
export function auditArchiveContract(open: () => Promise<AuditArchive>): void {
  test('a chain is given in its order, whatever the order of writing', async () => {
    const archive = await open();
    const one = happened('case', 'case-1');
    const chain = [one];
    while (chain.length < 12) {
      const { sequence, hash } = chain.at(-1)!;
      chain.push(happened('case', 'case-1', { sequence, hash }));
    }
    for (const event of [...chain].reverse()) await archive.put(event);
    await archive.put(happened('case', 'case-10'));
    expect(await archive.chain('case', 'case-1')).toEqual(chain);
    expect(await archive.aggregates()).toEqual([
      { type: 'case', id: 'case-1' },
      { type: 'case', id: 'case-10' },
    ]);
    expect(await archive.chain('lease', 'case-1')).toEqual([]);
    expect([...(await archive.tails())].sort((a, b) => a.sequence - b.sequence)).toEqual([
      { type: 'case', id: 'case-10', sequence: 1 },
      { type: 'case', id: 'case-1', sequence: 12 },
    ]);
    expect(await archive.read('case', 'case-1', 12)).toBe(canonicalJson(chain[11]));
    expect(await archive.read('case', 'case-1', 13)).toBeUndefined();
  });

  test('the same event again changes nothing, another in its place is a fault', async () => {
    const archive = await open();
    const event = happened('change', 'change-1');
    await archive.put(event);
    await archive.put(event);
    await expect(archive.put({ ...event, by: 'somebody else' })).rejects.toThrow();
    expect(await archive.chain('change', 'change-1')).toEqual([event]);
  });
}
