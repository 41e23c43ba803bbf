import { renderDigest } from '../../../../adapters/slack/render/case.ts';
import type { Case } from '../../../../core/anomaly/case.ts';
import type { Day } from '../../../../core/time.ts';
import { look, sampleCase } from '../samples.ts';

const day = '2026-03-02' as Day;
const digestOf = (...cases: readonly Case[]) => JSON.stringify(renderDigest(look)(day, cases));
const small: Case = { ...sampleCase(), level: 'digest' };
const trial = (level: 'digest' | 'message', rules: readonly string[]): Case => ({
  ...sampleCase(),
  actor: 'arn:aws:iam::111122223333:user/quiet' as Case['actor'],
  level: 'shadow',
  shadow: { rules, level },
});

test('what rules on trial would have told is counted, and who it is about is told to nobody', () => {
  const text = digestOf(
    small,
    trial('message', ['two-places']),
    trial('digest', ['two-places', 'regrowth']),
    trial('digest', ['regrowth']),
  );
  expect(text).toContain('1 small novelty');
  expect(text).toContain('`regrowth (digest)` 2, `two-places (digest)` 1, `two-places (message)` 1');
  expect(text).not.toContain('quiet');
});

test('where no rule is on trial nothing is said of it', () => {
  expect(digestOf(small)).not.toContain('trial');
});
