import * as z from 'zod/mini';
import { environmentOf } from '../../lambdas/entry.ts';

const schema = z.object({ TABLE: z.string().check(z.minLength(1)), BUCKET: z.string().check(z.minLength(1)) });

test('the environment is read by its schema, and nothing else of it', () => {
  expect(environmentOf(schema, { TABLE: 'a', BUCKET: 'b', OTHER: 'c' })).toEqual({ TABLE: 'a', BUCKET: 'b' });
});

test('every variable that is missing or empty is named', () => {
  expect(() => environmentOf(schema, { TABLE: '' })).toThrow('TABLE, BUCKET');
});
