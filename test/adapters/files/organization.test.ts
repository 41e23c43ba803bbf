import { parseOrganization } from '../../../adapters/files/organization.ts';
import { parseResourcePolicies } from '../../../adapters/files/resource-policies.ts';
import { peopleBehind } from '../../../core/identity/identity-center.ts';
import { placesOf } from '../../../core/identity/organization-tree.ts';

const deny = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] };
const tree = {
  v: 1,
  id: 'o-a1b2c3d4e5',
  managementAccount: '111122223333',
  policies: [{ id: 'p-nos3', name: 'NoS3', document: deny }],
  root: {
    id: 'r-ab12',
    accounts: [{ id: '111122223333', name: 'management' }],
    units: [{ id: 'ou-ab12-prod0000', scps: ['p-FullAWSAccess', 'p-nos3'], accounts: [{ id: '444455556666' }] }],
  },
};

const problemsOf = (value: unknown) => {
  const parsed = parseOrganization(value);
  return parsed.ok ? [] : parsed.error.map(({ field, words }) => `${field}: ${words}`);
};

describe('the file of an organization', () => {
  test('is read into a tree, with FullAWSAccess wherever nothing else is said', () => {
    const parsed = parseOrganization(tree);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(parsed.value.policies.map(({ id }) => id)).toEqual(['p-FullAWSAccess', 'p-nos3']);
    const place = placesOf(parsed.value).get('444455556666');
    expect(place?.path).toBe('o-a1b2c3d4e5/r-ab12/ou-ab12-prod0000/');
    expect(place?.units.map(({ scps }) => scps)).toEqual([['p-FullAWSAccess'], ['p-FullAWSAccess', 'p-nos3']]);
    expect(place?.account).toEqual({ id: '444455556666', name: '444455556666', scps: ['p-FullAWSAccess'], rcps: [] });
  });

  test.each([
    [{ ...tree, managementAccount: 111122223333 }, 'managementAccount: is missing or not of the type string'],
    [{ ...tree, root: { ...tree.root, scps: ['p-x'] } }, 'root.scps[0]: p-x is not in policies'],
    [
      { ...tree, root: { ...tree.root, units: [{ id: 'ou-1-1', accounts: [{ id: '111122223333' }] }] } },
      'root.units[0].accounts[0].id: 111122223333 stands at root.accounts[0] already',
    ],
    [{ ...tree, root: { id: 'r-1', units: [{ id: 'ou-1', oops: 1 }] } }, 'root.units[0].oops: is not a field'],
    [{ ...tree, policies: [{ id: 'p-1', document: 'no' }] }, 'policies[0].document: must be a policy document'],
    [[], ': is missing or not of the type object'],
  ])('%#: what is wrong is named with its place', (value, expected) => {
    expect(problemsOf(value).join('\n')).toContain(expected);
  });

  test('people stand behind the role of a permission set, by group or by themselves', () => {
    const identityCenter = {
      instance: 'arn:aws:sso:::instance/ssoins-1',
      identityStore: 'd-1',
      permissionSets: [{ arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', name: 'Read_Only' }],
      assignments: [
        {
          account: '444455556666',
          permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
          kind: 'GROUP',
          principal: 'g1',
        },
        {
          account: '111122223333',
          permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
          kind: 'USER',
          principal: 'u3',
        },
      ],
      users: [
        { id: 'u1', name: 'ann' },
        { id: 'u3', name: 'cy' },
      ],
      groups: [{ id: 'g1', name: 'team', members: ['u2', 'u1'] }],
    };
    const parsed = parseOrganization({ ...tree, identityCenter });
    if (!parsed.ok || parsed.value.identityCenter === null) throw new Error('was not read');
    const role = (account: string) =>
      `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Read_Only_0123456789abcdef`;
    expect(peopleBehind(role('444455556666'), parsed.value.identityCenter)).toEqual(['ann', 'u2']);
    expect(peopleBehind(role('111122223333'), parsed.value.identityCenter)).toEqual(['cy']);
    expect(peopleBehind('arn:aws:iam::444455556666:role/Read_Only', parsed.value.identityCenter)).toEqual([]);
  });
});

describe('the file of resource policies', () => {
  const problems = (resources: unknown) => {
    const parsed = parseResourcePolicies({ v: 1, resources });
    return parsed.ok ? [] : parsed.error.map(({ field, words }) => `${field}: ${words}`);
  };

  test('the owner stands in the ARN, or beside it where the ARN has none', () => {
    const parsed = parseResourcePolicies({
      v: 1,
      resources: [
        { arn: 'arn:aws:s3:::b', account: '111122223333', policy: JSON.stringify(deny) },
        {
          arn: 'arn:aws:kms:eu-central-1:444455556666:key/1',
          grants: [
            {
              GrantId: 'g',
              GranteePrincipal: 'arn:aws:iam::444455556666:role/r',
              Operations: ['Decrypt'],
              Constraints: { EncryptionContextSubset: { a: 'b' } },
            },
          ],
        },
      ],
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(parsed.value).toEqual([
      { arn: 'arn:aws:s3:::b', account: '111122223333', policy: JSON.stringify(deny), grants: [] },
      {
        arn: 'arn:aws:kms:eu-central-1:444455556666:key/1',
        account: '444455556666',
        policy: null,
        grants: [
          {
            granteePrincipal: 'arn:aws:iam::444455556666:role/r',
            retiringPrincipal: null,
            operations: ['Decrypt'],
            encryptionContext: { equals: false, pairs: new Map([['a', 'b']]) },
          },
        ],
      },
    ]);
  });

  test.each([
    [[{ arn: 'arn:aws:s3:::b' }], 'resources[0].account: is missing'],
    [[{ arn: 'b' }], 'resources[0].arn: must be the ARN of a resource'],
    [[{ arn: 'arn:aws:sqs:eu-central-1:111122223333:q', account: '444455556666' }], 'is not the account in the ARN'],
    [[{ arn: 'arn:aws:sqs:eu-central-1:111122223333:q', policy: 7 }], 'resources[0].policy: must be a policy document'],
    [Array(2).fill({ arn: 'arn:aws:sqs:eu-central-1:111122223333:q' }), 'stands at resources[0] already'],
  ])('%#: what is wrong is named with its place', (resources, expected) => {
    expect(problems(resources).join('\n')).toContain(expected);
  });
});
