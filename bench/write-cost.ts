import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from './cost.ts';

/** Writes the tables of docs/cost.md anew: `node --import tsx bench/write-cost.ts`. */
const page = new URL('../docs/cost.md', import.meta.url);
writeFileSync(page, withTables(readFileSync(page, 'utf8')));
