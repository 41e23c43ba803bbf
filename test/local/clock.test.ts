import { type Instant, secondsOf } from '../../core/time.ts';
import { createClock, handClock } from '../../local/clock.ts';

const start = '2026-11-20T14:00:00Z' as Instant;

test('the clock runs at the chosen speed, stands while paused, and never goes back', () => {
  let watch = 0;
  const clock = createClock(start, () => watch);
  const seconds = () => secondsOf(clock.now()) - secondsOf(start);
  watch += 2000;
  expect(seconds()).toBe(2);
  clock.setSpeed(60);
  expect(seconds()).toBe(2);
  watch += 1000;
  expect(seconds()).toBe(62);
  clock.pause(true);
  watch += 5000;
  expect(seconds()).toBe(62);
  clock.advance(100);
  expect(seconds()).toBe(162);
  clock.pause(false);
  watch += 1000;
  expect(seconds()).toBe(222);
  expect([clock.paused, clock.speed]).toEqual([false, 60]);
});

test('impossible speeds and steps are refused', () => {
  const clock = handClock(start);
  for (const speed of [0, -1, 1e9, Number.NaN]) expect(() => clock.setSpeed(speed)).toThrow(RangeError);
  for (const step of [0, -5, Number.NaN, 1e12]) expect(() => clock.advance(step)).toThrow(RangeError);
  expect(clock.now()).toBe(start);
});
