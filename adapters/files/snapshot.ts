import { readFileSync } from 'node:fs';
import type { Inventory } from '../../core/identity/inventory.ts';
import { decodeSnapshot } from '../../core/identity/snapshot.ts';
import { UnusableFile } from './problems.ts';
import { textIn } from './unzip.ts';

/** Reads a snapshot that a deployment keeps, gzipped or not; throws UnusableFile where it is none. */
export function readSnapshot(file: string): Inventory {
  const refuse = (words: string) => new UnusableFile(file, [{ field: '', words }]);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'there is no such file' : message);
  }
  const text = textIn(bytes);
  if (!text.ok) throw refuse(text.error.detail);
  try {
    return decodeSnapshot(text.value);
  } catch (fault) {
    throw refuse(`it is no snapshot of an inventory: ${(fault as Error).message}`);
  }
}
