import { writeFileSync } from 'node:fs';
import { configurationJsonSchema } from './configuration-schema.ts';

// npm run schema
writeFileSync(new URL('../../leastwise.schema.json', import.meta.url), configurationJsonSchema());
