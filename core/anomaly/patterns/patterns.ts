import { afterLease } from './after-lease.ts';
import { newAssumer } from './new-assumer.ts';
import type { Pattern } from './pattern.ts';
import { regrowth } from './regrowth.ts';
import { serviceElsewhere } from './service-elsewhere.ts';
import { twoPlaces } from './two-places.ts';

/** Every pattern, in the order in which they are asked. Denials and secrets in a spread are the session's (session.ts). */
export const patterns: readonly Pattern[] = [serviceElsewhere, twoPlaces, newAssumer, afterLease, regrowth];
