import fc from 'fast-check';
import type { Inventory } from '../../../core/identity/inventory.ts';
import { instantAt } from '../../../core/time.ts';

const account = '111122223333';
const text = fc.oneof(
  fc.constant('{"Statement":[]}'),
  fc.string().map((sid) => JSON.stringify({ Statement: [], Id: sid })),
);
const name = fc.stringMatching(/^[\w+=,.@-]{1,12}$/);
const moment = fc.integer({ min: 1, max: 2_000_000_000 }).map(instantAt);
const inline = fc.uniqueArray(fc.record({ name, arn: fc.constant(null), text }), {
  selector: (policy) => policy.name,
  maxLength: 3,
});
const policyArn = name.map((each) => `arn:aws:iam::${account}:policy/${each}`);

const user = fc
  .record({
    name,
    inline,
    attached: fc.array(policyArn, { maxLength: 2 }),
    createdAt: fc.option(moment),
    groups: fc.array(name, { maxLength: 2 }),
  })
  .map((rest) => ({
    ...rest,
    type: 'user' as const,
    id: `AIDA${rest.name}`,
    arn: `arn:aws:iam::${account}:user/${rest.name}`,
    path: '/',
    tags: {},
    trust: null,
    boundary: null,
  }));
const role = fc
  .record({
    name,
    inline,
    attached: fc.array(policyArn, { maxLength: 2 }),
    trust: text,
    boundary: fc.option(policyArn),
    tags: fc.dictionary(name, name, { noNullPrototype: true }),
  })
  .map((rest) => ({
    ...rest,
    type: 'role' as const,
    id: `AROA${rest.name}`,
    arn: `arn:aws:iam::${account}:role/team/${rest.name}`,
    path: '/team/',
    createdAt: instantAt(1_500_000_000),
    groups: [],
  }));
const group = fc
  .record({ name, inline, attached: fc.array(policyArn, { maxLength: 2 }) })
  .map((rest) => ({ ...rest, arn: `arn:aws:iam::${account}:group/${rest.name}` }));

const grant = fc.record({
  granteePrincipal: name,
  retiringPrincipal: fc.option(name),
  operations: fc.array(name, { maxLength: 2 }),
  encryptionContext: fc.option(
    fc.record({ equals: fc.boolean(), pairs: fc.array(fc.tuple(name, name)).map((pairs) => new Map(pairs)) }),
  ),
});
const resource = fc.record({
  arn: name.map((each) => `arn:aws:kms:eu-central-1:${account}:key/${each}`),
  account: fc.constant(account),
  policy: fc.option(text),
  grants: fc.array(grant, { maxLength: 2 }),
});

/** Inventories with everything in them that a snapshot or IAM must carry, ordered as a parsed one is. */
export const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    principals: fc.uniqueArray(fc.oneof(user, role), { selector: (each) => each.arn, maxLength: 5 }),
    groups: fc.uniqueArray(group, { selector: (each) => each.arn, maxLength: 2 }),
    managed: fc.array(fc.tuple(policyArn, text), { maxLength: 3 }),
    takenAt: moment,
  })
  .map(({ principals, groups, managed, takenAt }) => ({
    v: 1,
    account,
    takenAt,
    principals: byArn(principals),
    groups: byArn(groups),
    managed: new Map(
      byArn(managed.map(([arn, each]) => ({ name: arn.slice(arn.lastIndexOf('/') + 1), arn, text: each }))).map(
        (policy) => [policy.arn, policy],
      ),
    ),
  }));

function byArn<T extends { arn: string }>(entities: readonly T[]): T[] {
  return [...entities].sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** Inventories for which somebody asked the resources as well. */
export const inventoriesWithResources: fc.Arbitrary<Inventory> = fc
  .tuple(inventories, fc.uniqueArray(resource, { selector: (each) => each.arn, maxLength: 2 }))
  .map(([inventory, resources]) => ({ ...inventory, resources: byArn(resources) }));
