import { readJson } from './problems.ts';

/** What a file that says what is known holds, as far as its first look tells; its reader checks the rest. */
type Held = 'authorization-details' | 'snapshot' | 'resource-policies';

/** Tells the files that people may name in one place apart. */
export function heldIn(file: string): Held {
  if (file.endsWith('.gz')) return 'snapshot';
  const value = readJson(file);
  if (typeof value !== 'object' || value === null) return 'authorization-details';
  if ('principals' in value) return 'snapshot';
  return 'resources' in value ? 'resource-policies' : 'authorization-details';
}
