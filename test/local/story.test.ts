import type { Instant } from '../../core/time.ts';
import { type Fault, faults } from '../../local/faults.ts';
import { tellStory } from '../../local/story/story.ts';

const end = '2026-11-20T14:00:00Z' as Instant;

/** A story reads three weeks of a trail. */
const patient = 60_000;

async function tell(fault?: Fault) {
  const told: string[] = [];
  const broken = await tellStory({ seed: 1, end, days: 21, fault, say: (sentence) => told.push(sentence) });
  return { broken, told };
}

test(
  'without a fault the whole story happens, from the trail to the audit',
  async () => {
    const { broken, told } = await tell();
    expect(broken).toBeNull();
    const text = told.join('\n');
    for (const words of [
      /none rejected/,
      /It only observed until now/,
      /Proposed for findings-collector/,
      /presses Approve/,
      /IAM holds one policy more, which denies just that/,
      /Bruno ends the trial, which was decided together with it/,
      /byte for byte/,
      /Nobody decides for themselves/,
      /the schedule has taken it back/,
      /its schedule is lost. The sweeper/,
      /stolen key of legacy-deploy/,
      /are inactive, and a Deny is read back/,
      /The audit is whole/,
    ]) {
      expect(text).toMatch(words);
    }
  },
  patient,
);

const sentences: Record<Fault, RegExp> = {
  approve: /Bruno's approval did not count: the change is still planned .*signing key/,
  apply: /The trial does not run: it is refused/,
  rollback: /The trial did not end: it is undoing/,
  revoke: /The lent policy is still in IAM; the lease is revok/,
  detect: /was used and no case was opened/,
};

test.each(faults)(
  'the fault "%s" breaks that step, and the story says so',
  async (fault) => {
    const { broken, told } = await tell(fault);
    expect(broken).toMatch(sentences[fault]);
    expect(told.join('\n')).not.toMatch(/The audit is whole/);
  },
  patient,
);

test(
  'another seed is another organization and the same story',
  async () => {
    const broken = await tellStory({ seed: 99, end, days: 21, say: () => {} });
    expect(broken).toBeNull();
  },
  patient,
);
