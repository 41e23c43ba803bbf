import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { ArnPrincipal, CompositePrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Configuration } from '../core/configuration.ts';
import { acknowledgeWildcards, allow } from './allow.ts';
import { fastLanePattern, forwardingRole } from './fast-lane.ts';
import { memberRoles, scanRole } from './member-roles.ts';

const inlineActions = (...verbs: string[]) =>
  verbs.flatMap((verb) => [`iam:${verb}RolePolicy`, `iam:${verb}UserPolicy`]);

const decidedLater =
  'Which identity is meant is decided change by change, and the session policy names that one; what must never be touched is denied.';

/** What every other account gets: the fast lane's rule, and the roles that Leastwise may assume there. */
export class MemberStack extends Stack {
  private readonly configuration: Configuration;

  constructor(scope: Construct, id: string, props: StackProps & { configuration: Configuration }) {
    super(scope, id, props);
    this.configuration = props.configuration;
    this.forward();
    this.scan();
    this.role('quarantine', [
      {
        sid: 'Restrict',
        actions: [...inlineActions('Put', 'Get', 'Delete'), 'iam:UpdateAccessKey', 'iam:ListAccessKeys'],
      },
    ]);
    this.role('rightsizing', [
      { sid: 'InlinePolicies', actions: inlineActions('Put', 'Get', 'Delete') },
      {
        sid: 'ManagedPolicies',
        actions: [
          'iam:GetPolicy',
          'iam:GetPolicyVersion',
          'iam:ListPolicyVersions',
          'iam:CreatePolicyVersion',
          'iam:DeletePolicyVersion',
          'iam:SetDefaultPolicyVersion',
        ],
        resources: [`arn:aws:iam::${this.account}:policy/*`],
      },
    ]);
    this.role('lending', [
      {
        sid: 'OnlyWhoOptedIn',
        actions: inlineActions('Put', 'Get', 'Delete'),
        conditions: { StringLike: { 'aws:ResourceTag/leastwise:beneficiary': '*' } },
      },
    ]);
  }

  /** The fast lane: from this account's default bus to the security account's. */
  private forward(): void {
    const { configuration } = this;
    const arn = `arn:aws:events:${configuration.homeRegion}:${configuration.securityAccount}:event-bus/leastwise-events`;
    const bus = EventBus.fromEventBusArn(this, 'CentralBus', arn);
    const role = new Role(this, 'Forward', {
      roleName: forwardingRole,
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ sid: 'Forward', actions: ['events:PutEvents'], resources: [arn] }));
    const rule = new Rule(this, 'FastLane', {
      description: 'Leastwise: what must be known at once',
      eventPattern: fastLanePattern,
      targets: [new BusTarget(bus, { role })],
    });
    // Without this state, calls that only read never arrive.
    (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }

  private scan(): void {
    const role = this.trusted('Scan', scanRole.name, scanRole.executedBy);
    allow(role, ['iam:GetAccountAuthorizationDetails'], ['*'], 'The action has no resource-level permissions.');
    allow(
      role,
      ['iam:GetRolePolicy', 'iam:GetUserPolicy', 'iam:ListAccessKeys', 'iam:GetPolicy', 'iam:GetPolicyVersion'],
      ['user', 'role', 'policy'].map((type) => `arn:aws:iam::${this.account}:${type}/*`),
      'Which identity is looked at is known at run time; the role reads and changes nothing.',
    );
  }

  private role(
    kind: keyof typeof memberRoles,
    statements: readonly {
      sid: string;
      actions: string[];
      resources?: string[];
      conditions?: Record<string, unknown>;
    }[],
  ): void {
    const member = memberRoles[kind];
    const role = this.trusted(kind, member.name, member.executedBy);
    const identities = [`arn:aws:iam::${this.account}:user/*`, `arn:aws:iam::${this.account}:role/*`];
    for (const { resources = identities, ...statement } of statements) {
      role.addToPolicy(new PolicyStatement({ ...statement, resources }));
      acknowledgeWildcards(role, resources, decidedLater);
    }
    role.addToPolicy(
      new PolicyStatement({ sid: 'NeverTouch', effect: Effect.DENY, actions: ['iam:*'], resources: this.outOfReach() }),
    );
  }

  /** Break-glass principals, service-linked and reserved roles, the roles that deploy, and our own. */
  private outOfReach(): string[] {
    const role = (path: string) => `arn:aws:iam::${this.account}:role/${path}`;
    return [
      role('leastwise-*'),
      role('aws-service-role/*'),
      role('aws-reserved/*'),
      role('cdk-*'),
      role('stacksets-exec-*'),
      role('AWSControlTowerExecution'),
      role('OrganizationAccountAccessRole'),
      ...this.configuration.breakGlass,
    ];
  }

  /** A role that one execution role of the security account may assume, under the change's id as source identity. */
  private trusted(id: string, roleName: string, executedBy: string | readonly string[]): Role {
    const { configuration } = this;
    const executors = [executedBy]
      .flat()
      .map((name) => new ArnPrincipal(`arn:aws:iam::${configuration.securityAccount}:role/${name}`));
    const principal = new CompositePrincipal(...executors).withConditions({
      StringEquals: { 'aws:PrincipalOrgID': configuration.organization.id },
      StringLike: { 'sts:SourceIdentity': '??*' },
    });
    const role = new Role(this, id, { roleName, assumedBy: principal, maxSessionDuration: Duration.hours(1) });
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        sid: 'NameTheChange',
        actions: ['sts:SetSourceIdentity'],
        principals: executors,
        conditions: { StringEquals: { 'aws:PrincipalOrgID': configuration.organization.id } },
      }),
    );
    return role;
  }
}
