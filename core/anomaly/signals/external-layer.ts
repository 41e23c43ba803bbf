import { isForeign } from './accounts.ts';
import { member, valuesIn } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** A function loads code that another account publishes. */
export const externalLayer: SignalRule = {
  kind: 'external-layer',
  names: ['UpdateFunctionConfiguration', 'CreateFunction'],
  matches: (event) =>
    [...valuesIn(member(event.requestParameters, 'layers'))].some(
      (value) => typeof value === 'string' && isForeign(event, value),
    ),
};
