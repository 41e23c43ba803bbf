import type { SignalRule } from './rule.ts';

/** The root user did something itself: nobody works as root (design: always told). */
export const rootUse: SignalRule = {
  kind: 'root-use',
  attempts: true,
  matches: ({ caller, kind }) =>
    caller.arn?.endsWith(':root') === true && !caller.isService && kind !== 'service-event',
};
