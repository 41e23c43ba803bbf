import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../../../core/access/compiled/engine.ts';
import type { Organization, Question } from '../../../../core/access/organization.ts';
import { accountOf, policyHolderOf, roleOfSession } from '../../../../core/access/places.ts';
import { readCase } from '../../../../core/access/read-case.ts';
import type { Inventory, PrincipalRecord } from '../../../../core/identity/inventory.ts';
import { fullAccess, type OrganizationalUnit } from '../../../../core/identity/organization-tree.ts';
import type { Instant } from '../../../../core/time.ts';

interface Written {
  id: string;
  expected: string;
  advisory?: boolean;
  identityPolicies?: object[];
  groupPolicies?: object[];
  permissionsBoundary?: object;
  sessionPolicies?: object[];
  resourcePolicy?: object;
  vpcEndpointPolicies?: object[];
  scps?: object[][];
  rcps?: object[][];
}

const file = join(import.meta.dirname, '../../../../../shared/cases/access.json');
const shared = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Written[] }).cases : [];
if (shared.length === 0) process.stderr.write('not tested: ../shared/cases/access.json is not on this machine\n');

/** Our own, but for what an organization says otherwise than a case: facts of buckets, groups, several owners. */
const folder = join(import.meta.dirname, '../../../cases/access');
const own = readdirSync(folder)
  .filter((name) => name !== 'beside-policies.json' && name !== 'invalid.json' && name !== 'refused.json')
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Written[])
  // The organization of these tests is o-1, which the case says that its caller is not of.
  .filter(({ id }) => id !== 'keys-07');
const cases = [...shared, ...own];

describe('the cases of policy evaluation, each as an organization of its own', () => {
  test.each(cases.filter(({ advisory }) => !advisory))('$id is $expected', (written) => {
    const { organization, question } = organizationOf(written);
    expect(compile(organization).evaluate(question).outcome).toBe(written.expected);
  });
  test('are there, or it is said that they are not', () => expect(cases.length).toBeGreaterThanOrEqual(0));
});

function organizationOf(written: Written): { organization: Organization; question: Question } {
  const read = readCase(JSON.stringify(written));
  if (!read.ok) throw new Error(read.error);
  const { request, kmsGrants } = read.value.situation;
  const { principalAccountIsManagement, ...asked } = request;
  const session = roleOfSession(request.principal);
  const arn =
    request.principalRoleArn ??
    (session
      ? `arn:aws:iam::${session.account}:role/${session.role}`
      : (request.federatingUserArn ?? request.principal));
  const account = accountOf(request.principal);
  const owner = request.resourceAccount ?? '';
  const holders = account === '' ? [] : [holder(written, arn)];
  const target =
    written.resourcePolicy && request.resource.includes(':role/') ? trusted(written, request.resource) : [];
  const hasOwnSay = written.resourcePolicy !== undefined || kmsGrants.length > 0;
  const guarded = hasOwnSay && target.length === 0 ? [written.resourcePolicy] : [];
  const organization: Organization = {
    inventories: inventoriesOf(
      [
        ...holders.filter((each) => each.arn !== target[0]?.arn),
        ...target.map((each) => ({ ...(each.arn === arn ? holders[0]! : each), trust: each.trust })),
      ],
      written,
    ),
    tree: treeOf(written, account, owner, principalAccountIsManagement),
    resources: guarded.map((policy) => ({
      arn: policyHolderOf(request.resource),
      account: owner,
      policy: policy ? JSON.stringify(policy) : null,
      grants: kmsGrants,
      bucket: { acls: 'disabled', publicAccess: 'open' },
    })),
  };
  return {
    organization,
    question: {
      ...asked,
      sessionPolicies: written.sessionPolicies?.map((policy) => JSON.stringify(policy)) ?? null,
      vpcEndpointPolicies: (written.vpcEndpointPolicies ?? []).map((policy) => JSON.stringify(policy)),
    },
  };
}

const boundaryArn = 'arn:aws:iam::aws:policy/boundary';

const holder = (written: Written, arn: string): PrincipalRecord => ({
  type: arn.includes(':role/') ? 'role' : 'user',
  id: '',
  arn,
  name: arn.slice(arn.lastIndexOf('/') + 1),
  path: '/',
  createdAt: null,
  tags: {},
  trust: null,
  inline: [...(written.identityPolicies ?? []), ...(written.groupPolicies ?? [])].map((policy, index) => ({
    name: `${index}`,
    arn: null,
    text: JSON.stringify(policy),
  })),
  attached: [],
  boundary: written.permissionsBoundary ? boundaryArn : null,
  groups: [],
});

const trusted = (written: Written, arn: string): PrincipalRecord[] => [
  { ...holder({ id: '', expected: '' }, arn), trust: JSON.stringify(written.resourcePolicy) },
];

const inventoriesOf = (principals: readonly PrincipalRecord[], { permissionsBoundary }: Written): Inventory[] =>
  [...new Set(principals.map(({ arn }) => accountOf(arn)))].map((account) => ({
    v: 1,
    account,
    takenAt: '2026-01-01T00:00:00Z' as Instant,
    principals: principals.filter(({ arn }) => accountOf(arn) === account),
    groups: [],
    managed: new Map([
      [boundaryArn, { name: 'boundary', arn: boundaryArn, text: JSON.stringify(permissionsBoundary) }],
    ]),
  }));

/** The levels of a case as one unit under the other; the accounts at the end allow everything. */
function treeOf({ scps, rcps }: Written, account: string, owner: string, isManagement: boolean): Organization['tree'] {
  if (!scps && !rcps && !isManagement) return null;
  const depth = Math.max(scps?.length ?? 0, rcps?.length ?? 0, 1);
  const id = (kind: string, level: number, index: number): string => `${kind}-${level}-${index}`;
  const open = { scps: [fullAccess.id], rcps: [] };
  const ids = [...new Set([account, owner])].filter((each) => each !== '');
  let below: OrganizationalUnit[] = [
    { id: 'ou-end', name: '', ...open, units: [], accounts: ids.map((each) => ({ id: each, name: '', ...open })) },
  ];
  for (let level = depth - 1; level >= 0; level--) {
    const at = {
      scps: scps ? (scps[level] ?? []).map((_, index) => id('scp', level, index)) : [fullAccess.id],
      rcps: (rcps?.[level] ?? []).map((_, index) => id('rcp', level, index)),
    };
    below = [{ id: `ou-${level}`, name: '', ...at, units: below, accounts: [] }];
  }
  const written = (kind: string, levels: readonly object[][] = []) =>
    levels.flatMap((level, l) =>
      level.map((policy, i) => ({ id: id(kind, l, i), name: '', text: JSON.stringify(policy) })),
    );
  return {
    v: 1,
    id: 'o-1',
    managementAccount: isManagement ? account : '',
    enabled: { scps: true, rcps: true },
    policies: [fullAccess, ...written('scp', scps), ...written('rcp', rcps)],
    root: below[0]!,
    identityCenter: null,
  };
}
