import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnStackSet, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Configuration, deploymentOf, fastLaneRegions } from '../core/configuration.ts';
import { MemberRegionStack } from './member-region-stack.ts';
import { MemberStack } from './member-stack.ts';

/** CloudFormation takes no longer template in the body of a StackSet. */
const longestTemplate = 51_200;

/**
 * The member stacks in every account below the configured organizational units, those that join later included. The
 * security account is delegated administrator; StackSets skip the management account, which has stacks of its own.
 */
export class MemberStackSets extends Construct {
  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    const { whole, signIns } = fastLaneRegions(configuration);
    // IAM is the same in every region, so the roles are made once.
    const roles = this.stackSet('Roles', {
      name: 'leastwise-member',
      template: templateOf((app) => new MemberStack(app, 'Member', { configuration })),
      regions: [configuration.homeRegion],
      units: deploymentOf(configuration).organizationalUnits,
    });
    for (const [lane, regions] of [['whole', whole] as const, ['sign-ins', signIns] as const]) {
      if (regions.length === 0) continue;
      this.stackSet(lane === 'whole' ? 'FastLane' : 'SignIns', {
        name: lane === 'whole' ? 'leastwise-fast-lane' : 'leastwise-sign-ins',
        template: templateOf((app) => new MemberRegionStack(app, 'Region', { configuration, lane })),
        regions,
        units: deploymentOf(configuration).organizationalUnits,
        after: roles,
      });
    }
  }

  private stackSet(
    id: string,
    props: {
      name: string;
      template: string;
      regions: readonly string[];
      units: readonly string[];
      after?: CfnStackSet;
    },
  ): CfnStackSet {
    const { partition, region, account } = Stack.of(this);
    const set = new CfnStackSet(this, id, {
      stackSetName: props.name,
      description: 'Leastwise: what every member account gets',
      permissionModel: 'SERVICE_MANAGED',
      callAs: 'DELEGATED_ADMIN',
      capabilities: ['CAPABILITY_NAMED_IAM'],
      templateBody: props.template,
      autoDeployment: {
        enabled: true,
        retainStacksOnAccountRemoval: false,
        // In an account that joins, the role must be there before the rules that name it.
        ...(props.after && {
          dependsOn: [`arn:${partition}:cloudformation:${region}:${account}:stackset/${props.after.ref}`],
        }),
      },
      managedExecution: { Active: true },
      operationPreferences: {
        regionConcurrencyType: 'PARALLEL',
        maxConcurrentPercentage: 25,
        failureTolerancePercentage: 10,
      },
      stackInstancesGroup: [
        { deploymentTargets: { organizationalUnitIds: [...props.units] }, regions: [...props.regions] },
      ],
    });
    if (props.after) set.addResourceDependency(props.after);
    return set;
  }
}

/** What the CDK writes for a stack, by itself: StackSets need no bootstrap in the accounts that they reach. */
function templateOf(make: (app: App) => Stack): string {
  const outdir = mkdtempSync(join(tmpdir(), 'leastwise-member-'));
  try {
    const app = new App({ outdir, autoSynth: false, analyticsReporting: false, treeMetadata: false });
    const stack = make(app);
    const template = JSON.stringify(app.synth().getStackArtifact(stack.artifactId).template);
    if (template.length > longestTemplate)
      throw new RangeError(
        `The template of ${stack.node.id} has ${template.length} characters, ${longestTemplate} fit`,
      );
    return template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
