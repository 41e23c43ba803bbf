import fc from 'fast-check';
import { parsePolicy } from '../../../core/policy/parse.ts';
import { type Cuts, printPolicy, printWithout } from '../../../core/policy/print.ts';

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

describe('printing a policy anew', () => {
  const read = (source: string) => {
    const parsed = parsePolicy(source);
    if (!parsed.ok) throw new Error(`${parsed.error.place} ${parsed.error.detail}`);
    return parsed.value;
  };
  const list = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
  const either = (name: string, value: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.boolean(), value).map(([not, chosen]) => ({ [not ? `Not${name}` : name]: chosen }));
  const principal = fc.oneof(
    fc.constant('*'),
    fc.record({ AWS: list(fc.constantFrom('*', '111122223333', 'arn:aws:iam::111122223333:user/ann')) }),
    fc.record({ Service: list(fc.constantFrom('ec2.amazonaws.com', 'sns.amazonaws.com')) }),
  );
  const conditions = fc.dictionary(
    fc.constantFrom('StringEquals', 'ForAnyValue:StringLike', 'NumericLessThanIfExists', 'Null'),
    fc.dictionary(fc.constantFrom('aws:a', 'b:c'), list(fc.constant('true'))),
  );
  const numeric = (each: object) =>
    JSON.parse(JSON.stringify(each).replace(/("NumericLess[^}]*\})/g, (part) => part.replaceAll('true', '7')));
  const statement = fc
    .tuple(
      fc.record({ Effect: fc.constantFrom('Allow', 'Deny') }),
      fc.option(fc.record({ Sid: fc.constantFrom('A', 'B') }), { nil: {} }),
      either('Action', list(fc.constantFrom('s3:*', 'iam:PassRole', '*'))),
      either('Resource', list(fc.constantFrom('*', 'arn:aws:s3:::b/*', `arn:aws:s3:::\${aws:username}`))),
      fc.option(either('Principal', principal), { nil: {} }),
      fc.option(fc.record({ Condition: conditions.map(numeric) }), { nil: {} }),
    )
    .map((parts) => Object.assign({}, ...parts) as object);

  const meaning = (source: string) =>
    read(source).statements.map(({ actionsAt: _, ...rest }) => ({
      ...rest,
      actions: new Set(rest.actions.patterns),
      resources: rest.resources && { not: rest.resources.not, patterns: new Set(rest.resources.patterns) },
      principals: rest.principals && {
        not: rest.principals.not,
        who: rest.principals.who === '*' ? '*' : [...rest.principals.who].map(([kind, who]) => [kind, new Set(who)]),
      },
      conditions: rest.conditions.map((each) => ({ ...each, values: new Set(each.values) })),
    }));

  test('what is printed says the same, and printing it again changes nothing', () =>
    fc.assert(
      fc.property(list(statement), fc.constantFrom('2012-10-17', '2008-10-17'), (Statement, Version) => {
        const source = JSON.stringify({ Statement, Id: 'x', Version }, null, 2);
        const printed = printPolicy(read(source));
        expect(meaning(printed)).toEqual(meaning(source));
        expect(read(printed).version).toBe(Version);
        expect(printPolicy(read(printed))).toBe(printed);
        expect(printed.length).toBeLessThanOrEqual(source.length);
      }),
    ));

  test('lists of one become scalars and repetitions go', () => {
    const source = `{"Statement":[{"Action":["a:B","a:B"],"Effect":"Allow","Resource":["*"],"Sid":""}]}`;
    expect(printPolicy(read(source))).toBe(
      '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"a:B","Resource":"*"}}',
    );
  });
});
