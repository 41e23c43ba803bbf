import { isForeign } from './accounts.ts';
import { member, someValue } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** A function loads code that another account publishes. */
export const externalLayer: SignalRule = {
  kind: 'external-layer',
  names: ['UpdateFunctionConfiguration', 'CreateFunction'],
  matches: (event) =>
    someValue(
      member(event.requestParameters, 'layers'),
      (value) => typeof value === 'string' && isForeign(event, value),
    ),
};
