import { type KMSClient, SignCommand, type SigningAlgorithmSpec, VerifyCommand } from '@aws-sdk/client-kms';
import type { Signer, Verifier } from '../../usecases/ports/signer.ts';

export interface SigningKey {
  kms: KMSClient;
  /** ARN. Whoever signs may only sign with it, whoever verifies only verify. */
  key: string;
  algorithm?: Extract<SigningAlgorithmSpec, 'RSASSA_PKCS1_V1_5_SHA_256' | 'ECDSA_SHA_256'>;
}

/**
 * An asymmetric KMS key. It signs the digest itself, so that anybody with the public key can check the signature
 * against the text whose SHA-256 the digest is.
 */
export function kmsSigner({ kms, key, algorithm = 'RSASSA_PKCS1_V1_5_SHA_256' }: SigningKey): Signer & Verifier {
  const common = { KeyId: key, SigningAlgorithm: algorithm, MessageType: 'DIGEST' } as const;
  return {
    sign: async (digest) => {
      const { Signature } = await kms.send(new SignCommand({ ...common, Message: digestBytes(digest) }));
      if (!Signature) throw new Error('KMS gave no signature');
      return Buffer.from(Signature).toString('base64');
    },
    verify: async (digest, signature) => {
      const bytes = Buffer.from(signature, 'base64');
      if (bytes.length === 0) return false;
      try {
        const answer = await kms.send(new VerifyCommand({ ...common, Message: digestBytes(digest), Signature: bytes }));
        return answer.SignatureValid === true;
      } catch (fault) {
        // The one fault that is an answer: KMS does not say false, it throws.
        if (fault instanceof Error && fault.name === 'KMSInvalidSignatureException') return false;
        throw fault;
      }
    },
  };
}

function digestBytes(digest: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error('only a SHA-256 digest in lower-case hex can be signed');
  return Buffer.from(digest, 'hex');
}
