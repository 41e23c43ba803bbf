import fc from 'fast-check';
import { parsePolicy } from '../../../core/policy/parse.ts';
import { type Cuts, printWithout } from '../../../core/policy/print.ts';

function cut(text: string, cuts: Record<number, number[]>): string | null {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return printWithout(
    parsed.value,
    new Map(Object.entries(cuts).map(([index, places]) => [Number(index), new Set(places)])),
  );
}

const text = `{
  "Statement" : [
    { "Sid": "One", "Effect": "Allow", "Action": [ "a:A",  "a:B" , "a:C" ], "Resource": "*" },

    { "Effect": "Allow", "Action": "a:D", "Resource": ["x" ] },
    {"Effect":"Deny","Action":["a:E"],"Resource":"*"}
  ], "Version": "2012-10-17" }`;

describe('printing a policy without some actions', () => {
  test('nothing cut changes no byte', () => {
    expect(cut(text, {})).toBe(text);
    expect(cut(text, { 0: [], 1: [] })).toBe(text);
    expect(cut('{"Statement":[]}', {})).toBe('{"Statement":[]}');
  });

  test.each([
    ['the first', [0], '[ "a:B" , "a:C" ]'],
    ['the middle one', [1], '[ "a:A" , "a:C" ]'],
    ['the last', [2], '[ "a:A",  "a:B" ]'],
    ['all but the last', [0, 1], '[ "a:C" ]'],
    ['all but the first', [1, 2], '[ "a:A" ]'],
    ['the outer two', [0, 2], '[ "a:B" ]'],
  ])('%s action goes with its comma, and everything else stays byte for byte', (_, places, list) => {
    expect(cut(text, { 0: places })).toBe(text.replace('[ "a:A",  "a:B" , "a:C" ]', list));
  });

  test('a statement without actions goes, and a policy without statements is none', () => {
    expect(cut(text, { 1: [0] })).toBe(
      text.replace(',\n\n    { "Effect": "Allow", "Action": "a:D", "Resource": ["x" ] }', ''),
    );
    expect(cut(text, { 0: [0, 1, 2], 1: [0], 2: [0] })).toBeNull();
    expect(cut('{"Statement":{"Effect":"Allow","Action":"a:A","Resource":"*"}}', { 0: [0] })).toBeNull();
  });

  test('what is printed says the same without the cut actions, whatever is cut', () => {
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.array(fc.constantFrom('a:A', 'a:B', 'b:*', 'c:C?'), { minLength: 1, maxLength: 4 }),
      Resource: fc.string({ minLength: 1 }),
    });
    const cuts = fc.array(fc.array(fc.nat(3)), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        cuts,
        fc.nat(3),
        (statements, places, indent) => {
          const source = JSON.stringify({ Statement: statements }, null, indent);
          const parsed = parsePolicy(source);
          if (!parsed.ok) throw new Error(parsed.error.detail);
          const chosen: Cuts = new Map(
            statements.map(({ Action }, index) => [
              index,
              new Set((places[index] ?? []).filter((place) => place < Action.length)),
            ]),
          );
          const expected = statements
            .map((each, index) => ({
              ...each,
              Action: each.Action.filter((__, place) => !chosen.get(index)?.has(place)),
            }))
            .filter(({ Action }) => Action.length > 0);
          const printed = printWithout(parsed.value, chosen);
          expect(printed === null ? [] : JSON.parse(printed).Statement).toEqual(expected);
        },
      ),
    );
  });
});
