import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/**
 * Measures figures one after the other, each in a process of its own, so that no figure meets the memory another one
 * left. They run bundled by esbuild, as the Lambdas and the package are: run from the sources, tsx wraps every closure
 * to keep its name, which halves the speed of the access engine and is not in anything shipped. Takes names of
 * the figures; gives each figure by its name; throws where one fails.
 */
export async function measure(names: readonly string[]): Promise<Record<string, unknown>> {
  const outfile = join(root, '.local/bench/figures.mjs');
  mkdirSync(join(root, '.local/bench'), { recursive: true });
  await build({
    entryPoints: [join(root, 'bench/figures.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Found in node_modules from the bundle's folder; only our own code is to be measured bundled.
    packages: 'external',
  });
  const measured: Record<string, unknown> = {};
  for (const name of names) {
    process.stderr.write(`measuring ${name}\n`);
    measured[name] = JSON.parse(await outputOf([outfile, name, join(root, '../shared/data/cloudtrail')]));
  }
  return measured;
}

/** What a process of Node writes to stdout; its stderr is ours. */
async function outputOf(commandLine: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, commandLine, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [written, code] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code[0] !== 0) throw new Error(`the bench ended with exit code ${code[0]}`);
  return written;
}
