import { judgedNames } from './judged.ts';
import { asObject } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** The parameters that would tell whether it was harmless are not in the record: nothing is excused by them. */
export const unreadParameters: SignalRule = {
  kind: 'unread-parameters',
  names: judgedNames,
  matches: ({ requestParameters }) => Object.keys(asObject(requestParameters) ?? {}).length === 0,
};
