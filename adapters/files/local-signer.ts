import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UnusableFile } from './problems.ts';

export interface LocalSigner {
  /** As OpenSSL would: over the text itself. */
  sign(text: string): Buffer;
  /** PEM of the public half. */
  publicKey: string;
  /** SHA-256 of the public half in DER, hex: to be compared with what the signer published. */
  fingerprint: string;
}

/** A private key of a PEM file without a passphrase: RSA, an elliptic curve or Ed25519. Throws UnusableFile. */
export function localSigner(file: string): LocalSigner {
  const key = privateKeyIn(file);
  const kind = key.asymmetricKeyType ?? '';
  if (!['rsa', 'ec', 'ed25519'].includes(kind)) throw unusable(file, 'RSA, elliptic curves and Ed25519 can sign');
  const half = createPublicKey(key);
  const der = half.export({ type: 'spki', format: 'der' });
  return {
    sign: (text) => sign(kind === 'ed25519' ? null : 'sha256', Buffer.from(text), key),
    publicKey: half.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

function privateKeyIn(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file, 'utf8'));
  } catch (fault) {
    const missing = (fault as NodeJS.ErrnoException).code === 'ENOENT';
    throw unusable(file, missing ? 'there is no such file' : 'it is no private key in PEM without a passphrase');
  }
}

const unusable = (file: string, words: string) => new UnusableFile(file, [{ field: '', words }]);
