import { findAction } from '../../catalogue/catalogue.ts';
import { alongOf, type Besides, besidesOf } from './besides.ts';
import { needsByRequest } from './by-request.ts';
import { type Need, need, type Parameters } from './need.ts';
import { actionByVerb, renames, withoutAction } from './renames.ts';
import { alsoUnder, prefixOf } from './source-prefix.ts';

/** What an event's source and name say about its actions. */
export interface Resolution {
  needs: readonly Need[];
  /** The actions of `needs`. */
  names: readonly string[];
  unmapped: boolean;
  /** Where the request decides: takes the place of `needs`. */
  byRequest?: (parameters: Parameters) => readonly Need[];
  /** What the call may need besides, as its parameters show. */
  besides?: Besides;
  /** What comes along and is not filed. */
  along?: Besides;
}

const nothing: Resolution = { needs: [], names: [], unmapped: false };
/** Names come from outside: neither a flood of invented ones nor a huge one may fill the memory or take time. */
const mostKnown = 20_000;
const longestName = 256;
const known = new Map<string, Map<string, Resolution>>();
let knownCount = 0;

/** The actions of a call by its eventSource and eventName; remembered, since a log repeats a few hundred pairs. */
export function resolve(source: string, name: string): Resolution {
  const found = known.get(source)?.get(name);
  if (found) return found;
  if (source.length + name.length > longestName) return unmapped(source, name);
  const resolution = resolveAnew(source, name);
  if (knownCount >= mostKnown) {
    known.clear();
    knownCount = 0;
  }
  const names = known.get(source) ?? new Map<string, Resolution>();
  known.set(source, names.set(name, resolution));
  knownCount += 1;
  return resolution;
}

function resolveAnew(source: string, name: string): Resolution {
  const prefix = prefixOf(source);
  const free = own(withoutAction, prefix);
  for (const candidate of [name, withoutVersion(name)]) {
    if (free?.includes(candidate)) return nothing;
    const byRequest = own(needsByRequest, `${prefix}:${candidate}`);
    if (byRequest) return { ...resolutionOf(byRequest({})), byRequest };
    const actions = actionsNamed(prefix, candidate);
    if (actions) return resolutionOf(actions.map((action) => need(action)));
  }
  if (free?.includes('*')) return nothing;
  return unmapped(source, name);
}

function actionsNamed(prefix: string, name: string): readonly string[] | undefined {
  const found = renamed(prefix, name) ?? inCatalogue(`${prefix}:${name}`) ?? byVerb(prefix, name);
  if (found) return found;
  for (const other of own(alsoUnder, prefix) ?? []) {
    const elsewhere = inCatalogue(`${other}:${name}`);
    if (elsewhere) return elsewhere;
  }
  return undefined;
}

/** `ListFunctions20150331`, `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`, `ListObjectsV2`. */
const withoutVersion = (name: string): string => name.replace(/[0-9_vV]+$/, '');

function renamed(prefix: string, name: string): readonly string[] | undefined {
  return own(own(renames, prefix) ?? {}, name)
    ?.split(' ')
    .map((action) => (action.startsWith('+') ? action.slice(1) : `${prefix}:${action}`));
}

function inCatalogue(name: string): readonly string[] | undefined {
  const action = findAction(name)?.action;
  return action === undefined ? undefined : [action];
}

function byVerb(prefix: string, name: string): readonly string[] | undefined {
  const verbs = own(actionByVerb, prefix);
  if (!verbs) return undefined;
  const action = own(verbs, name) ?? own(verbs, /^[A-Z][a-z]+/.exec(name)?.[0] ?? '');
  return action === undefined ? undefined : [`${prefix}:${action}`];
}

function resolutionOf(needs: readonly Need[]): Resolution {
  const names = needs.map(({ action }) => action);
  const [besides] = names.flatMap((name) => besidesOf(name) ?? []);
  const [along] = names.flatMap((name) => alongOf(name) ?? []);
  return { needs, names, unmapped: false, ...(besides && { besides }), ...(along && { along }) };
}

const unmapped = (source: string, name: string): Resolution => ({
  ...resolutionOf([{ action: `unmapped:${source}/${name}`, certain: false }]),
  unmapped: true,
});

/** Names from outside are looked up in tables: `constructor` is not an entry. */
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
