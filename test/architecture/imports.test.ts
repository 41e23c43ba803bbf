import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of a small tree, checked by the project's own rules; resolves to the names of the rules that were broken. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'leastwise-imports-'));
  try {
    for (const [path, text] of Object.entries({ 'tsconfig.json': '{}', ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const cli = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const config = resolve('.dependency-cruiser.cjs');
    const rooms = [...new Set(Object.keys(files).map((path) => path.split('/')[0] as string))];
    const { stdout } = await run(process.execPath, [cli, '--config', config, '--output-type', 'json', ...rooms], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error);
    const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(report.summary.violations.map(({ rule }) => rule.name))].sort();
  } finally {
    await rm(folder, { recursive: true });
  }
}

const used = 'export const used = 1;\n';

test('core may not import an adapter', async () => {
  const broken = await brokenRules({
    'core/a.ts': "export { used } from '../adapters/b.ts';\n",
    'adapters/b.ts': used,
  });
  expect(broken).toContain('core-imports-only-what-it-may');
});

test('core may not read files', async () => {
  const broken = await brokenRules({
    'core/a.ts':
      "import { readFileSync } from 'node:fs';\nimport { used } from './b.ts';\nexport const a = [readFileSync, used];\n",
    'core/b.ts': used,
  });
  expect(broken).toEqual(['core-is-pure']);
});

test('a use case may not import an adapter, and an adapter may not import a use case', async () => {
  const broken = await brokenRules({
    'usecases/a.ts': "export { used } from '../adapters/b.ts';\n",
    'adapters/b.ts': used,
    'adapters/c.ts': "export { d } from '../usecases/d.ts';\n",
    'usecases/d.ts': 'export const d = 1;\n',
  });
  expect(broken).toEqual(['adapters-imports-only-what-it-may', 'usecases-imports-only-what-it-may']);
});

test('one function may not import another, and the stack only their environments', async () => {
  const broken = await brokenRules({
    'lambdas/one/index.ts': "export { used } from '../two/handler.ts';\n",
    'lambdas/two/handler.ts': used,
    'lib/stack.ts': "export { used } from '../lambdas/two/handler.ts';\n",
  });
  expect(broken).toEqual(['lambdas-do-not-know-each-other', 'lib-shares-only-the-environment-of-a-function']);
});

test('imports towards core are allowed', async () => {
  const broken = await brokenRules({
    'core/a.ts': used,
    'usecases/b.ts': "export { used } from '../core/a.ts';\n",
    'adapters/c.ts': "export { used } from '../core/a.ts';\n",
    'lambdas/d/index.ts':
      "export { used } from '../../adapters/c.ts';\nexport { used as again } from '../../usecases/b.ts';\n",
  });
  expect(broken).toEqual([]);
});
