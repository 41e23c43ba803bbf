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
        role('Lent', policy({ Effect: 'Allow', Principal: { AWS: away }, Action: 'sts:AssumeRole' })),
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

  test('an account that a role trusts, where it lets its users and roles: its root user assumes none', () => {
    const found = who([], `arn:aws:iam::${home}:role/Lent`, 'sts:AssumeRole');
    expect(found).toMatchObject([{ principal: `arn:aws:iam::${away}:root`, outcome: 'conditional' }]);
    expect(found[0]?.when).toContain(`policies of account ${away}`);
  });

  test('whom a condition names, where everybody or an account stands as principal', () => {
    const only = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });
    expect(who([read('*', only('StringEquals', 'aws:PrincipalAccount', away))])).toMatchObject([
      { principal: `arn:aws:iam::${away}:root`, outcome: 'allowed' },
    ]);
    expect(who([read('*', only('ArnEquals', 'aws:PrincipalArn', guest))])).toMatchObject([
      { principal: guest, outcome: 'conditional' },
    ]);
    const some = `arn:aws:iam::${away}:role/deploy-*`;
    expect(who([read({ AWS: away }, only('ArnLike', 'aws:PrincipalArn', some))])).toMatchObject([
      { principal: some, outcome: 'conditional' },
    ]);
    expect(who([read('*', only('ArnNotEquals', 'aws:PrincipalArn', guest))])).toMatchObject([{ principal: '*' }]);
  });

  test('the provider that a role trusts', () =>
    expect(who([], `arn:aws:iam::${home}:role/Ci`, 'sts:AssumeRoleWithWebIdentity')).toMatchObject([
      { principal: `arn:aws:iam::${home}:oidc-provider/ci.example`, outcome: 'allowed' },
    ]));
});
