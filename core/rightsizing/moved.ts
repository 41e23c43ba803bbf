import type { Statement } from '../policy/statement.ts';
import { generalise } from './generalise.ts';
import type { KeptAction, WhyKept } from './narrow.ts';
import { resourceLiesWithin } from './terms.ts';

/** The resources that an action was used on, and surely no others; null where that is not known, or not to be narrowed. */
export type UsedOn = (action: string) => readonly string[] | null;

/** Actions of a statement that go on in one of their own, on fewer resources. */
export interface Apart {
  parent: Statement;
  /** The parent is gone: its name is free. */
  keepsName: boolean;
  actions: readonly string[];
  resources: readonly string[];
}

/** More places than that say: anywhere. */
const mostPlaces = 20;

/** Finds out which used actions of a statement move, while the statement is gone through. */
export class Moved {
  readonly #parent: Statement;
  readonly #why: WhyKept;
  readonly #usedOn: UsedOn;
  /** Actions by the resources that they keep. */
  readonly #moved = new Map<string, Set<string>>();

  constructor(parent: Statement, why: WhyKept, usedOn: UsedOn) {
    this.#parent = parent;
    this.#why = why;
    this.#usedOn = usedOn;
  }

  /** For the statement an action that moves is one that goes. */
  readonly why: WhyKept = (action) => {
    const reason = this.#why(action);
    if (reason !== 'used') return reason;
    const places = this.#placesOf(action);
    if (places === null) return reason;
    const key = JSON.stringify(places);
    this.#moved.set(key, (this.#moved.get(key) ?? new Set()).add(action));
    return undefined;
  };

  kept(): KeptAction[] {
    return [...this.#moved.values()].flatMap((actions) =>
      [...actions].map((action) => ({ action, why: 'used' as const })),
    );
  }

  /** `parentIsGone`: nothing of it stays, so that the first of these takes its name. */
  statements(parentIsGone: boolean): Apart[] {
    return [...this.#moved].sort(byKey).map(([key, actions], i) => ({
      parent: this.#parent,
      keepsName: parentIsGone && i === 0,
      actions: [...actions].sort(),
      resources: JSON.parse(key) as string[],
    }));
  }

  /** Where the action was used, as patterns within the statement's own; null where that would not be fewer. */
  #placesOf(action: string): readonly string[] | null {
    const { resources } = this.#parent;
    // What a variable stands for depends on who asks.
    if (resources === null || resources.not || resources.patterns.some((each) => each.includes('${'))) return null;
    const outer = resources.patterns;
    const reached = this.#usedOn(action)?.filter((resource) => isWithin(resource, outer));
    if (reached === undefined || reached.length === 0) return null;
    const places = generalise(reached).flatMap((place) =>
      isWithin(place, outer)
        ? [place]
        : outer.filter((each) => resourceLiesWithin(each, place) || overlaps(each, reached)),
    );
    const least = withoutContained([...new Set(places)]).sort();
    const isFewer = outer.some((each) => !isWithin(each, least));
    return isFewer && least.length <= mostPlaces && reached.every((each) => isWithin(each, least)) ? least : null;
  }
}

const isWithin = (pattern: string, outer: readonly string[]): boolean =>
  outer.some((each) => resourceLiesWithin(pattern, each));

const overlaps = (pattern: string, reached: readonly string[]): boolean =>
  reached.some((each) => resourceLiesWithin(each, pattern));

const withoutContained = (patterns: readonly string[]): string[] =>
  patterns.filter((each, i) => !patterns.some((other, j) => i !== j && resourceLiesWithin(each, other)));

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
