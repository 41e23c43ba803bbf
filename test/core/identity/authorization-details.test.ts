import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { memoryIam } from '../../../adapters/memory/iam.ts';
import { parseAuthorizationDetails } from '../../../core/identity/authorization-details.ts';
import { instantAt } from '../../../core/time.ts';
import { inventories } from './inventories.ts';

const now = instantAt(1_800_000_000);
const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const user = (name: string, more: object = {}) => ({
  UserName: name,
  UserId: `AIDA${name}`,
  Arn: `arn:aws:iam::111122223333:user/team/${name}`,
  CreateDate: '2019-12-18 19:10:08+00:00',
  ...more,
});
const role = (name: string, more: object = {}) => ({
  RoleName: name,
  RoleId: `AROA${name}`,
  Arn: `arn:aws:iam::111122223333:role/${name}`,
  AssumeRolePolicyDocument: document,
  ...more,
});

const read = (...documents: unknown[]) => parseAuthorizationDetails(documents, now);

describe('reading authorization details', () => {
  test.each([
    ['an object', document],
    ['its text', JSON.stringify(document)],
    ['its text, URL-encoded', encodeURIComponent(JSON.stringify(document))],
  ])('a document may be %s', (_, given) => {
    const { inventories: all, problems } = read({
      UserDetailList: [user('ann', { UserPolicyList: [{ PolicyName: 'own', PolicyDocument: given }] })],
    });
    expect(problems).toEqual([]);
    expect(all[0]?.principals[0]?.inline).toEqual([{ name: 'own', arn: null, text: JSON.stringify(document) }]);
  });

  test('no byte of an encoded document is lost, a plus sign and a percent sign are themselves', () => {
    const text = '{ "Statement" : [ ] , "Id":"50%25 a+b ä" }';
    const [inventory] = read({
      RoleDetailList: [role('r', { AssumeRolePolicyDocument: encodeURIComponent(text) })],
    }).inventories;
    expect(inventory?.principals[0]?.trust).toBe(text);
    const bare = encodeURIComponent(text).replace('%2B', '+');
    const [unescaped] = read({ RoleDetailList: [role('r', { AssumeRolePolicyDocument: bare })] }).inventories;
    expect(unescaped?.principals[0]?.trust).toBe(text);
    const [plain] = read({ RoleDetailList: [role('r', { AssumeRolePolicyDocument: text })] }).inventories;
    expect(plain?.principals[0]?.trust).toBe(text);
  });

  test.each([
    ['2019-12-18 19:10:08+00:00', '2019-12-18T19:10:08Z'],
    ['2019-12-18T19:10:08Z', '2019-12-18T19:10:08Z'],
    ['2019-12-18T19:10:08.123456+02:00', '2019-12-18T17:10:08Z'],
    [new Date('2019-12-18T19:10:08Z'), '2019-12-18T19:10:08Z'],
    ['yesterday', null],
    [undefined, null],
  ])('the date %p is %p', (CreateDate, expected) => {
    expect(read({ UserDetailList: [user('ann', { CreateDate })] }).inventories[0]?.principals[0]?.createdAt).toBe(
      expected,
    );
  });

  test('groups, attachments, boundary, tags and the default version of a policy are read', () => {
    const arn = 'arn:aws:iam::111122223333:policy/own';
    const { inventories: all, problems } = read({
      UserDetailList: [
        user('ann', {
          GroupList: ['team'],
          AttachedManagedPolicies: [{ PolicyName: 'own', PolicyArn: arn }],
          PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn },
          Tags: [
            { Key: 'cost', Value: '7' },
            { Key: 'empty', Value: '' },
          ],
        }),
      ],
      GroupDetailList: [
        { GroupName: 'team', Arn: 'arn:aws:iam::111122223333:group/team', AttachedManagedPolicies: [] },
      ],
      Policies: [
        {
          PolicyName: 'own',
          Arn: arn,
          DefaultVersionId: 'v2',
          PolicyVersionList: [
            { VersionId: 'v1', IsDefaultVersion: false, Document: document },
            { VersionId: 'v2', IsDefaultVersion: true, Document: { ...document, Id: 'two' } },
          ],
        },
      ],
    });
    expect(problems).toEqual([]);
    expect(all[0]).toMatchObject({
      account: '111122223333',
      takenAt: now,
      principals: [
        { path: '/team/', groups: ['team'], attached: [arn], boundary: arn, tags: { cost: '7', empty: '' } },
      ],
      groups: [{ name: 'team', inline: [], attached: [] }],
    });
    expect(all[0]?.managed.get(arn)?.text).toContain('"Id":"two"');
  });

  test('what cannot be read is named and the rest goes on', () => {
    const { inventories: all, problems } = read(
      {
        UserDetailList: [
          user('ann'),
          user('bad-document', { UserPolicyList: [{ PolicyName: 'own', PolicyDocument: '%E0%A4%A' }] }),
          user('bad-list', { AttachedManagedPolicies: 'all' }),
          'a text',
          { UserName: 'no-arn' },
        ],
        RoleDetailList: [role('bad-trust', { AssumeRolePolicyDocument: undefined }), role('fine')],
        GroupDetailList: {},
        Policies: [{ PolicyName: 'p', Arn: 'arn:aws:iam::111122223333:policy/p', PolicyVersionList: [] }],
      },
      ['not details'],
    );
    expect(all[0]?.principals.map(({ name }) => name)).toEqual(['fine', 'ann']);
    expect(problems).toEqual([
      {
        entity: 'arn:aws:iam::111122223333:user/team/bad-document',
        detail: 'UserPolicyList own is no policy document',
      },
      { entity: 'arn:aws:iam::111122223333:user/team/bad-list', detail: 'AttachedManagedPolicies is not a list' },
      { entity: 'UserDetailList[3]', detail: 'the entity is not an object' },
      { entity: 'no-arn', detail: 'Arn is missing' },
      { entity: 'arn:aws:iam::111122223333:role/bad-trust', detail: 'AssumeRolePolicyDocument is no policy document' },
      { entity: 'GroupDetailList', detail: 'is not a list' },
      { entity: 'arn:aws:iam::111122223333:policy/p', detail: 'PolicyVersionList has no default version' },
      { entity: 'document 1', detail: 'has none of the lists of authorization details' },
    ]);
  });

  test('the same entity may come twice, not with two contents', () => {
    expect(read({ UserDetailList: [user('ann')] }, { UserDetailList: [user('ann')] }).problems).toEqual([]);
    const { inventories: all, problems } = read({ UserDetailList: [user('ann'), user('ann', { GroupList: ['x'] })] });
    expect(all[0]?.principals).toHaveLength(1);
    expect(problems).toEqual([
      { entity: 'arn:aws:iam::111122223333:user/team/ann', detail: 'appears twice with different content' },
    ]);
  });

  test('accounts read together keep each its own version of what AWS manages', () => {
    const aws = (id: string) => ({
      PolicyName: 'ReadOnlyAccess',
      Arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: { ...document, Id: id } }],
    });
    const other = user('bob', { Arn: 'arn:aws:iam::444455556666:user/bob' });
    const { inventories: all, problems } = read(
      { UserDetailList: [user('ann')], Policies: [aws('older')] },
      { UserDetailList: [other], Policies: [aws('newer')] },
    );
    expect(problems).toEqual([]);
    expect(all.map(({ managed }) => [...managed.values()].map(({ text }) => JSON.parse(text).Id))).toEqual([
      ['older'],
      ['newer'],
    ]);
  });

  test('what IAM in memory emits is read back as it was', () =>
    fc.assert(
      fc.property(
        inventories.filter(({ principals }) => principals.length > 0),
        (inventory) => {
          const iam = memoryIam();
          iam.load(inventory);
          const details = JSON.parse(JSON.stringify(iam.authorizationDetails(inventory.account)));
          const { inventories: all, problems } = parseAuthorizationDetails([details], inventory.takenAt);
          expect(problems).toEqual([]);
          expect(all).toEqual([inventory]);
        },
      ),
    ));

  const folder = '../shared/data/authorization-details';
  const present = existsSync(folder);
  if (!present) console.warn(`${folder} is absent: the real authorization details were not read`);
  (present ? test : test.skip)('real output is read whole', () => {
    const files = ['small.json', 'large.json'].map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
    const { inventories: all, problems } = read(...files);
    expect(problems).toEqual([]);
    expect(all.map(({ account, principals }) => [account, principals.length])).toEqual([
      ['012345678901', 6],
      ['200611803367', 116],
    ]);
  });
});
