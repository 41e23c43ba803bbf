import { BootstraplessSynthesizer, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ownPolicyPath } from '../core/changes/own-policies.ts';
import { type Configuration, type Deployment, deploymentOf } from '../core/configuration.ts';
import { confirmRole } from '../core/enrolment/caller.ts';
import { organizationReading, resourceReading } from '../core/identity/reading-actions.ts';
import { acknowledge } from './acknowledge.ts';
import { acknowledgeWildcards, allow } from './allow.ts';
import { makeAssignRole } from './assign-role.ts';
import { centralBus, forwardingRole } from './fast-lane.ts';
import { lendingBoundary, memberRoles, scanRole } from './member-roles.ts';

const inlineActions = (...verbs: string[]) =>
  verbs.flatMap((verb) => [`iam:${verb}RolePolicy`, `iam:${verb}UserPolicy`]);

const attachmentActions = ['Role', 'User'].flatMap((type) => [
  `iam:Attach${type}Policy`,
  `iam:Detach${type}Policy`,
  `iam:ListAttached${type}Policies`,
]);

const versionActions = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
  'iam:CreatePolicyVersion',
  'iam:DeletePolicyVersion',
  'iam:SetDefaultPolicyVersion',
];

const decidedLater =
  'Which identity is meant is decided change by change, and the session policy names that one; what must never be touched is denied.';

interface MemberStatement {
  sid: string;
  actions: string[];
  resources?: string[];
  conditions?: Record<string, unknown>;
}

export interface MemberStackProps {
  configuration: Configuration;
  /** Of the management account, where the organization and Identity Center are read. */
  isManagement?: boolean;
}

/** What every account gets once: the role that forwards events, and the roles that Leastwise may assume there. */
export class MemberStack extends Stack {
  private readonly configuration: Configuration;
  private readonly deployment: Deployment;
  private readonly isManagement: boolean;

  constructor(
    scope: Construct,
    id: string,
    { configuration, isManagement = false, ...props }: StackProps & MemberStackProps,
  ) {
    super(scope, id, { ...props, synthesizer: new BootstraplessSynthesizer() });
    this.configuration = configuration;
    this.deployment = deploymentOf(configuration);
    this.isManagement = isManagement;
    this.forward();
    const scan = this.scan();
    this.confirm();
    this.role('quarantine', [
      {
        sid: 'Restrict',
        actions: [...inlineActions('Put', 'Get', 'Delete'), 'iam:UpdateAccessKey', 'iam:ListAccessKeys'],
      },
    ]);
    this.role('rightsizing', this.rightsizing());
    this.role('lending', [
      {
        sid: 'OnlyWhoOptedIn',
        actions: inlineActions('Put', 'Get', 'Delete'),
        conditions: { StringLike: { 'aws:ResourceTag/leastwise:beneficiary': '*' } },
      },
      ...(this.deployment.leaseRoles ? this.leaseRoles() : []),
    ]);
    makeAssignRole(this, configuration, (...of) => this.trusted(...of), scan);
  }

