import { modelOf } from '../../../core/anomaly/model.ts';
import { defaultWeights, modelVersion } from '../../../core/anomaly/weights.ts';

test('without anything replaced it is the model as it is', () => {
  expect(modelOf()).toEqual({ modelVersion, weights: defaultWeights });
  expect(modelOf({})).toEqual(modelOf());
});

test('a number is replaced where it stands, the rest stays, and the version says so', () => {
  const own = modelOf({ thresholds: { message: 25 }, signals: { 'open-ingress': { points: 20 } } });
  expect(own.weights.thresholds).toEqual({ ...defaultWeights.thresholds, message: 25 });
  expect(own.weights.signals['open-ingress']).toEqual({ points: 20, tactic: 'defense-evasion' });
  expect(own.weights.classes).toEqual(defaultWeights.classes);
  expect(own.modelVersion).toMatch(new RegExp(`^${modelVersion}-[0-9a-f]{8}$`));
  expect(own.modelVersion).not.toBe(modelOf({ thresholds: { message: 26 } }).modelVersion);
});

test.each([
  [{ threshold: {} }, 'there is no weight threshold'],
  [{ thresholds: { massage: 1 } }, 'there is no weight thresholds.massage'],
  [{ thresholds: { message: '20' } }, 'thresholds.message must be a number, 0 or more'],
  [{ thresholds: { message: -1 } }, 'thresholds.message must be a number, 0 or more'],
  [{ thresholds: 20 }, 'thresholds must be an object'],
  [{ signals: { 'open-ingress': { tactic: 'impact' } } }, 'signals.open-ingress.tactic must be as it is'],
])('%j is refused: %s', (overrides, words) => expect(() => modelOf(overrides)).toThrow(new RangeError(words)));
