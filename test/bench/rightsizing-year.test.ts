import { yearFigures } from '../../bench/rightsizing/year.ts';
import { findAction } from '../../core/catalogue/catalogue.ts';
import { sampleYear } from '../../local/sample-organization/year.ts';

test('after a small year nothing that was seen or kept by its owner is denied, and the known excess is gone', () => {
  const { denied, excess, proposals, risk } = yearFigures({ seed: 1, copies: 1 });
  expect(proposals).toBeGreaterThan(10);
  expect(denied).toMatchObject({ seen: [], kept: [] });
  expect(excess.unused.gone / excess.unused.of).toBeGreaterThanOrEqual(0.9);
  expect(excess.escalation.gone).toBe(excess.escalation.of);
  expect(excess.unobservable).toEqual({ of: excess.unobservable.of, gone: 0, listed: excess.unobservable.of });
  expect(risk.named.measured.of).toBeGreaterThan(50);
}, 120_000);

test('the same seed gives the same year, of actions that there are', () => {
  const [one, again, other] = [{ seed: 5 }, { seed: 5 }, { seed: 6 }].map((each) => sampleYear({ ...each, copies: 1 }));
  const day = one!.days[100]!;
  expect(again!.recordsOf(day)).toEqual(one!.recordsOf(day));
  expect(other!.recordsOf(day)).not.toEqual(one!.recordsOf(day));
  const unknown = [...one!.excess, ...one!.callsOf(day)].filter(({ action }) => findAction(action)?.action !== action);
  expect(unknown).toEqual([]);
});
