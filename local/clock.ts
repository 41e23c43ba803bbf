import { type Instant, instantAt, plusSeconds, secondsOf } from '../core/time.ts';

/** The system's time: it runs, stands, hurries, or is put forward; never back. */
export interface Clock {
  now(): Instant;
  paused: boolean;
  /** Seconds of the system per second of the watcher. */
  speed: number;
  pause(on: boolean): void;
  setSpeed(speed: number): void;
  advance(seconds: number): void;
}

const fastest = 3600;

/** `ticks` counts the watcher's milliseconds, e.g. `performance.now`. */
export function createClock(start: Instant, ticks: () => number, running = true): Clock {
  let base = secondsOf(start);
  let since = ticks();
  const clock = { paused: !running, speed: 1 };
  const seconds = () => base + (clock.paused ? 0 : ((ticks() - since) / 1000) * clock.speed);
  const settle = () => {
    base = seconds();
    since = ticks();
  };
  return {
    now: () => instantAt(seconds()),
    get paused() {
      return clock.paused;
    },
    get speed() {
      return clock.speed;
    },
    pause(on) {
      settle();
      clock.paused = on;
    },
    setSpeed(speed) {
      if (!(speed > 0 && speed <= fastest)) throw new RangeError(`speed must be between 0 and ${fastest}`);
      settle();
      clock.speed = speed;
    },
    advance(by) {
      if (!(by > 0 && by <= 400 * 86_400)) throw new RangeError('advance takes a number of seconds, at most 400 days');
      settle();
      base += by;
    },
  };
}

/** A clock that only moves when it is told to, for the story and for tests. */
export const handClock = (start: Instant): Clock => createClock(plusSeconds(start, 0), () => 0, false);
