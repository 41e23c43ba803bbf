import { allActions } from '../../catalogue/catalogue.ts';

/** The catalogue's actions as numbers in its own order, so that a service's actions stand side by side. */
export interface ActionNumbers {
  /** How many actions the catalogue knows: numbers below are its own. */
  readonly known: number;
  /** Canonical name. */
  readonly names: readonly string[];
  /** Lower-case name. */
  readonly lower: readonly string[];
  /** By lower-case name. */
  readonly byName: ReadonlyMap<string, number>;
  /** First number and the one after the last, by service prefix. */
  readonly services: ReadonlyMap<string, readonly [number, number]>;
}

let numbers: ActionNumbers | undefined;

/** Numbered when first asked for. */
export function actionNumbers(): ActionNumbers {
  numbers ??= numberActions(allActions());
  return numbers;
}

function numberActions(names: readonly string[]): ActionNumbers {
  const lower = names.map((name) => name.toLowerCase());
  const services = new Map<string, readonly [number, number]>();
  for (const [number, name] of lower.entries()) {
    const service = name.slice(0, name.indexOf(':'));
    services.set(service, [services.get(service)?.[0] ?? number, number + 1]);
  }
  return { known: names.length, names, lower, byName: new Map(lower.map((name, number) => [name, number])), services };
}
