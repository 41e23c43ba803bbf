import { createHash } from 'node:crypto';

/**
 * The one text of a JSON value: keys sorted by UTF-16 code units, no spaces, members that are undefined left out (as any
 * JSON store would). Throws on what JSON cannot hold, because two different values must never share a text.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isPlainObject(value)) return objectText(value);
  throw new TypeError(`a ${describe(value)} has no canonical JSON`);
}

/** SHA-256 of the canonical JSON, in hex. */
export const canonicalHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');

function objectText(value: Record<string, unknown>): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON`);
  return JSON.stringify(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  // Objects of other realms (a test's sandbox) have another Object.prototype, so the tag decides.
  return Object.prototype.toString.call(value) === '[object Object]';
}

const describe = (value: unknown): string =>
  typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
