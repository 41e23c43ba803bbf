import type { ManifestArchive } from '../../usecases/ports/manifest-archive.ts';

/** The laws of the ManifestArchive port, for every implementation. */
export function manifestArchiveContract(open: () => Promise<ManifestArchive>): void {
  test('manifests are numbered, read back as written, and never replaced', async () => {
    const archive = await open();
    expect(await archive.newest()).toBe(0);
    expect(await archive.read(1)).toBeUndefined();
    const sealed = (n: number) => ({ manifest: `{"n":${n}}`, signature: 'c2ln' });
    for (let n = 1; n <= 11; n += 1) expect(await archive.put(n, sealed(n))).toBe('put');
    expect(await archive.put(11, sealed(0))).toBe('taken');
    expect(await archive.newest()).toBe(11);
    expect(JSON.parse((await archive.read(11))!)).toEqual(sealed(11));
  });
}
