import type { SignalRule } from './rule.ts';

/** A password alone opened the console. A federated sign-in has its second factor, or none, at the provider. */
export const signInWithoutMfa: SignalRule = {
  kind: 'sign-in-without-mfa',
  names: ['ConsoleLogin'],
  matches: ({ caller }) => caller.mfa === false && !caller.federated,
};
