import fc from 'fast-check';
import { actionsOfService } from '../../../core/catalogue/catalogue.ts';
import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import type { ResourcePolicy } from '../../../core/identity/resource-policy.ts';
import { matchesAction } from '../../../core/policy/match.ts';
import { parsePolicy } from '../../../core/policy/parse.ts';
import { quotas, sizeOf } from '../../../core/rightsizing/quotas.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import { deniesAction, overlayArn, trialOf, withoutActions } from '../../../core/rightsizing/trial.ts';
import { account, allow, evidence, item, now, policy, policyArn, type RoleSketch, roleArn } from './world.ts';

const bucket = (more: Partial<ResourcePolicy>): ResourcePolicy => ({
  arn: 'arn:aws:s3:::reports',
  account,
  policy: null,
  grants: [],
  ...more,
});

/** What a trial makes of the first role's proposal. */
function tried(sketch: RoleSketch, more: Parameters<typeof evidence>[1] = {}) {
  const given = evidence([sketch], { mayMakePolicies: true, ...more });
  const [judged] = rightsize(given);
  if (judged?.status !== 'proposed') throw new Error(`${judged?.status}`);
  const { principal, removed } = judged;
  const { inventory, usage } = given;
  return { removed, ...trialOf({ principal, inventory, items: usage.get(principal.arn)!, removed }) };
}

const deniedBy = (text: string): readonly string[] =>
  (JSON.parse(text) as { Statement: { Action: string[] }[] }).Statement.flatMap(({ Action }) => Action);

