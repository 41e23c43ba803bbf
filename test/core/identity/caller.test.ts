import fc from 'fast-check';
import { callerOf } from '../../../core/identity/caller.ts';
import file from '../../cases/callers.json' with { type: 'json' };

test.each(file.cases)('$title', ({ userIdentity, expected }) => {
  expect(callerOf(userIdentity, 'sts.amazonaws.com')).toEqual({ ...file.defaults, ...expected });
});

test('no identity, however broken, makes reading it fail', () =>
  fc.assert(
    fc.property(fc.anything(), fc.string(), (identity, source) => {
      const caller = callerOf(identity, source);
      expect(typeof caller.principal).toBe('string');
      expect(typeof caller.actor).toBe('string');
    }),
  ));
