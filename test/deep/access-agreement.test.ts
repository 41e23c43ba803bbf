import fc from 'fast-check';
import { agree, coverageLines, noCoverage } from '../core/access/compiled/agreement.ts';
import { organization, question } from '../core/access/compiled/random-organizations.ts';

test('over 100,000 questions the compiled engine decides as the plain evaluator does, in every layer and operator', () => {
  const coverage = noCoverage();
  fc.assert(
    fc.property(organization, fc.array(question, { minLength: 50, maxLength: 50 }), (made, asked) =>
      agree(made, asked, coverage),
    ),
    { numRuns: 2_000 },
  );
  process.stderr.write(`100,000 questions asked of both engines reached:\n${coverageLines(coverage)}`);
  const missed = Object.values(coverage).flatMap((counts) => Object.entries(counts).filter(([, times]) => times === 0));
  expect(missed).toEqual([]);
}, 3_600_000);
