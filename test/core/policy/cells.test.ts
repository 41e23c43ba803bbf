import fc from 'fast-check';
import { cellsOf as split } from '../../../core/policy/cells.ts';
import { matchesResource } from '../../../core/policy/match.ts';
import { type Filled, fill, parsePattern } from '../../../core/policy/variables.ts';

const filled = (text: string): Filled => fill(parsePattern(text, '2012-10-17') ?? [], () => undefined) ?? [];
const cellsOf = (question: string, patterns: readonly string[], most?: number) =>
  split(filled(question), patterns.map(filled), most);

const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*', '?'), { maxLength: 6 }).map((parts) => parts.join(''));
const text = fc.array(fc.constantFrom('a', 'b', '/', 'x'), { maxLength: 6 }).map((parts) => parts.join(''));

describe('the cells of a question', () => {
  test('every text that the question covers lies in a cell, and every sample is what its cell says', () =>
    fc.assert(
      fc.property(pattern, fc.array(pattern, { maxLength: 4 }), text, (question, patterns, asked) => {
        const { cells, complete } = cellsOf(question, patterns);
        expect(complete).toBe(true);
        const signature = (it: string) => patterns.flatMap((each, index) => (matchesResource(each, it) ? [index] : []));
        for (const { sample, matched } of cells) {
          expect(matchesResource(question, sample)).toBe(true);
          expect(signature(sample)).toEqual(matched);
        }
        if (matchesResource(question, asked))
          expect(cells.map(({ matched }) => matched)).toContainEqual(signature(asked));
      }),
      { numRuns: 500 },
    ));

  test('a bucket is split by the folder that a policy speaks of', () => {
    expect(cellsOf('arn:aws:s3:::b/*', ['arn:aws:s3:::b/open/*', 'arn:aws:s3:::c/*', '*']).cells).toEqual([
      { sample: 'arn:aws:s3:::b/', matched: [2] },
      { sample: 'arn:aws:s3:::b/open/', matched: [0, 2] },
    ]);
  });

  test('an escaped wildcard stands for itself', () => {
    expect(cellsOf('a/?', [`a/\${*}`]).cells.map(({ sample }) => sample)).toEqual(['a/x', 'a/*']);
  });

  test('patterns made to explode are cut off and say so', () => {
    const hostile = Array.from({ length: 30 }, (_, index) => `*${'?'.repeat(index)}a*${'?'.repeat(index)}b*`);
    const start = performance.now();
    expect(cellsOf('*', hostile, 2000).complete).toBe(false);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
