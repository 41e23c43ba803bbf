import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Bundles the command line once for all test files, as the package holds it: it starts several times as fast as its sources. */
export default async function buildProgram({ testPathPatterns }) {
  const asked = testPathPatterns.patterns;
  if (asked.length > 0 && !asked.some((path) => path.includes('cli'))) return;
  const folder = mkdtempSync(join(tmpdir(), 'leastwise-program-'));
  await build({
    entryPoints: [join(root, 'cli/main.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['../bench/*'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  process.env.LEASTWISE_PROGRAM = join(folder, 'main.mjs');
}
