import { writeFileSync } from 'node:fs';
import { configurationJsonSchema } from './configuration-schema.ts';

// node --import tsx adapters/files/write-configuration-schema.ts && npx biome format --write leastwise.schema.json
writeFileSync(new URL('../../leastwise.schema.json', import.meta.url), configurationJsonSchema());
