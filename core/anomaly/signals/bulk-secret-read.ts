import { asList, member, textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** AWS takes ten names at most; few applications need nearly as many at once. */
const many = 8;

/** Many secrets leave with one call. An application that does so every day is soon known for it. */
export const bulkSecretRead: SignalRule = {
  kind: 'bulk-secret-read',
  names: ['BatchGetSecretValue', 'GetParameters', 'GetParametersByPath'],
  matches({ name, requestParameters }) {
    if (name === 'BatchGetSecretValue') return true;
    if (String(member(requestParameters, 'withDecryption')) !== 'true') return false;
    if (name === 'GetParameters') return asList(member(requestParameters, 'names')).length >= many;
    return textOf(requestParameters, 'path') === '/' && String(member(requestParameters, 'recursive')) === 'true';
  },
};
