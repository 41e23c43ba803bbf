import { externalLayer } from './external-layer.ts';
import { member } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** A function gets other code around it, or other rights: a layer, another role, another handler. */
export const functionRewired: SignalRule = {
  kind: 'function-rewired',
  names: ['UpdateFunctionConfiguration'],
  matches: (event, actions) =>
    !externalLayer.matches(event, actions) &&
    ['layers', 'role', 'handler'].some((name) => member(event.requestParameters, name) !== undefined),
};
