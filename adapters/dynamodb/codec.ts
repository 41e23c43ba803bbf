import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A row's versioned body: `v`, and the JSON in `j`, or deflated in `b` where it is long. */
export interface Body {
  v: number;
  j?: string;
  b?: Uint8Array;
}

/** What turns a body of each older version into the next one. A version is never taken out: old rows stay. */
export type Upgrade = Readonly<Record<number, (body: Record<string, unknown>) => Record<string, unknown>>>;

/** Where deflating begins to save a write unit: below it the row fits into one anyway, and stays readable. */
const short = 640;

/** Packs a value of the current version. Equal JSON gives equal bytes under one version of zlib. */
export function pack(version: number, value: unknown): Body {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= short) return { v: version, j: text };
  return { v: version, b: deflateRawSync(text, { level: 9 }) };
}

/** Unpacks a body and brings it to `version` step by step. Throws where no step leads there. */
export function unpack(row: Body, version: number, upgrade: Upgrade): unknown {
  const text = row.j ?? (row.b === undefined ? undefined : inflateRawSync(row.b).toString('utf8'));
  if (text === undefined) throw new Error('the row has no body');
  let value = JSON.parse(text) as Record<string, unknown>;
  for (let at = row.v; at !== version; at++) {
    const step = upgrade[at];
    if (step === undefined) throw new Error(`a row of version ${at} cannot be read by code that writes ${version}`);
    value = step(value);
  }
  return value;
}
