import { yearTable } from '../../bench/rightsizing/table.ts';
import { yearFigures } from '../../bench/rightsizing/year.ts';

test('after three years nothing that was seen or kept by its owner is denied, and the known excess is gone', () => {
  const years = [1, 2, 3].map((seed) => yearFigures({ seed }));
  process.stderr.write(`${yearTable(years)}\n`);
  for (const { denied, excess, left, replayed } of years) {
    expect(replayed.calls).toBeGreaterThan(15_000);
    expect(denied).toMatchObject({ seen: [], kept: [] });
    process.stderr.write(`left:\n${left.join('\n')}\n`);
    expect(excess.unused.gone / excess.unused.of).toBeGreaterThanOrEqual(0.9);
    expect(excess.escalation.gone).toBe(excess.escalation.of);
    expect(excess.unobservable.listed).toBe(excess.unobservable.of);
  }
}, 600_000);