  /** The fast lane of every region goes under this role to the security account's bus. */
  private forward(): void {
    const { homeRegion, securityAccount } = this.configuration;
    const role = new Role(this, 'Forward', {
      roleName: forwardingRole,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const arn = `arn:aws:events:${homeRegion}:${securityAccount}:event-bus/${centralBus}`;
    role.addToPolicy(new PolicyStatement({ sid: 'Forward', actions: ['events:PutEvents'], resources: [arn] }));
  }

  /**
   * What an IAM user assumes in order to confirm. It may do nothing: that its session exists says that this user showed
   * a second factor, since the session bears the user's name and nobody can choose another.
   */
  private confirm(): void {
    const users = new AccountPrincipal(this.account).withConditions({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM’s own
      StringEquals: { 'aws:PrincipalType': 'User', 'sts:RoleSessionName': '${aws:username}' },
    });
    new Role(this, 'Confirm', {
      roleName: confirmRole,
      description: 'Leastwise: proves a second factor, and may do nothing',
      assumedBy: users,
      maxSessionDuration: Duration.hours(1),
    });
  }

  private scan(): Role {
    const role = this.trusted('Scan', scanRole.name, scanRole.executedBy);
    allow(role, ['iam:GetAccountAuthorizationDetails'], ['*'], 'The action has no resource-level permissions.');
    allow(
      role,
      [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:GetUserPolicy',
        'iam:ListAccessKeys',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
      ],
      ['user', 'role', 'policy'].map((type) => `arn:aws:iam::${this.account}:${type}/*`),
      'Which identity is looked at is known at run time; the role reads and changes nothing.',
    );
    const ofResources = Object.values(resourceReading).flat();
    allow(role, ofResources, ['*'], 'Which resources there are is what is asked; policies are read, and no content.');
    if (this.isManagement) {
      allow(role, organizationReading, ['*'], 'The organization is read whole; these read and change nothing.');
    }
    return role;
  }

  /** Only under the configured paths. */
  private rightsizing(): MemberStatement[] {
    const { paths } = this.deployment.scope;
    const under = (...types: string[]) =>
      types.flatMap((type) => paths.map((path) => `arn:aws:iam::${this.account}:${type}${path}*`));
    return [
      {
        sid: 'InlinePolicies',
        actions: inlineActions('Put', 'Get', 'Delete'),
        resources: under('user', 'role'),
      },
      {
        sid: 'Attachments',
        actions: attachmentActions,
        resources: under('user', 'role'),
      },
      {
        sid: 'PoliciesOfOurOwn',
        actions: ['iam:CreatePolicy', 'iam:DeletePolicy', ...versionActions],
        resources: [`arn:aws:iam::${this.account}:policy${ownPolicyPath}*`],
      },
      // What AWS has made of a policy of its own since it was reviewed.
      {
        sid: 'PoliciesOfAws',
        actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
        resources: ['arn:aws:iam::aws:policy/*'],
      },
      {
        sid: 'ManagedPolicies',
        actions: versionActions,
        resources: under('policy'),
      },
    ];
  }

  /** A role for one lease, never above the boundary: made and filled only with it, and nothing here takes it off. */
  private leaseRoles(): MemberStatement[] {
    const boundary = this.boundary();
    const resources = [`arn:aws:iam::${this.account}:role/leastwise/*`];
    const conditions = { StringEquals: { 'iam:PermissionsBoundary': boundary.managedPolicyArn } };
    return [
      { sid: 'LeaseRoles', actions: ['iam:CreateRole', 'iam:PutRolePolicy'], resources, conditions },
      {
        sid: 'EndLeaseRoles',
        actions: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
        resources,
      },
    ];
  }

  /** What no lease role ever reaches, whatever its policy says: identities, the organization, and what watches them. */
  private boundary(): ManagedPolicy {
    const policy = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: lendingBoundary,
      description: 'Leastwise: the most that a lease role may ever do',
      statements: [
        new PolicyStatement({ sid: 'WhateverIsLent', actions: ['*'], resources: ['*'] }),
        new PolicyStatement({
          sid: 'NeitherIdentitiesNorTheRecord',
          effect: Effect.DENY,
          actions: [
            ...['account', 'iam', 'identitystore', 'organizations', 'sso', 'sso-directory', 'sts'].map(
              (each) => `${each}:*`,
            ),
            ...['Delete', 'Put', 'Stop', 'Update'].map((verb) => `cloudtrail:${verb}*`),
          ],
          resources: ['*'],
        }),
      ],
    });
    for (const wildcard of ['Action::*', 'Resource::*'])
      acknowledge(policy, `AwsSolutions-IAM5[${wildcard}]`, 'A boundary gives nothing: it bounds what a policy gives.');
    return policy;
  }

  private role(kind: keyof typeof memberRoles, statements: readonly MemberStatement[]): void {
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

  /** Break-glass principals, service-linked and reserved roles, the roles that deploy, and our own roles and policies. */
  private outOfReach(): string[] {
    const iam = (resource: string) => `arn:aws:iam::${this.account}:${resource}`;
    return [
      ...[
        'role/leastwise-*',
        'policy/leastwise-*',
        'role/aws-service-role/*',
        'role/aws-reserved/*',
        'role/cdk-*',
        'role/stacksets-exec-*',
        'role/AWSControlTowerExecution',
        'role/OrganizationAccountAccessRole',
      ].map(iam),
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
      // STS itself takes 2 to 64 characters.
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
