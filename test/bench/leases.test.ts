import { leaseFigures } from '../../bench/leases.ts';

test('while one call in twenty fails, nothing is allowed after its end, and all of it is gone five minutes and one retry later', async () => {
  const figures = await leaseFigures({ leases: 60 });
  expect(figures).toMatchObject({ leases: 60, allowedAfterEnd: 0, left: 0 });
  expect(figures.calls).toBeGreaterThan(1000);
  expect(figures.assignments.leases).toBeGreaterThan(0);
  for (const { worst } of [figures.lag, figures.assignments]) expect(worst).toBeLessThanOrEqual(360);
}, 60_000);
