import fc from 'fast-check';
import { compareBytes, table } from '../../cli/output.ts';

test('rows are ordered as their UTF-8 bytes are, beyond the basic plane too', () => {
  expect(['\uffee', '\u{1f600}', 'a', 'é'].sort(compareBytes)).toEqual(['a', 'é', '\uffee', '\u{1f600}']);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test('a table is as wide as its widest cell, and long cells are cut', () => {
  expect(
    table(
      ['A', 'B'],
      [
        ['x', 'yy'],
        ['long cell', 'z'],
      ],
      6,
    ),
  ).toEqual(['A       B', 'x       yy', 'long …  z']);
});
