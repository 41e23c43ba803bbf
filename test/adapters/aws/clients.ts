import type { Emulator } from '../../emulators/moto.ts';

/** Where and as whom clients talk to the emulator; it takes the account from its own keys only. */
export const towards = ({ endpoint }: Emulator) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: '123456789012', secretAccessKey: 'test' },
});
