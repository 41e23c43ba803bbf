import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's files, bundled into memory. */
export interface Page {
  html: string;
  script: string;
  style: string;
}

const consoleFolder = new URL('../console/', import.meta.url);

/** Bundles console/src/main.tsx and reads console/index.html. Throws where either does not build. */
export async function bundlePage(folder = consoleFolder): Promise<Page> {
  const entry = new URL('src/main.tsx', folder);
  if (!existsSync(entry)) throw new Error(`${fileURLToPath(entry)} is missing: the page cannot be built`);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
  });
  const of = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { html: await readFile(new URL('index.html', folder), 'utf8'), script: of('.js'), style: of('.css') };
}
