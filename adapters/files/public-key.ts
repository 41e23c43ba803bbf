import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { digestOfText } from '../../core/audit/manifest.ts';
import { UnusableFile } from './problems.ts';

/**
 * Checks signatures over texts with the public key of a file: PEM, or the base64 that `aws kms get-public-key` prints.
 * RSA and elliptic curves over SHA-256, as KMS signs; Ed25519 over the digest's bytes. Throws UnusableFile.
 */
export function signatureCheck(file: string): (text: string, signature: string) => boolean {
  const key = publicKeyIn(file);
  return (text, signature) => {
    const bytes = Buffer.from(signature, 'base64');
    return isEdwards(key)
      ? verify(null, Buffer.from(digestOfText(text), 'hex'), key, bytes)
      : verify('sha256', Buffer.from(text), key, bytes);
  };
}

const usable = 'its kind cannot be used: RSA, an elliptic curve or Ed25519 can';

function publicKeyIn(file: string): KeyObject {
  const key = reading(file, 'it is no public key in PEM or base64', (text) => {
    if (text.includes('PRIVATE KEY')) throw new UnusableFile(file, [{ field: '', words: 'it is a private key' }]);
    const der = { key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' } as const;
    return createPublicKey(text.includes('-----BEGIN') ? text : der);
  });
  if (!canSign(key)) throw new UnusableFile(file, [{ field: '', words: usable }]);
  return key;
}

function reading(file: string, otherwise: string, read: (text: string) => KeyObject): KeyObject {
  try {
    return read(readFileSync(file, 'utf8'));
  } catch (fault) {
    if (fault instanceof UnusableFile) throw fault;
    const missing = (fault as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UnusableFile(file, [{ field: '', words: missing ? 'there is no such file' : otherwise }]);
  }
}

const isEdwards = (key: KeyObject): boolean => key.asymmetricKeyType === 'ed25519';

const canSign = (key: KeyObject): boolean => ['rsa', 'ec', 'ed25519'].includes(key.asymmetricKeyType ?? '');
