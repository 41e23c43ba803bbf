import fc from 'fast-check';
import type { Organization, Question } from '../../../../core/access/organization.ts';
import type { ContextValue, KmsGrant } from '../../../../core/access/situation.ts';
import type { Inventory, PolicyText, PrincipalRecord } from '../../../../core/identity/inventory.ts';
import type { OrganizationTree } from '../../../../core/identity/organization-tree.ts';
import type { ResourcePolicy } from '../../../../core/identity/resource-policy.ts';
import type { Instant } from '../../../../core/time.ts';
import { accounts, actions, contextValues, policyText, resources } from './random-policies.ts';

const { home, away, management } = accounts;
const inline = fc
  .array(policyText('identity'), { maxLength: 2 })
  .map((texts) => texts.map((text, index): PolicyText => ({ name: `p${index}`, arn: null, text })));
const managedArns = (account: string) =>
  ['aws', account, account].map((of, index) => `arn:aws:iam::${of}:policy/m${index}`);
const attached = (account: string) =>
  fc.subarray([...managedArns(account), `arn:aws:iam::${account}:policy/missing`], { maxLength: 2 }).map(
    // A policy that nobody holds makes every answer the same one, so it comes seldom.
    (arns) => arns.filter((arn, _, all) => !arn.endsWith('missing') || (all.length === 2 && arns[0]!.endsWith('m0'))),
  );

function principal(type: 'user' | 'role', account: string, path: string, name: string): fc.Arbitrary<PrincipalRecord> {
  return fc.record({
    type: fc.constant(type),
    id: fc.constant(`${type === 'user' ? 'AIDA' : 'AROA'}${name.toUpperCase()}`),
    arn: fc.constant(`arn:aws:iam::${account}:${type}${path}${name}`),
    name: fc.constant(name),
    path: fc.constant(path),
    createdAt: fc.constant(null),
    tags: fc.constantFrom<Record<string, string>>({}, { team: 'red' }, { Team: 'blue', other: 'x' }),
    trust: type === 'role' ? policyText('trust') : fc.constant(null),
    inline,
    attached: attached(account),
    boundary: fc.option(fc.constantFrom(...managedArns(account)), { freq: 2 }),
    groups: type === 'user' ? fc.subarray(['devs', 'gone']) : fc.constant([]),
  });
}

function inventory(account: string, principals: readonly fc.Arbitrary<PrincipalRecord>[]): fc.Arbitrary<Inventory> {
  return fc
    .tuple(
      fc.tuple(...principals),
      inline,
      attached(account),
      fc.array(policyText('identity'), { minLength: 3, maxLength: 3 }),
    )
    .map(([records, own, held, texts]) => ({
      v: 1,
      account,
      takenAt: '2026-01-01T00:00:00Z' as Instant,
      principals: records,
      groups: [{ name: 'devs', arn: `arn:aws:iam::${account}:group/devs`, inline: own, attached: held }],
      managed: new Map(
        managedArns(account).map((arn, index) => [arn, { name: `m${index}`, arn, text: texts[index]! }]),
      ),
    }));
}

const ids = (prefix: string) => [0, 1, 2].map((index) => `${prefix}-${index}`);
const attachments = fc.record({
  scps: fc.subarray(['p-full', ...ids('scp')], { maxLength: 2 }).map((some) => (some.length === 0 ? ['p-full'] : some)),
  rcps: fc.subarray(ids('rcp'), { maxLength: 1 }),
});
const tree: fc.Arbitrary<OrganizationTree> = fc
  .record({
    scps: fc.tuple(...ids('scp').map(() => policyText('scp'))),
    rcps: fc.tuple(...ids('rcp').map(() => policyText('rcp'))),
    levels: fc.tuple(attachments, attachments, attachments, attachments),
    enabled: fc.constantFrom(
      { scps: true, rcps: true },
      { scps: true, rcps: true },
      { scps: false, rcps: true },
      { scps: true, rcps: false },
    ),
  })
  .map(({ scps, rcps, levels: [root, unit, first, second], enabled }) => ({
    v: 1,
    id: 'o-abcdefghij',
    managementAccount: management,
    enabled,
    policies: [
      {
        id: 'p-full',
        name: 'full',
        text: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      },
      ...scps.map((text, index) => ({ id: `scp-${index}`, name: '', text })),
      ...rcps.map((text, index) => ({ id: `rcp-${index}`, name: '', text })),
    ],
    root: {
      id: 'r-abcd',
      name: 'Root',
      ...root,
      units: [{ id: 'ou-abcd-1', name: 'unit', ...unit, units: [], accounts: [{ id: home, name: 'home', ...first }] }],
      accounts: [
        { id: away, name: 'away', ...second },
        { id: management, name: 'management', scps: ['p-full'], rcps: [] },
      ],
    },
    identityCenter: null,
  }));

