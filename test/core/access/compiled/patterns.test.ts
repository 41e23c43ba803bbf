import fc from 'fast-check';
import { actionNumbers } from '../../../../core/access/compiled/action-numbers.ts';
import { createActionSets, holds, membersAsBits } from '../../../../core/access/compiled/action-set.ts';
import { countBits, eachBit, hasBit } from '../../../../core/access/compiled/bits.ts';
import { globOf, matchesGlob } from '../../../../core/access/compiled/glob.ts';
import { createPatternIndex } from '../../../../core/access/compiled/pattern-index.ts';
import { coversAction, matchesPattern } from '../../../../core/policy/match.ts';
import { type Filled, parsePattern } from '../../../../core/policy/variables.ts';

const filled = (text: string): Filled => parsePattern(text, '2008-10-17') as Filled;
const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 });

describe('resource patterns', () => {
  test('a glob matches what the pattern matches', () =>
    fc.assert(
      fc.property(word('ab*?'), word('ab'), (pattern, text) => {
        expect(matchesGlob(globOf(filled(pattern)), text)).toBe(matchesPattern(filled(pattern), text));
      }),
      { numRuns: 2_000 },
    ));

  test('the index finds the patterns that match one by one', () =>
    fc.assert(
      fc.property(fc.array(word('ab:*?'), { maxLength: 20 }), word('ab:'), (patterns, text) => {
        const index = createPatternIndex();
        const numbers = patterns.map((pattern) => index.numberOf(filled(pattern)));
        const found = index.matching(text);
        for (const [at, number] of numbers.entries()) {
          expect(hasBit(found, number)).toBe(matchesPattern(filled(patterns[at]!), text));
          expect(index.matches(number, text)).toBe(hasBit(found, number));
        }
      }),
      { numRuns: 500 },
    ));

  test('no pattern takes longer than pattern times text', () => {
    const started = performance.now();
    const text = 'a'.repeat(50_000);
    expect(matchesGlob(globOf(filled(`${'*a?'.repeat(60)}*b`)), text)).toBe(false);
    expect(matchesGlob(globOf(filled(`${'*a'.repeat(500)}*?*`)), text)).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('action sets', () => {
  const { names, lower, known } = actionNumbers();
  const pattern = fc.oneof(
    fc.constantFrom(
      '*',
      's3:*',
      'S3:Get*',
      'iam:*User*',
      'ec2:?reate*',
      'sts:AssumeRole',
      'none:*',
      'nosuch:Thing',
      's3:getobject',
    ),
    fc.nat(known - 1).map((number) => names[number]!),
  );
  const numbers = fc.array(fc.nat(known - 1), { minLength: 1, maxLength: 20 });

  test('hold the actions that their patterns cover, known to the catalogue or not', () => {
    const setOf = createActionSets();
    fc.assert(
      fc.property(fc.boolean(), fc.array(pattern, { minLength: 1, maxLength: 6 }), numbers, (not, patterns, asked) => {
        const set = setOf({ not, patterns });
        const bits = membersAsBits(set, known);
        for (const number of asked) {
          const expected = coversAction({ actions: { not, patterns } }, names[number]!);
          expect(holds(set, number, lower[number]!, known)).toBe(expected);
          expect(hasBit(bits, number)).toBe(expected);
        }
        for (const action of ['nosuch:thing', 'none:such', 's3:getnothing']) {
          expect(holds(set, known, action, known)).toBe(coversAction({ actions: { not, patterns } }, action));
        }
        let count = 0;
        eachBit(bits, () => {
          count += 1;
        });
        expect(countBits(bits)).toBe(count);
        expect(count).toBeLessThanOrEqual(known);
      }),
      { numRuns: 300 },
    );
  });
});
