import { isAlwaysAlerted } from '../../catalogue/privilege-class.ts';
import type { SignalRule } from './rule.ts';

/** An action that is told whoever does it, however often, attempts included. */
export const alwaysAlert: SignalRule = {
  kind: 'always-alert',
  attempts: true,
  matches: (_event, actions) => actions.some(isAlwaysAlerted),
};
