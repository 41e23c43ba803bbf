import { engineOf } from '../../../core/access/engine.ts';
import { outsidersWho } from '../../../core/access/outsiders.ts';
import { allow, ask, away, home, organizationFrom, policy, role, user } from './world.ts';

const guest = `arn:aws:iam::${away}:role/Guest`;
const bucket = (...statements: object[]) => ({
  arn: 'arn:aws:s3:::b',
  account: home,
  policy: policy(...statements),
  bucket: { acls: 'disabled', publicAccess: 'open' },
});
const organization = (...statements: object[]) =>
  organizationFrom({
    details: {
      UserDetailList: [user('amy')],
      RoleDetailList: [
        role(
          'Ci',
          policy({
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${home}:oidc-provider/ci.example` },
            Action: 'sts:AssumeRoleWithWebIdentity',
          }),
        ),
      ],
    },
    resources: [bucket(...statements)],
  });
const read = (Principal: unknown, more: object = {}) => ({
  ...allow('s3:GetObject', 'arn:aws:s3:::b/*'),
  Principal,
  ...more,
});
const who = (statements: object[], resource = 'arn:aws:s3:::b/k', action = 's3:GetObject') => {
  const made = organization(...statements);
  return outsidersWho((principal) => ask(principal, action, resource), engineOf(made), made).map(
    ({ outsider: { principal }, answer: { outcome, extent, part } }) => ({
      principal,
      outcome,
      extent,
      when: JSON.stringify(part.decision.when?.condition ?? null),
    }),
  );
};

describe('whom a resource lets in from outside', () => {
  test('another account, by its root, for certain; a role of it where its own account lets it', () => {
    const found = who([read({ AWS: [away, guest] })]);
    expect(found).toMatchObject([
      { principal: guest, outcome: 'conditional' },
      { principal: `arn:aws:iam::${away}:root`, outcome: 'allowed' },
    ]);
    expect(found[0]?.when).toContain(`policies of account ${away}`);
  });

  test('services, under their conditions', () => {
    const condition = { Condition: { StringEquals: { 'aws:SourceAccount': home } } };
    const [found] = who([read({ Service: 'delivery.logs.amazonaws.com' }, condition)]);
    expect(found).toMatchObject({ principal: 'delivery.logs.amazonaws.com', outcome: 'conditional' });
    expect(found?.when).toContain('aws:SourceAccount');
  });

  test('everybody', () => expect(who([read('*')])).toMatchObject([{ principal: '*', outcome: 'allowed' }]));

  test('nobody whom the policy denies as well', () =>
    expect(who([read('*'), { ...read('*'), Effect: 'Deny' }])).toEqual([]));

  test('nobody of the inventory: they are asked by themselves', () =>
    expect(who([read({ AWS: [home, `arn:aws:iam::${home}:user/amy`] })])).toEqual([]));

  test('of a pattern all or some', () => {
    expect(who([read('*')], 'arn:aws:s3:::b/*')).toMatchObject([{ principal: '*', extent: 'all' }]);
    expect(who([read('*', { Resource: 'arn:aws:s3:::b/open/*' })], 'arn:aws:s3:::b/*')).toMatchObject([
      { principal: '*', extent: 'some' },
    ]);
  });

  test('the provider that a role trusts', () =>
    expect(who([], `arn:aws:iam::${home}:role/Ci`, 'sts:AssumeRoleWithWebIdentity')).toMatchObject([
      { principal: `arn:aws:iam::${home}:oidc-provider/ci.example`, outcome: 'allowed' },
    ]));
});
