import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Signer, Verifier } from '../../usecases/ports/signer.ts';

/** Signs digests with an Ed25519 key: the given one, or one of this process alone. `publicKey` checks them elsewhere. */
export function memorySigner(
  keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ed25519'),
): Signer & Verifier & { publicKey: KeyObject } {
  return {
    publicKey: keys.publicKey,
    sign: async (digest) => sign(null, digestBytes(digest), keys.privateKey).toString('base64'),
    verify: async (digest, signature) =>
      verify(null, digestBytes(digest), keys.publicKey, Buffer.from(signature, 'base64')),
  };
}

function digestBytes(digest: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error('only a SHA-256 digest in lower-case hex can be signed');
  return Buffer.from(digest, 'hex');
}
