import { existsSync, readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { RecordedCall } from '../../adapters/aws/recorder.ts';
import { readConfiguration } from '../../adapters/files/configuration.ts';
import { MemberStack } from '../../lib/member-stack.ts';
import { exceptions } from './own-roles/exceptions.ts';
import { actionsBehindCall, actionsOfCall, folderOf, reachOf } from './own-roles/reach.ts';
import { functionsThatAssume, rolesOf, type TemplateRole } from './own-roles/template-roles.ts';
import { type Resource, synthesize } from './synth.ts';

/**
 * What the adapters' contract tests called on moto (calls that prepare a test left out):
 * `LEASTWISE_RECORD_CALLS=FILE npm test -- test/adapters`, then service and operation of every line.
 */
const contract = new Set(
  (JSON.parse(readFileSync('test/synth/own-roles/contract-calls.json', 'utf8')) as string[]).flatMap((call) => {
    const [service = '', operation = ''] = call.split(':');
    return actionsBehindCall({ service, operation });
  }),
);

/** What the functions of a deployed stack called, one line a call; absent where nothing was deployed here. */
const recording = process.env.LEASTWISE_RECORDED_CALLS ?? '.local/recorded-calls.ndjson';
const deployed: readonly RecordedCall[] = existsSync(recording)
  ? readFileSync(recording, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as RecordedCall)
  : [];

interface Held extends TemplateRole {
  /** Actions of the code that runs under the role, or that assumes it. */
  reach: ReadonlySet<string>;
  /** The functions of that code. */
  callers: readonly string[];
}

let roles: readonly Held[];

beforeAll(async () => {
  const made = await synthesize('leastwise.config.example.json');
  const own = rolesOf(made.security);
  const member = rolesOf(memberWithEverything());
  const reaches = new Map<string, ReadonlySet<string>>();
  const reachOfFunction = async (name: string) => {
    const folder = folderOf(name);
    if (!reaches.has(folder)) reaches.set(folder, await reachOf(folder));
    return reaches.get(folder)!;
  };
  roles = await Promise.all(
    [...own, ...member, ...rolesOf(made.management).filter(isScan)].map(async (role) => {
      const callers = (
        role.functions.length > 0 ? role.functions : functionsThatAssume(own, knownAs(role.name))
      ).filter((name) => name.startsWith('leastwise-'));
      const reach = new Set((await Promise.all(callers.map(reachOfFunction))).flatMap((each) => [...each]));
      return { ...role, callers, reach };
    }),
  );
}, 600_000);

/** What an account gets where everything is switched on that is off by default: the emulators are deployed so. */
function memberWithEverything(): Record<string, Resource> {
  const example = readConfiguration('leastwise.config.example.json');
  const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
  const permissionSets = ['arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef'];
  const identityCenter = { instance, administrator: example.securityAccount, permissionSets };
  const deployment = { ...example.deployment, leaseRoles: true, identityCenter };
  const stack = new MemberStack(new App(), 'Member', { configuration: { ...example, deployment } });
  return Template.fromStack(stack).toJSON().Resources;
}

/** The example lends no permission sets, so that nothing of it says who assumes this one: those who lend. */
const knownAs = (name: string): string => (name === 'leastwise-assign' ? 'leastwise-lend' : name);

/** In the management account it may read the organization besides; everything else there is as in a member account. */
const isScan = ({ name }: TemplateRole): boolean => name === 'leastwise-scan';

const allowedBy = ({ statements }: TemplateRole) =>
  statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);

const isExplained = (role: string, action: string) =>
  exceptions.some((each) => each.role.test(role) && each.actions.includes(action));

const wasCalled = ({ callers }: Held, action: string) =>
  deployed.some((call) => callers.includes(call.function) && actionsBehindCall(call).includes(action));

test('no role may do anything that its own code cannot call, or that nobody ever saw it call', () => {
  const unused = roles.flatMap((role) =>
    allowedBy(role)
      .filter((action) => !isExplained(role.name, action))
      .filter((action) => !(role.reach.has(action) && (contract.has(action) || wasCalled(role, action))))
      .map((action) => `${role.name} ${action}`),
  );
  expect([...new Set(unused)].sort()).toEqual([]);
});

test('every exception explains something', () => {
  const idle = exceptions.filter(
    ({ role, actions }) =>
      !actions.every((action) => roles.some((each) => role.test(each.name) && allowedBy(each).includes(action))),
  );
  expect(idle.map(({ because }) => because)).toEqual([]);
});

test('every role was looked at: those of functions have code, those of member accounts have somebody who assumes them', () => {
  const without = roles.filter(({ callers, name }) => callers.length === 0 && name.startsWith('leastwise-'));
  expect(without.map(({ name }) => name)).toEqual([
    'leastwise-schedule',
    'leastwise-forward',
    // People assume it.
    'leastwise-confirm',
  ]);
  expect(roles.length).toBeGreaterThan(15);
});

(deployed.length > 0 ? test : test.skip)('everything that a deployed function called is allowed to its role', () => {
  const refused = deployed.flatMap((call) =>
    actionsOfCall(call)
      // In a member account it acts as the role that it assumed.
      .filter(
        (action) => !roles.some((role) => role.callers.includes(call.function) && allowedBy(role).includes(action)),
      )
      .map((action) => `${call.function} ${action}`),
  );
  expect([...new Set(refused)].sort()).toEqual([]);
});
