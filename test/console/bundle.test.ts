import { build } from 'esbuild';

test('the page bundles nothing but itself and preact', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: ['console/src/main.tsx'],
    bundle: true,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
    outdir: 'out',
    metafile: true,
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => !/^(console\/src|node_modules\/preact)\//.test(path));
  expect(foreign).toEqual([]);
  expect(outputFiles.reduce((sum, file) => sum + file.contents.length, 0)).toBeLessThan(100_000);
});
