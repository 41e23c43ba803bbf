import fc from 'fast-check';
import type { Outcome } from '../../../core/access/decision.ts';
import type { Organization, Question } from '../../../core/access/organization.ts';
import { evaluate } from '../../../core/access/reference/evaluate.ts';
import { createSituations } from '../../../core/access/situations.ts';
import { findAction } from '../../../core/catalogue/catalogue.ts';
import type { Inventory, PolicyText, PrincipalRecord } from '../../../core/identity/inventory.ts';
import { parsePolicy } from '../../../core/policy/parse.ts';
import { applied } from '../../../core/rightsizing/applied.ts';
import { quotas, sizeOf } from '../../../core/rightsizing/quotas.ts';
import { type Evidence, rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { Instant } from '../../../core/time.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { organization, question } from '../access/compiled/random-organizations.ts';
import { accounts, actions } from '../access/compiled/random-policies.ts';
import { evidence, item } from './world.ts';

/** Actions that the catalogue knows, in its spelling, and some more that a trail shows. */
const known = [
  ...new Set([...actions, 'ec2:StopInstances', 'sqs:DeleteQueue'].flatMap((each) => findAction(each)?.action ?? [])),
];

interface World {
  organization: Organization;
  evidence: Evidence;
  /** By ARN. */
  used: ReadonlyMap<string, readonly string[]>;
}

/** Any organization, of whose own account a trail was kept. */
const worlds: fc.Arbitrary<World> = fc
  .tuple(organization, fc.array(fc.subarray(known, { minLength: 1 }), { minLength: 6, maxLength: 6 }))
  .map(([made, subsets]) => {
    const home = made.inventories.find(({ account }) => account === accounts.home) as Inventory;
    const principals = home.principals.map((each) => ({ ...each, createdAt: '2020-01-01T00:00:00Z' as Instant }));
    const used = new Map(principals.map(({ arn }, i) => [arn, subsets[i % subsets.length]!]));
    return worldOf({ ...home, principals }, made, used);
  });

function worldOf(home: Inventory, made: Organization, used: World['used']): World {
  const itemsOf = ({ id, arn }: PrincipalRecord): LedgerItem[] =>
    (used.get(arn) ?? []).map((action) => ({ ...item(id, action), principal: id as LedgerItem['principal'], arn }));
  return {
    used,
    organization: {
      ...made,
      inventories: made.inventories.map((each) => (each.account === home.account ? home : each)),
    },
    evidence: evidence([], {
      inventory: home,
      usage: new Map(home.principals.map((each) => [each.arn, itemsOf(each)])),
      coverage: 'vouched',
      mayMakePolicies: true,
    }),
  };
}

const settled = (world: World): World =>
  worldOf(applied(world.evidence.inventory, rightsize(world.evidence)), world.organization, world.used);

/** What the plain evaluator says, which knows nothing of how policies are rewritten. */
const askerOf = ({ organization: made }: World) => {
  const situationOf = createSituations(made);
  return (asked: Parameters<typeof situationOf>[0]): Outcome => evaluate(situationOf(asked)).outcome;
};

const questions = fc.array(question, { minLength: 2, maxLength: 2 });

/** Every principal of the account asks for everything that is known, in the circumstances of the questions. */
const questionsTo = ({ evidence: { inventory }, used }: World, asked: readonly Question[]) =>
  inventory.principals.flatMap(({ arn }) =>
    asked.flatMap((base) =>
      known.map((action) => ({
        question: { ...base, principal: arn, principalKind: null, principalRoleArn: null, action },
        isUse: used.get(arn)!.includes(action),
      })),
    ),
  );

const lengthOf = (texts: readonly PolicyText[]): number => texts.reduce((sum, { text }) => sum + sizeOf(text), 0);

/** Texts that were made of ones that IAM had saved. */
const newTexts = (old: Inventory, fresh: Inventory): PolicyText[] => {
  const textsOf = ({ principals, managed }: Inventory) => [
    ...principals.flatMap(({ inline }) => inline),
    ...managed.values(),
  ];
  const isSaved = ({ text }: PolicyText) => parsePolicy(text, 'identity').ok;
  const refused = new Set(textsOf(old).flatMap((each) => (isSaved(each) ? [] : [each.name])));
  const known = new Set(textsOf(old).map(({ text }) => text));
  return textsOf(fresh).filter(({ name, text }) => !known.has(text) && !refused.has(name));
};

/** `npm run test:deep` asks more often. */
const times = Number(process.env.RIGHTSIZING_TIMES ?? 1);

describe('of any organization, judged by the plain evaluator', () => {
  test('whatever was used is decided after as it was before, and nothing is allowed that was not', () => {
    let lost = 0;
    fc.assert(
      fc.property(worlds, questions, (before, asked) => {
        const [then, now] = [askerOf(before), askerOf(settled(before))];
        for (const { question: each, isUse } of questionsTo(before, asked)) {
          const [old, fresh] = [then(each), now(each)];
          if (old === fresh) continue;
          expect([isUse, fresh]).not.toEqual([true, expect.anything()]);
          expect(['allowed', 'conditional']).toContain(old);
          expect(fresh).not.toBe('allowed');
          lost += 1;
        }
      }),
      { numRuns: 5 * times },
    );
    // A handful of organizations may happen to lose nothing that was asked about.
    if (times > 1) expect(lost).toBeGreaterThan(0);
  });

  test('every policy stays one that IAM saves, within its quotas', () =>
    fc.assert(
      fc.property(worlds, (before) => {
        const [old, fresh] = [before.evidence.inventory, settled(before).evidence.inventory];
        for (const [i, { type, inline, attached }] of fresh.principals.entries()) {
          const earlier = old.principals[i]!;
          expect(lengthOf(inline)).toBeLessThanOrEqual(Math.max(lengthOf(earlier.inline), quotas.inline[type]));
          expect(attached.length).toBeLessThanOrEqual(Math.max(earlier.attached.length, quotas.attached));
        }
        for (const { text } of newTexts(old, fresh)) expect(parsePolicy(text, 'identity').ok).toBe(true);
        const managed = [...fresh.managed.values()].filter(({ arn, text }) => old.managed.get(arn!)?.text !== text);
        for (const { text } of managed) expect(sizeOf(text)).toBeLessThanOrEqual(quotas.managed);
      }),
      { numRuns: 5 * times },
    ));

  test('what was applied leaves nothing to propose', () =>
    fc.assert(
      fc.property(worlds, (before) => {
        expect(rightsize(settled(before).evidence).filter(({ status }) => status === 'proposed')).toEqual([]);
      }),
      { numRuns: 5 * times },
    ));
});
