/** An attribute as the wire has it, as far as our rows use it. Streams give binary as base64. */
interface WireValue {
  S?: string;
  N?: string;
  B?: Uint8Array | string;
  NULL?: boolean;
}

/** A raw item (of a failed condition, or of a stream's record) as the document client would give it. */
export function rowOfImage(image: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plain(value as WireValue)]));
}

function plain(value: WireValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.NULL === true) return null;
  if (typeof value.B === 'string') return Buffer.from(value.B, 'base64');
  return value.B;
}

/** The other way, for tests and for the system in one process: what a stream would say of a row. */
export const imageOf = (
  row: Readonly<Record<string, unknown>>,
): Record<string, { S?: string; N?: string; B?: string }> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === 'string') return [name, { S: value }];
      if (typeof value === 'number') return [name, { N: String(value) }];
      return [name, { B: Buffer.from(value as Uint8Array).toString('base64') }];
    }),
  );
