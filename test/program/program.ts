import { join } from 'node:path';

/** What `npx leastwise` runs in a checkout: registers a compiler, then runs the sources. */
export const shim = join(import.meta.dirname, '../../cli/leastwise.js');

/** The bundled command line, made before the first test. */
export const program = process.env.LEASTWISE_PROGRAM ?? shim;