describe('a trial', () => {
  test('denies by name what goes of a service that is used, and nothing that was used', () => {
    const { overlay, untried } = tried({
      name: 'ci',
      inline: { own: policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'])) },
      used: ['ec2:RunInstances'],
    });
    expect(JSON.parse(overlay!.text)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LeastwiseTrial',
          Effect: 'Deny',
          Action: ['ec2:TerminateInstances', 'ec2:StopInstances'],
          Resource: '*',
        },
      ],
    });
    expect(untried).toEqual([]);
  });

  test('denies a service whole only where nobody ever called it and all of it that is granted goes', () => {
    const every = actionsOfService('organizations').filter(({ accessLevel }) => accessLevel !== 'Tagging');
    const granted = every.map(({ action }) => action);
    const own = policy(allow([...granted, 'ec2:DescribeRegions']));
    const whole = tried({ name: 'ci', inline: { own } }, { inventory: { resources: [] } });
    // Delegation policies speak too, and nobody read them.
    expect(whole.untried.every(({ why }) => why === 'resource-policies-unread')).toBe(true);
    const quiet = actionsOfService('route53').filter(({ accessLevel }) => accessLevel !== 'Tagging');
    const zone = policy(allow(quiet.map(({ action }) => action)));
    expect(deniedBy(tried({ name: 'ci', inline: { zone } }).overlay!.text)).toEqual(['route53:*']);
    const used = tried({ name: 'ci', inline: { zone }, used: ['route53:ListHostedZones'] });
    expect(used.overlay?.services).toEqual([]);
    expect(deniedBy(used.overlay!.text)).not.toContain('route53:ListHostedZones');
    const tagging = tried({ name: 'ci', inline: { zone, tags: policy(allow('route53:ChangeTagsForResource')) } });
    expect(tagging.overlay?.services).toEqual([]);
  });

  test('never denies iam:* beside iam:PassRole, nor what a group grants besides', () => {
    const passing = tried({ name: 'ci', inline: { own: policy(allow('iam:*')) } });
    expect(passing.overlay?.services).toEqual([]);
    expect(deniedBy(passing.overlay!.text)).not.toContain('iam:PassRole');
  });

  const secrets = ['secretsmanager:GetSecretValue', 'secretsmanager:DeleteSecret', 'ec2:StopInstances'];
  const reader: RoleSketch = { name: 'ci', inline: { own: policy(allow(secrets)) } };
  const secret = (more: Partial<ResourcePolicy>) =>
    bucket({ arn: `arn:aws:secretsmanager:eu-central-1:${account}:secret:token`, ...more });

  test('leaves out what a resource’s own policy gives this principal, and what might be given where none was read', () => {
    expect(tried(reader).untried.map(({ why }) => why)).toEqual([
      'resource-policies-unread',
      'resource-policies-unread',
    ]);
    const named = policy({
      Effect: 'Allow',
      Principal: { AWS: roleArn('ci') },
      Action: 'secretsmanager:Get*',
      Resource: '*',
    });
    const given = tried(reader, { inventory: { resources: [secret({ policy: named })] } });
    expect(given.untried).toEqual([{ action: 'secretsmanager:GetSecretValue', why: 'resource-policy' }]);
    expect(given.overlay?.tried).toEqual(['ec2:StopInstances', 'secretsmanager:DeleteSecret']);
    const unread = tried(reader, { inventory: { resources: [secret({ isUnread: true })] } });
    expect(unread.overlay?.tried).toEqual(['ec2:StopInstances']);
    const part = (name: string, denied: boolean) => ({
      part: name,
      takenAt: now,
      denied: denied ? { at: now, detail: 'AccessDenied' } : null,
    });
    const triedWith = (...parts: ReturnType<typeof part>[]) =>
      tried(reader, { inventory: { resources: [], parts } }).overlay?.tried.length;
    expect(triedWith(part('s3', false))).toBe(1);
    expect(triedWith(part('secretsmanager eu-central-1', true))).toBe(1);
    expect(triedWith(part('secretsmanager eu-central-1', false))).toBe(3);
    const account_ = policy({ Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' });
    expect(tried(reader, { inventory: { resources: [secret({ policy: account_ })] } }).untried).toEqual([]);
  });

  test('leaves out what a grant of a key gives, and a role that trusts the principal', () => {
    const key = bucket({
      arn: `arn:aws:kms:eu-central-1:${account}:key/1`,
      grants: [
        {
          granteePrincipal: roleArn('ci'),
          retiringPrincipal: null,
          operations: ['DescribeKey'],
          encryptionContext: null,
        },
      ],
    });
    const own = policy(allow(['kms:DescribeKey', 'kms:DisableKey', 'sts:AssumeRole', 'ec2:StopInstances']));
    const role = (name: string): RoleSketch => ({ name, inline: { own }, used: ['kms:CreateKey'] });
    const trust = policy({ Effect: 'Allow', Principal: { AWS: roleArn('ci') }, Action: 'sts:AssumeRole' });
    const given = evidence([role('ci'), { name: 'target', record: { trust } }], { inventory: {} });
    const resources = { ...given, inventory: { ...given.inventory, resources: [key] } };
    const judged = rightsize(resources).find(({ principal }) => principal.name === 'ci');
    if (judged?.status !== 'proposed') throw new Error(`${judged?.status}`);
    const { overlay, untried } = trialOf({
      principal: judged.principal,
      inventory: resources.inventory,
      items: given.usage.get(roleArn('ci'))!,
      removed: judged.removed,
    });
    expect(untried.map(({ action }) => action)).toEqual(['kms:DescribeKey', 'sts:AssumeRole']);
    expect(overlay?.tried).toEqual(['ec2:StopInstances', 'kms:DisableKey']);
  });

  test('fits into one policy, the dangerous first, and says what did not', () => {
    const { overlay, untried, removed } = tried({ name: 'admin', inline: { own: policy(allow('ec2:*')) } });
    expect(sizeOf(overlay!.text)).toBeLessThanOrEqual(quotas.managed);
    expect(untried.length).toBeGreaterThan(100);
    expect(untried.every(({ why }) => why === 'no-room')).toBe(true);
    expect([...overlay!.tried, ...untried.map(({ action }) => action)].sort()).toEqual([...removed].sort());
  });

  test('goes on without an action that was missed, whose service is not denied whole any more', () => {
    const overlay = {
      services: ['route53'],
      tried: ['ec2:StopInstances', 'route53:CreateHostedZone', 'route53:ListHostedZones'],
    };
    expect(deniesAction(overlay, 'route53:Unheard')).toBe(true);
    const next = withoutActions(overlay, new Set(['route53:listhostedzones']))!;
    expect(next).toMatchObject({ services: [], tried: ['ec2:StopInstances', 'route53:CreateHostedZone'] });
    expect(deniesAction(next, 'route53:ListHostedZones')).toBe(false);
    expect(
      withoutActions({ services: [], tried: ['ec2:StopInstances'] }, new Set(['ec2:StopInstances'])),
    ).toBeUndefined();
    expect(overlayArn({ arn: roleArn('ci'), name: 'ci' }, next.text)).toMatch(
      new RegExp(`^arn:aws:iam::${account}:policy/leastwise/trial-ci-[0-9a-f]{12}$`),
    );
  });

  const services = ['ec2', 'route53', 'secretsmanager', 'iam', 's3', 'lambda'];
  const names = services.flatMap((service) =>
    actionsOfService(service)
      .slice(0, 12)
      .map(({ action }) => action),
  );
  const grants = fc.subarray([...names, ...services.map((service) => `${service}:*`)], { minLength: 1, maxLength: 8 });

  test('denies nothing that was used, that stays, that may not show, or that something else gives', () => {
    fc.assert(
      fc.property(
        grants,
        fc.subarray(names),
        fc.subarray(names, { maxLength: 4 }),
        fc.boolean(),
        (own, used, given, read) => {
          const text = policy({
            Effect: 'Allow',
            Principal: { AWS: roleArn('ci') },
            Action: given.length ? given : 'sqs:*',
            Resource: '*',
          });
          const world = evidence([{ name: 'ci', inline: { own: policy(allow(own)) }, used }], {
            inventory: read ? { resources: [bucket({ policy: text })] } : {},
          });
          const [judged] = rightsize(world);
          if (judged?.status !== 'proposed') return;
          const { principal, removed, kept } = judged;
          const items = [
            ...world.usage.get(principal.arn)!,
            ...[...used].slice(0, 1).map((each) => item('ci', each, 'denied')),
          ];
          const { overlay, untried } = trialOf({ principal, inventory: world.inventory, items, removed });
          if (!overlay) return;
          expect(parsePolicy(overlay.text).ok).toBe(true);
          const denied = deniedBy(overlay.text);
          const isDenied = (action: string) => denied.some((pattern) => matchesAction(pattern, action));
          const spared = [
            ...used,
            ...kept.map(({ action }) => action).filter((each) => each.includes(':') && !each.includes('*')),
            ...(read ? given : []),
            ...untried.map(({ action }) => action),
          ];
          expect(spared.filter(isDenied)).toEqual([]);
          expect(overlay.tried.every((action) => removed.includes(action))).toBe(true);
          expect(overlay.tried.every(isDenied)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a user counts what its groups grant: what they keep is not denied with its service', () => {
    const quiet = actionsOfService('route53').filter(({ accessLevel }) => accessLevel !== 'Tagging');
    const own = policy(allow(quiet.map(({ action }) => action)));
    const record: Partial<PrincipalRecord> = { groups: ['team'] };
    const team = { name: 'team', arn: `arn:aws:iam::${account}:group/team`, inline: [], attached: [policyArn('dns')] };
    const dns = { name: 'dns', arn: policyArn('dns'), text: policy(allow('route53:ChangeTagsForResource')) };
    const inventory: Partial<Inventory> = { groups: [team], managed: new Map([[dns.arn, dns]]) };
    expect(tried({ name: 'ci', inline: { own }, record }, { inventory }).overlay?.services).toEqual([]);
  });
});
