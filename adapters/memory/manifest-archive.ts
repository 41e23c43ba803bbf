import type { ManifestArchive } from '../../usecases/ports/manifest-archive.ts';

/** Written once, never changed, in memory. */
export function memoryManifestArchive(): ManifestArchive {
  const texts = new Map<number, string>();
  return {
    newest: async () => Math.max(0, ...texts.keys()),
    read: async (sequence) => texts.get(sequence),
    put: async (sequence, sealed) => {
      if (texts.has(sequence)) return 'taken';
      texts.set(sequence, JSON.stringify(sealed));
      return 'put';
    },
  };
}
