import { canonicalHash } from '../audit/canonical.ts';
import { defaultWeights, modelVersion, type Weights } from './weights.ts';

/** Weights with the version that tells their cases from those of others. */
export interface Model {
  /** Part of every case's id: another model tells other stories. */
  modelVersion: string;
  weights: Weights;
}

/** Numbers that replace those of the table, in its shape; checked by `modelOf`. */
export type WeightOverrides = Readonly<Record<string, unknown>>;

/**
 * The model with some weights replaced; its version tells which. Throws a RangeError that names the first weight that does
 * not exist or is not of the table's kind.
 */
export function modelOf(overrides: WeightOverrides = {}): Model {
  const weights = replaced(defaultWeights, overrides, '') as Weights;
  const own = Object.keys(overrides).length === 0 ? '' : `-${canonicalHash(overrides).slice(0, 8)}`;
  return { modelVersion: `${modelVersion}${own}`, weights };
}

function replaced(standard: unknown, own: unknown, path: string): unknown {
  if (!isTable(standard)) {
    const fits = typeof standard === 'number' ? isWeight(own) : JSON.stringify(own) === JSON.stringify(standard);
    if (!fits)
      throw new RangeError(`${path} must be ${typeof standard === 'number' ? 'a number, 0 or more' : 'as it is'}`);
    return own;
  }
  if (!isTable(own)) throw new RangeError(`${path} must be an object`);
  const unknown = Object.keys(own).find((name) => !Object.hasOwn(standard, name));
  if (unknown !== undefined) throw new RangeError(`there is no weight ${path === '' ? '' : `${path}.`}${unknown}`);
  const changed = Object.entries(own).map(([name, value]) => [
    name,
    replaced(standard[name], value, path === '' ? name : `${path}.${name}`),
  ]);
  return { ...standard, ...Object.fromEntries(changed) };
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWeight = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
