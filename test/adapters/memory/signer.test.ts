import { createHash, verify } from 'node:crypto';
import { memorySigner } from '../../../adapters/memory/signer.ts';
import { signerContract } from '../../contracts/signer.ts';

describe('signer in memory', () => {
  signerContract(async () => memorySigner());

  test('another key does not verify, the public key does without the signer', async () => {
    const digest = createHash('sha256').update('plan').digest('hex');
    const signer = memorySigner();
    const signature = await signer.sign(digest);
    expect(await memorySigner().verify(digest, signature)).toBe(false);
    expect(verify(null, Buffer.from(digest, 'hex'), signer.publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });
});
