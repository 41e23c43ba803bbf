import fc from 'fast-check';
import { agree, coverageLines, noCoverage } from './agreement.ts';
import { organization, question } from './random-organizations.ts';

test('the compiled engine decides as the plain evaluator does, whatever the organization', () => {
  const coverage = noCoverage();
  fc.assert(
    fc.property(organization, fc.array(question, { minLength: 25, maxLength: 25 }), (made, asked) =>
      agree(made, asked, coverage),
    ),
    { numRuns: 100 },
  );
  process.stderr.write(`2,500 questions asked of both engines reached:\n${coverageLines(coverage)}`);
  for (const [layer, times] of Object.entries(coverage.layers)) expect(`${layer} ${times > 0}`).toBe(`${layer} true`);
  expect(Object.keys(coverage.outcomes)).toHaveLength(5);
}, 60_000);
