import { type Bits, hasBit } from './bits.ts';
import type { ResourceSet } from './documents.ts';

/** Whether a statement speaks of a resource; `depends`: where a variable is filled so. */
export type Reach = 'yes' | 'no' | 'depends';

/** `matched`: the patterns that match the resource. */
export function reachOf(resources: ResourceSet | null, matched: Bits): Reach {
  if (!resources) return 'yes';
  const { not, fixed, widened, everything } = resources;
  if (everything || isAmong(fixed, matched)) return not ? 'no' : 'yes';
  if (isAmong(widened, matched)) return 'depends';
  return not ? 'yes' : 'no';
}

function isAmong(patterns: readonly number[], matched: Bits): boolean {
  for (let i = 0; i < patterns.length; i++) if (hasBit(matched, patterns[i]!)) return true;
  return false;
}
