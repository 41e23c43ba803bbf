import { classifierOf } from '../../../core/identity/classify.ts';
import { allow, away, home, organizationFrom, policy, role, user } from '../access/world.ts';

const trusts = (Principal: unknown, more: object = {}) =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const provider = (name: string) => ({ Federated: `arn:aws:iam::${home}:oidc-provider/${name}` });
const at = (name: string, path: string, trust: object) => ({
  ...role(name, trust),
  Arn: `arn:aws:iam::${home}:role${path}${name}`,
});

const { inventories } = organizationFrom({
  details: {
    UserDetailList: [
      user('amy'),
      user('jenkins-deploy'),
      user('billing-app'),
      user('ann@example.com'),
      user('x1', {}, { Tags: [{ Key: 'leastwise:class', Value: 'workload' }] }),
      user('backup', {}, { GroupList: [] }),
    ],
    RoleDetailList: [
      at(
        'AWSServiceRoleForConfig',
        '/aws-service-role/config.amazonaws.com/',
        trusts({ Service: 'config.amazonaws.com' }),
      ),
      at(
        'AWSReservedSSO_Admin_0123456789abcdef',
        '/aws-reserved/sso.amazonaws.com/',
        trusts({ Federated: `arn:aws:iam::${home}:saml-provider/AWSSSO_x` }),
      ),
      role('gh', trusts(provider('token.actions.githubusercontent.com'))),
      role('eks', trusts(provider('oidc.eks.eu-central-1.amazonaws.com/id/ABC'))),
      role(
        'forge',
        trusts(provider('git.example.com'), {
          Condition: { StringLike: { 'git.example.com:sub': 'project_path:a/*' } },
        }),
      ),
      role('okta', trusts({ Federated: `arn:aws:iam::${home}:saml-provider/okta` })),
      role('fn', trusts({ Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] })),
      role('build', trusts({ Service: 'codebuild.amazonaws.com' })),
      role('recorder', trusts({ Service: 'config.amazonaws.com' })),
      role('vendor', trusts({ AWS: away }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })),
      role('admin', trusts({ AWS: home }, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
      role('hop', trusts({ AWS: `arn:aws:iam::${home}:role/fn` })),
      role('own', trusts({ AWS: `arn:aws:iam::${home}:user/amy` })),
      role('shut', policy({ ...allow('sts:AssumeRole'), Effect: 'Deny', Resource: undefined, Principal: '*' })),
    ],
  },
});
const classOf = classifierOf(inventories);
const named = (name: string) => inventories[0]!.principals.find((each) => each.name === name)!;

describe('who stands behind a principal', () => {
  test.each([
    ['amy', 'person', 'without a sign of a machine'],
    ['jenkins-deploy', 'ci', '"jenkins"'],
    ['billing-app', 'workload', '"app"'],
    ['ann@example.com', 'person', 'e-mail'],
    ['x1', 'workload', 'leastwise:class'],
    ['backup', 'workload', '"backup"'],
    ['AWSServiceRoleForConfig', 'aws', 'config.amazonaws.com'],
    ['AWSReservedSSO_Admin_0123456789abcdef', 'person', 'permission set'],
    ['gh', 'ci', 'token.actions.githubusercontent.com'],
    ['eks', 'workload', 'oidc.eks'],
    ['forge', 'ci', 'project_path:a/*'],
    ['okta', 'person', 'okta'],
    ['fn', 'workload', 'lambda.amazonaws.com'],
    ['build', 'ci', 'codebuild.amazonaws.com'],
    ['recorder', 'service', 'config.amazonaws.com'],
    ['vendor', 'service', 'external id'],
    ['admin', 'person', 'second factor'],
    ['hop', 'workload', 'role/fn'],
    ['own', 'person', 'user/amy'],
    ['shut', 'service', 'nobody can be seen'],
  ])('%s is %s', (name, expected, reason) => {
    const found = classOf(named(name));
    expect(found.class).toBe(expected);
    expect(found.reason).toContain(reason);
  });

  test('a password for the console tells people from machines', () => {
    const hinted = classifierOf(inventories, { withPassword: new Set([named('backup').arn]) });
    expect(hinted(named('backup')).class).toBe('person');
    expect(hinted(named('amy'))).toEqual({ class: 'workload', reason: 'has no password for the console' });
  });
});