const grant: fc.Arbitrary<KmsGrant> = fc.record({
  granteePrincipal: fc.constantFrom(
    `arn:aws:iam::${home}:role/App`,
    `arn:aws:iam::${home}:user/amy`,
    `arn:aws:iam::${away}:root`,
  ),
  retiringPrincipal: fc.constantFrom(null, `arn:aws:iam::${home}:role/App`),
  operations: fc.subarray(['Decrypt', 'Encrypt', 'RetireGrant']),
  encryptionContext: fc.option(fc.record({ equals: fc.boolean(), pairs: fc.constant(new Map([['tenant', 'a']])) }), {
    freq: 1,
  }),
});
const guarded = fc
  .tuple(
    ...(
      [
        ['arn:aws:s3:::b', home],
        [`arn:aws:sqs:eu-west-1:${home}:q`, home],
        [`arn:aws:kms:eu-west-1:${home}:key/1`, home],
        [`arn:aws:kms:eu-west-1:${away}:key/2`, away],
      ] as const
    ).map(([arn, account]) =>
      fc.record({
        arn: fc.constant(arn as string),
        account: fc.constant(account),
        policy: fc.option(policyText('resource'), { freq: 4 }),
        grants: arn.includes(':kms:') ? fc.array(grant, { minLength: 1, maxLength: 2 }) : fc.constant([]),
        bucket: fc.record({
          acls: fc.constantFrom('disabled', 'disabled', 'unread'),
          publicAccess: fc.constantFrom('open', 'open', 'restricted', 'unread'),
        }),
        isUnread: fc.constantFrom(false, false, false, false, true),
      }),
    ),
  )
  .map((all) =>
    // What may not be read says nothing at all.
    all.map((each): ResourcePolicy => (each.isUnread ? { ...each, policy: null, grants: [] } : each)),
  );

/** Three accounts, principals of every kind, policies in every layer. */
export const organization: fc.Arbitrary<Organization> = fc.record({
  inventories: fc.tuple(
    inventory(home, [
      principal('user', home, '/', 'amy'),
      principal('role', home, '/', 'App'),
      principal('role', home, '/team/', 'Deploy'),
      principal('role', home, '/aws-service-role/x.amazonaws.com/', 'Linked'),
    ]),
    inventory(away, [principal('user', away, '/', 'ben'), principal('role', away, '/', 'Part')]),
    inventory(management, [principal('role', management, '/', 'Boss')]),
  ),
  tree: fc.option(tree, { freq: 6 }),
  resources: guarded,
});

const callers = [
  `arn:aws:iam::${home}:user/amy`,
  `arn:aws:iam::${home}:role/App`,
  `arn:aws:sts::${home}:assumed-role/App/s1`,
  `arn:aws:sts::${home}:assumed-role/Deploy/s2`,
  `arn:aws:sts::${home}:assumed-role/Linked/s3`,
  `arn:aws:sts::${home}:assumed-role/Gone/s4`,
  `arn:aws:sts::${home}:federated-user/amy`,
  `arn:aws:iam::${home}:root`,
  `arn:aws:iam::${away}:user/ben`,
  `arn:aws:sts::${away}:assumed-role/Part/s1`,
  `arn:aws:sts::${management}:assumed-role/Boss/s1`,
  `arn:aws:iam::${home}:saml-provider/x`,
  'ec2.amazonaws.com',
  '*',
];
const keys = Object.keys(contextValues);
const context: fc.Arbitrary<ReadonlyMap<string, ContextValue>> = fc
  .subarray(keys)
  .chain((chosen) =>
    fc.tuple(...chosen.map((key) => fc.constantFrom(...contextValues[key]!).map((value) => [key, value] as const))),
  )
  .map((pairs) => new Map(pairs));

/** What policies speak of most, so that the layers beyond the first are reached too. */
const likely: readonly (readonly [action: string, resource: string])[] = [
  ['s3:GetObject', 'arn:aws:s3:::b/k'],
  ['kms:Decrypt', `arn:aws:kms:eu-west-1:${home}:key/1`],
  ['kms:RetireGrant', `arn:aws:kms:eu-west-1:${home}:key/1`],
  ['kms:PutKeyPolicy', `arn:aws:kms:eu-west-1:${home}:key/1`],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::b'],
  ['sts:AssumeRole', `arn:aws:iam::${home}:role/team/Deploy`],
];

/** Anybody asks for anything, with much or little known. */
export const question: fc.Arbitrary<Question> = fc
  .record({
    principal: fc.constantFrom(...callers),
    asked: fc.oneof(
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...actions), fc.constantFrom(...resources)) },
      { weight: 1, arbitrary: fc.constantFrom(...likely) },
    ),
    resourceAccount: fc.constantFrom(home, home, away, management, null),
    context,
    unknown: fc.oneof(
      { weight: 3, arbitrary: fc.subarray(keys, { maxLength: 3 }).map((some) => new Set(some)) },
      { weight: 1, arbitrary: fc.constant('all' as const) },
    ),
    sessionPolicies: fc.option(fc.array(policyText('identity'), { maxLength: 2 }), { freq: 2 }),
    vpcEndpointPolicies: fc.oneof(fc.constant([]), fc.array(policyText('endpoint'), { maxLength: 2 })),
    federating: fc.boolean(),
  })
  .map(({ federating, asked: [action, resource], ...asked }) => ({
    ...asked,
    action,
    resource,
    principalKind: asked.principal.includes('saml-provider')
      ? 'saml'
      : asked.principal.endsWith('.com')
        ? 'service'
        : null,
    principalRoleArn: asked.principal.includes('/Gone/') && federating ? `arn:aws:iam::${home}:role/old/Gone` : null,
    federatingUserArn:
      asked.principal.includes('federated-user') && federating ? `arn:aws:iam::${home}:user/amy` : null,
  }));
