import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCase } from '../../../../core/access/read-case.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';

test('the example in docs/access.md is answered as it says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/access.md'), 'utf8');
  const [example, answer] = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, block = '']) => block);
  const read = readCase(example ?? '');
  if (!read.ok) throw new Error(read.error);
  const { outcome, because, when } = evaluate(read.value.situation);
  expect(JSON.stringify({ id: read.value.id, decision: outcome, because, when })).toBe(
    JSON.stringify(JSON.parse(answer ?? '')),
  );
});
