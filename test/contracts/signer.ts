import { createHash } from 'node:crypto';
import type { Signer, Verifier } from '../../usecases/ports/signer.ts';

/** The laws of the Signer and Verifier ports, for every implementation. */
export function signerContract(open: () => Promise<Signer & Verifier>): void {
  const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
  let signer: Signer & Verifier;
  beforeAll(async () => {
    signer = await open();
  });

  test('a signature holds for its digest and for no other', async () => {
    const signature = await signer.sign(digestOf('plan'));
    expect(await signer.verify(digestOf('plan'), signature)).toBe(true);
    expect(await signer.verify(digestOf('another plan'), signature)).toBe(false);
  });

  test('a signature that is changed, empty or no base64 is invalid, not a fault', async () => {
    const signature = await signer.sign(digestOf('plan'));
    const bytes = Buffer.from(signature, 'base64');
    bytes[8] = (bytes[8] ?? 0) ^ 1;
    for (const forged of [bytes.toString('base64'), '', '!', signature.slice(0, 20)])
      expect(await signer.verify(digestOf('plan'), forged)).toBe(false);
  });

  test('what is no SHA-256 digest is not signed', async () => {
    for (const text of ['', 'plan', digestOf('plan').slice(1), digestOf('plan').toUpperCase()])
      await expect(signer.sign(text)).rejects.toThrow('SHA-256');
  });
}
