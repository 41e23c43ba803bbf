#!/usr/bin/env node
// In a checkout the sources are TypeScript; tsx runs them as they are, from any working directory. The package holds
// them bundled.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(new URL('main.ts', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
  await import('./main.ts');
} else {
  await import('../dist/cli/main.js');
}
