import type { Day } from '../../core/time.ts';
import { daysOf, type World } from './world.ts';

/** A world whose days are counted once: the benign weeks ask for them many thousand times. */
export interface Weeks extends World {
  dates: readonly Day[];
  /** How many days of the window lie before that one. */
  nth(day: Day): number;
}

export function weeksOf(world: World): Weeks {
  const dates = daysOf(world);
  const numbers = new Map(dates.map((day, i) => [day, i]));
  return { ...world, dates, nth: (day) => numbers.get(day) ?? dates.length };
}
