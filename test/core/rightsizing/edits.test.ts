import fc from 'fast-check';
import { actionNumbers } from '../../../core/access/compiled/action-numbers.ts';
import { type Bits, hasBit } from '../../../core/access/compiled/bits.ts';
import { actionsOfService } from '../../../core/catalogue/catalogue.ts';
import type { Edit } from '../../../core/changes/change.ts';
import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import { editsFor } from '../../../core/rightsizing/edits.ts';
import { allowedBy } from '../../../core/rightsizing/granted.ts';
import { parsedPolicy } from '../../../core/rightsizing/parsed-policy.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import { account, allow, evidence, policy, policyArn } from './world.ts';

const aws = 'arn:aws:iam::aws:policy/Broad';
const names = ['ec2', 'route53', 'iam'].flatMap((service) =>
  actionsOfService(service)
    .slice(0, 15)
    .map(({ action }) => action),
);

/** What stands in IAM of one principal. */
interface Held {
  inline: Map<string, string>;
  managed: Map<string, string>;
  attached: Set<string>;
}

const heldBy = (principal: PrincipalRecord, { managed }: Inventory): Held => ({
  inline: new Map(principal.inline.map(({ name, text }) => [name, text])),
  managed: new Map([...managed].map(([arn, { text }]) => [arn, text])),
  attached: new Set(principal.attached),
});

/** One write; an attachment of what is not there yet would be refused. */
function write({ inline, managed, attached }: Held, { slot }: Edit, value: string | null): void {
  const put = (texts: Map<string, string>, key: string) => (value === null ? texts.delete(key) : texts.set(key, value));
  if (slot.type === 'inline-policy') put(inline, slot.name);
  else if (slot.type === 'managed-policy') {
    expect(value === null && attached.has(slot.policy)).toBe(false);
    put(managed, slot.policy);
  } else if (slot.type === 'attachment') {
    expect(managed.has(slot.policy)).toBe(true);
    if (value === null) attached.delete(slot.policy);
    else attached.add(slot.policy);
    expect(attached.size).toBeLessThanOrEqual(10);
  }
}

const allowedIn = ({ inline, managed, attached }: Held): Bits =>
  allowedBy(
    [...inline.values(), ...[...attached].map((arn) => managed.get(arn) ?? null)].flatMap(
      (text) => parsedPolicy(text)?.statements ?? [],
    ),
  );

function isWithin(inner: Bits, outer: Bits): boolean {
  const { known } = actionNumbers();
  for (let number = 0; number < known; number += 1) if (hasBit(inner, number) && !hasBit(outer, number)) return false;
  return true;
}

const some = fc.subarray([...names, 'ec2:*', 'iam:*', 'route53:*'], { minLength: 1, maxLength: 6 });

test('after every single write, in both directions, all is allowed that will be, and nothing that was not', () => {
  let exchanged = 0;
  fc.assert(
    fc.property(some, some, some, fc.subarray(names), (inline, own, ofAws, used) => {
      const managed = new Map(
        [
          [aws, 'Broad', ofAws],
          [policyArn('own'), 'own', own],
        ].map(([arn, name, actions]) => [
          arn as string,
          { arn, name, text: policy(allow(actions as string[])) } as never,
        ]),
      );
      const sketch = { name: 'ci', inline: { own: policy(allow(inline)) }, attached: [aws, policyArn('own')], used };
      const { inventory, ...rest } = evidence([sketch], { mayMakePolicies: true, inventory: { managed } });
      const [judged] = rightsize({ inventory, ...rest });
      if (judged?.status !== 'proposed') return;
      const edits = editsFor(judged.principal, account, judged.policies)!;
      const held = heldBy(judged.principal, inventory);
      const before = allowedIn(held);
      const end = heldBy(judged.principal, inventory);
      for (const edit of edits) write(end, edit, edit.after);
      const after = allowedIn(end);
      const steps = [
        ...edits.map((edit) => [edit, edit.after] as const),
        ...edits.toReversed().map((edit) => [edit, edit.before] as const),
      ];
      for (const [edit, value] of steps) {
        write(held, edit, value);
        const now = allowedIn(held);
        expect(isWithin(after, now)).toBe(true);
        expect(isWithin(now, before)).toBe(true);
      }
      expect(held).toEqual(heldBy(judged.principal, inventory));
      if (edits.some(({ slot, after: text }) => slot.type === 'attachment' && text === null)) exchanged += 1;
    }),
    { numRuns: 25 },
  );
  expect(exchanged).toBeGreaterThan(3);
});

test('nothing is proposed whose old and new policies do not fit side by side', () => {
  const attached = [aws, ...Array.from({ length: 9 }, (_, n) => policyArn(`p${n}`))];
  const made = {
    name: 'ci-Broad-1',
    kind: 'managed' as const,
    arn: policyArn('leastwise/x'),
    before: null,
    after: '{}',
  };
  const [principal] = evidence([{ name: 'ci', attached }]).inventory.principals;
  expect(editsFor(principal!, account, [made])).toBeUndefined();
  expect(editsFor({ ...principal!, attached: attached.slice(1) }, account, [made])).toHaveLength(2);
});
