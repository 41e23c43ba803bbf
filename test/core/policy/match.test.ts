import fc from 'fast-check';
import { matchesAction, matchesResource } from '../../../core/policy/match.ts';

/** What the pattern means, by the engine's own regular expressions: slow on bad patterns, clear on short ones. */
const meaning = (pattern: string) =>
  new RegExp(
    `^${[...pattern].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : `\\x${c.charCodeAt(0).toString(16)}`)).join('')}$`,
  );

describe('matching patterns', () => {
  test.each([
    ['*', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/c', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['arn:aws:s3:::B', 'arn:aws:s3:::b', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['', '', true],
    ['*a*', 'bab', true],
  ])('the resource pattern %j on %j: %p', (pattern, resource, expected) => {
    expect(matchesResource(pattern, resource)).toBe(expected);
  });

  test.each([
    ['s3:get*', 'S3:GetObject', true],
    ['s3:Get*Acl', 's3:GetObject', false],
    ['*', 'iam:PassRole', true],
  ])('the action pattern %j on %j: %p', (pattern, action, expected) => {
    expect(matchesAction(pattern, action)).toBe(expected);
  });

  test('agrees with what the pattern means', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 9 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }),
        (pattern, text) => {
          expect(matchesResource(pattern, text)).toBe(meaning(pattern).test(text));
        },
      ),
      { numRuns: 2000 },
    ));

  test('a pattern made to be slow is answered at once', () => {
    const started = process.cpuUsage().user;
    expect(matchesResource(`${'*a'.repeat(1000)}b`, 'a'.repeat(2000))).toBe(false);
    expect(matchesResource(`${'a*'.repeat(1000)}b`, 'a'.repeat(6000))).toBe(false);
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(1000);
  });
});
