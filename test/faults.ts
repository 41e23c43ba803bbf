/** What a fault looks like from outside: whether the effect had taken place is not known. */
export class Injected extends Error {}

/**
 * What happens to a call. `before`: it fails and has no effect (a throttle). `after`: it takes effect and the answer is
 * lost. `crash-before`, `crash-after`: the same, and the process makes no further call until it is started again.
 * `lost`: it is answered and has no effect (only where the answer does not promise one: writes to IAM, schedules).
 * `twice`: it takes effect twice. `meanwhile`: somebody else's whole piece of work is done just before it.
 */
export type Fault = 'before' | 'after' | 'crash-before' | 'crash-after' | 'lost' | 'twice' | 'meanwhile';

export interface Faults {
  /** Every method of `port` may now fail, before or after its effect. `called` names the port to whoever is told. */
  wrap<T extends object>(port: T, called?: string): T;
  /** Calls made so far through any wrapped port. */
  calls(): number;
  /** No fault happens any more. */
  stop(): void;
  /** The process is started again after a crash. */
  restart(): void;
}

/** Calls whose answer does not say that the effect will be seen. */
const mayBeLost = new Set(['write', 'revokeAt', 'cancel', 'publish']);
/** Calls that a client may well make again by itself. */
const mayBeTwice = new Set(['write', 'revokeAt', 'cancel', 'publish', 'put', 'published', 'read', 'find']);

type Method = (...args: unknown[]) => unknown;

/** Whether the fault can befall a call of that name. */
const befalls = (fault: Fault, name: string): boolean =>
  fault === 'lost' ? mayBeLost.has(name) : fault === 'twice' ? mayBeTwice.has(name) : true;

async function broken(fault: Fault, name: string, call: () => unknown): Promise<unknown> {
  if (fault.endsWith('before')) throw new Injected(`${name} failed`);
  if (fault === 'lost') return undefined;
  const answer = await call();
  if (fault === 'twice') return call();
  if (fault.endsWith('after')) throw new Injected(`the answer of ${name} was lost`);
  return answer;
}

/**
 * One wrapper around any port. `planned` maps the number of a call, counted over all wrapped ports from 0, to what
 * happens there; or `PORT.METHOD#N` to what happens to the N-th call of that name, from 0. `meanwhile` is the work of somebody else. `tell` hears of each fault that happened, and where.
 */
export function faults(
  planned: ReadonlyMap<number | string, Fault>,
  meanwhile: () => Promise<unknown> = async () => undefined,
  tell: (fault: Fault, where: string) => void = () => undefined,
): Faults {
  let made = 0;
  let crashed = false;
  let stopped = false;
  const madeOf = new Map<string, number>();
  const next = (where: string): Fault | undefined => {
    if (crashed) throw new Injected('the process has crashed');
    const nth = madeOf.get(where) ?? 0;
    const fault = stopped ? undefined : (planned.get(`${where}#${nth}`) ?? planned.get(made));
    made += 1;
    madeOf.set(where, nth + 1);
    crashed = fault?.startsWith('crash') ?? false;
    return fault;
  };
  const around =
    (method: Method, name: string, port: string): Method =>
    async (...args) => {
      const where = `${port}.${name}`;
      const fault = next(where);
      if (fault === undefined || !befalls(fault, name)) return method(...args);
      tell(fault, where);
      if (fault === 'meanwhile') await meanwhile();
      return broken(fault, name, () => method(...args));
    };
  return {
    wrap: (port, called = '') => {
      const methods = new Map<string | symbol, unknown>();
      return new Proxy(port, {
        get: (target, name, receiver) => {
          if (!methods.has(name)) {
            const value: unknown = Reflect.get(target, name, receiver);
            methods.set(name, typeof value === 'function' ? around(value.bind(target), String(name), called) : value);
          }
          return methods.get(name);
        },
      });
    },
    calls: () => made,
    stop: () => {
      stopped = true;
      crashed = false;
    },
    restart: () => {
      crashed = false;
    },
  };
}
