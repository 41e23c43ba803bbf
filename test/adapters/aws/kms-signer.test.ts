import { createHash, createPublicKey, verify } from 'node:crypto';
import { CreateKeyCommand, GetPublicKeyCommand, type KeySpec, KMSClient, VerifyCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { kmsSigner } from '../../../adapters/aws/kms-signer.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { signerContract } from '../../contracts/signer.ts';
import { type Emulator, onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

async function freshKey(emulator: Emulator, KeySpec: KeySpec) {
  const kms = recorded(new KMSClient(towards(emulator)));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }));
  return { kms, key: KeyMetadata!.Arn! };
}

onMoto('signing with KMS on moto', (emulator) => {
  describe('with RSA', () => {
    signerContract(async () => kmsSigner(await freshKey(emulator(), 'RSA_2048')));
  });

  describe('with ECDSA', () => {
    signerContract(async () =>
      kmsSigner({ ...(await freshKey(emulator(), 'ECC_NIST_P256')), algorithm: 'ECDSA_SHA_256' }),
    );
  });

  test('the public key alone verifies a signature', async () => {
    const { kms, key } = await freshKey(emulator(), 'RSA_2048');
    const digest = createHash('sha256').update('plan').digest();
    const signature = Buffer.from(await kmsSigner({ kms, key }).sign(digest.toString('hex')), 'base64');
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: key }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
    // AWS signs the digest as given; this emulator hashes what it is given once more.
    const holds = (text: string | Buffer) => verify('sha256', Buffer.from(text), publicKey, signature);
    expect([holds('plan'), holds(digest)]).toContain(true);
    expect(holds('another plan')).toBe(false);
  });

  test('another key does not verify', async () => {
    const digest = createHash('sha256').update('plan').digest('hex');
    const signature = await kmsSigner(await freshKey(emulator(), 'RSA_2048')).sign(digest);
    expect(await kmsSigner(await freshKey(emulator(), 'RSA_2048')).verify(digest, signature)).toBe(false);
  });
});

test('KMS is told that the message is a digest, and its faults are not answers', async () => {
  const kms = mockClient(KMSClient);
  const signer = kmsSigner({ kms: new KMSClient({}), key: 'arn:key' });
  const digest = 'ab'.repeat(32);
  kms.on(VerifyCommand).resolvesOnce({ SignatureValid: true });
  expect(await signer.verify(digest, 'c2ln')).toBe(true);
  expect(kms.commandCalls(VerifyCommand)[0]?.args[0].input).toEqual({
    KeyId: 'arn:key',
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    MessageType: 'DIGEST',
    Message: Buffer.from(digest, 'hex'),
    Signature: Buffer.from('sig'),
  });
  kms.on(VerifyCommand).rejects(Object.assign(new Error('no'), { name: 'KMSInvalidSignatureException' }));
  expect(await signer.verify(digest, 'c2ln')).toBe(false);
  kms.on(VerifyCommand).rejects(Object.assign(new Error('no'), { name: 'ThrottlingException' }));
  await expect(signer.verify(digest, 'c2ln')).rejects.toThrow('no');
});
