/** What a fault looks like from outside: whether the effect had taken place is not known. */
export class Injected extends Error {}

export interface Faults {
  /** Every method of `port` may now fail, before or after its effect. */
  wrap<T extends object>(port: T): T;
  /** Calls made so far through any wrapped port. */
  calls(): number;
}

/**
 * One wrapper around any port. `planned` maps the number of a call, counted over all wrapped ports from 0, to what
 * happens there: it fails before it took effect, or the effect takes place and the answer is lost.
 */
export function faults(planned: ReadonlyMap<number, 'before' | 'after'>): Faults {
  let made = 0;
  const around =
    (method: (...args: unknown[]) => unknown, name: string) =>
    async (...args: unknown[]) => {
      const fault = planned.get(made);
      made += 1;
      if (fault === 'before') throw new Injected(`${name} failed`);
      const answer = await method(...args);
      if (fault === 'after') throw new Injected(`the answer of ${name} was lost`);
      return answer;
    };
  return {
    wrap: (port) =>
      new Proxy(port, {
        get: (target, name, receiver) => {
          const value: unknown = Reflect.get(target, name, receiver);
          return typeof value === 'function' ? around(value.bind(target), String(name)) : value;
        },
      }),
    calls: () => made,
  };
}
