import type { InvalidIn, Layer } from '../decision.ts';
import type { Document } from './documents.ts';

/** Policies that stand together: a principal's, a level of SCPs, a boundary. One for each distinct list. */
export interface PolicyList {
  readonly number: number;
  readonly layer: Layer;
  readonly items: readonly { document: Document; policy: number | string }[];
  readonly invalid: readonly InvalidIn[];
}

/** Makes one list for all that hold the same documents in the same order. `level`: where the layer has levels. */
export type ListOf = (layer: Layer, documents: readonly Document[], level?: number) => PolicyList;

export function createLists(): ListOf {
  const lists = new Map<string, PolicyList>();
  return (layer, documents, level) => {
    const name = `${layer} ${level ?? ''} ${documents.map(({ number }) => number).join(' ')}`;
    const earlier = lists.get(name);
    if (earlier) return earlier;
    const place = (index: number): number | string => (level === undefined ? index : `${level}.${index}`);
    const items = documents.map((document, index) => ({ document, policy: place(index) }));
    const list = { number: lists.size, layer, items, invalid: invalidIn(layer, items) };
    lists.set(name, list);
    return list;
  };
}

const invalidIn = (layer: Layer, items: PolicyList['items']): InvalidIn[] =>
  items.flatMap(({ document, policy }) => (document.invalid ? [{ ...document.invalid, layer, policy }] : []));

/** Lists that always stand together. */
export interface ListGroup {
  readonly number: number;
  readonly lists: readonly PolicyList[];
  /** None has a policy: nothing is said, and there is nothing that would have to allow. */
  readonly isSilent: boolean;
}

/** Makes one group for all that hold the same lists. */
export type GroupOf = (lists: readonly PolicyList[]) => ListGroup;

export function createGroups(): GroupOf {
  const groups = new Map<string, ListGroup>();
  return (lists) => {
    const name = lists.map(({ number }) => number).join(' ');
    const isSilent = lists.length < 2 && lists.every(({ items }) => items.length === 0);
    const group = groups.get(name) ?? { number: groups.size, lists, isSilent };
    groups.set(name, group);
    return group;
  };
}
