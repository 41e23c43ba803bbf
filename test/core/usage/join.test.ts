import { instantAt } from '../../../core/time.ts';
import type { FirstUse } from '../../../core/usage/item.ts';
import { compareUses, joinFirst } from '../../../core/usage/join.ts';

const use = (changes: Partial<FirstUse> = {}): FirstUse => ({
  time: instantAt(1_772_359_200),
  eventID: 'b',
  account: '111122223333',
  region: 'eu-west-1',
  action: 's3:GetObject',
  network: null,
  agent: null,
  mfa: null,
  federated: false,
  forwarded: false,
  accessKeyId: null,
  session: null,
  historic: false,
  ...changes,
});

test('the earlier use is the first; of one second, the lesser id', () => {
  const [early, late] = [use(), use({ time: instantAt(1_772_359_201), eventID: 'a' })];
  expect(joinFirst(early, late)).toBe(early);
  expect(joinFirst(late, early)).toBe(early);
  const lesser = use({ eventID: 'a' });
  expect(joinFirst(early, lesser)).toBe(lesser);
  expect(compareUses(early, lesser)).toBeGreaterThan(0);
});

test('the same event read twice is historic only where both readings were', () => {
  const [live, old] = [use(), use({ historic: true })];
  expect(joinFirst(live, old).historic).toBe(false);
  expect(joinFirst(old, live).historic).toBe(false);
  expect(joinFirst(old, use({ historic: true })).historic).toBe(true);
});

test('of two tellings of the same event one stays, the same whichever came first', () => {
  const [one, other] = [use({ account: '999988887777' }), use({ historic: true })];
  expect(joinFirst(one, other)).toEqual(use());
  expect(joinFirst(other, one)).toEqual(use());
});
