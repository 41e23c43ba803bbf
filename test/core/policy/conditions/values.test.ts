import { arnParts } from '../../../../core/policy/conditions/arn.ts';
import { momentOf } from '../../../../core/policy/conditions/date.ts';
import { comparisons } from '../../../../core/policy/conditions/holds.ts';
import { ipRangeOf } from '../../../../core/policy/conditions/ip-address.ts';
import { numberOf } from '../../../../core/policy/conditions/numeric.ts';
import { operatorNames, parseOperator } from '../../../../core/policy/conditions/operator.ts';
import { fill, literalOf, parsePattern } from '../../../../core/policy/variables.ts';

describe('operators', () => {
  test.each(operatorNames.filter((name) => name !== 'Null'))('%s may stand with IfExists and a quantifier', (name) => {
    expect(parseOperator(`ForAnyValue:${name}IfExists`)).toEqual({ quantifier: 'ForAnyValue', name, ifExists: true });
    expect(parseOperator(`ForAllValues:${name}`)).toEqual({ quantifier: 'ForAllValues', name, ifExists: false });
    expect(comparisons[name].negated).toBe(/Not/.test(name));
  });

  test.each(['', 'IfExists', 'Equals', 'NullIfExists', 'ForAnyValue:Null', 'ForNoValue:Bool', 'BoolNot'])(
    '%j is none',
    (text) => expect(parseOperator(text)).toBeUndefined(),
  );
});

describe('values', () => {
  test.each([
    ['2026', Date.UTC(2026, 0)],
    ['2026-03', Date.UTC(2026, 2)],
    ['2026-03-04', Date.UTC(2026, 2, 4)],
    ['2026-03-04T05:06Z', Date.UTC(2026, 2, 4, 5, 6)],
    ['2026-03-04T05:06:07Z', Date.UTC(2026, 2, 4, 5, 6, 7)],
    ['2026-03-04T05:06:07.5Z', Date.UTC(2026, 2, 4, 5, 6, 7, 500)],
    ['2026-03-04T05:06:07+02:00', Date.UTC(2026, 2, 4, 3, 6, 7)],
    ['2026-03-04t05:06:07z', Date.UTC(2026, 2, 4, 5, 6, 7)],
    ['1767225600', 1_767_225_600_000],
    ['soon', Number.NaN],
    ['2026-13-01', Number.NaN],
  ])('the moment %s', (text, expected) => expect(momentOf(text)).toBe(expected));

  test.each([
    ['10', 10],
    ['-1.5', -1.5],
    ['.5', 0.5],
    ['1e3', Number.NaN],
    ['0x10', Number.NaN],
    ['', Number.NaN],
  ])('the number %j', (text, expected) => expect(numberOf(text)).toBe(expected));

  test.each([
    ['10.0.0.1', 32, 0x0a000001n, 0x0a000001n],
    ['10.0.0.7/24', 32, 0x0a000000n, 0x0a0000ffn],
    ['0.0.0.0/0', 32, 0n, 0xffffffffn],
    ['::1', 128, 1n, 1n],
    ['::ffff:10.0.0.1', 128, 0xffff0a000001n, 0xffff0a000001n],
    ['::/0', 128, 0n, (1n << 128n) - 1n],
  ])('the addresses %s', (text, bits, first, last) => expect(ipRangeOf(text)).toEqual({ bits, first, last }));

  test.each(['10.0.0', '10.0.0.256', '10.0.0.0/33', '10.0.0.0/x', '1::2::3', ':::', 'fe80::g', '1:2:3:4:5:6:7', ''])(
    '%j is no address',
    (text) => expect(ipRangeOf(text)).toBeUndefined(),
  );

  test.each([
    ['arn:aws:s3:::b/*', ['arn', 'aws', 's3', '', '', 'b/*']],
    ['arn:aws:sns:*:1:t:sub:*', ['arn', 'aws', 'sns', '*', '1', 't:sub:*']],
    ['*', ['*', '*', '*', '*', '*', '*']],
    ['arn:aws:iam:', ['arn', 'aws', 'iam', '']],
  ])('the parts of %s', (text, expected) => {
    const filled = fill(parsePattern(text, '2012-10-17') ?? [], () => undefined) ?? [];
    expect(arnParts(filled).map(literalOf)).toEqual(expected);
  });
});

describe('patterns', () => {
  const read = (text: string, version: '2012-10-17' | '2008-10-17' = '2012-10-17') => parsePattern(text, version);

  test('variables, defaults and escapes are taken apart', () => {
    expect(read(`a*\${aws:UserName}?\${*}\${$}\${?}\${aws:PrincipalTag/cost center, 'no ne'}`)).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'any' },
      { kind: 'variable', key: 'aws:username', fallback: null },
      { kind: 'one' },
      { kind: 'text', text: '*$?' },
      { kind: 'variable', key: 'aws:principaltag/cost center', fallback: 'no ne' },
    ]);
  });

  test('before version 2012-10-17 they are text', () => {
    expect(read(`a\${b}`, '2008-10-17')).toEqual([{ kind: 'text', text: `a\${b}` }]);
  });

  test.each([`\${`, `\${}`, `a\${b`, `\${a{b}}`, `\${a, b}`, `\${a,'b}`])('%s is no variable', (text) =>
    expect(read(text)).toBeUndefined(),
  );

  test('a dollar and braces by themselves are text', () => {
    expect(read('a$b{c}')).toEqual([{ kind: 'text', text: 'a$b{c}' }]);
  });
});
