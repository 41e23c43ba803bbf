import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { Alarms } from './alarms.ts';
import { Audit } from './audit.ts';
import { Changes } from './changes.ts';
import { Dashboard } from './dashboard.ts';
import { Detection } from './detection.ts';
import { Findings } from './findings.ts';
import { Foundation } from './foundation.ts';
import { Ingestion } from './ingestion.ts';
import { Inventory } from './inventory.ts';
import { MemberStackSets } from './member-stack-sets.ts';
import { Slack } from './slack.ts';
import { Trials } from './trials.ts';

export interface LeastwiseStackProps extends StackProps {
  configuration: Configuration;
  /** The file it was read from; goes into every bundle. */
  configurationFile: string;
}

/** The system in the security account, on one screen. */
export class LeastwiseStack extends Stack {
  constructor(scope: Construct, id: string, props: LeastwiseStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const foundation = new Foundation(this, 'Foundation', props);
    const ingestion = new Ingestion(this, 'Ingestion', foundation);
    const detection = new Detection(this, 'Detection', foundation);
    const slack = new Slack(this, 'Slack', foundation);
    const changes = new Changes(this, 'Changes', foundation, slack.messages, ingestion.bus);
    new Audit(this, 'Audit', foundation);
    new Trials(this, 'Trials', foundation);
    const inventory = new Inventory(this, 'Inventory', foundation, ingestion.bus);
    if (deploymentOf(props.configuration).organizationalUnits.length > 0) {
      // The roles there trust the execution roles here by ARN, which IAM takes only of roles that exist.
      new MemberStackSets(this, 'Members', props.configuration).node.addDependency(slack, changes, inventory);
    }
    const { outputs } = props.configuration.detection ?? {};
    const findings = outputs && new Findings(this, 'Findings', { foundation, events: changes.bus, outputs });
    const queues = [ingestion, slack, changes, inventory, ...(findings ? [findings] : [])].flatMap(
      (each) => each.queues,
    );
    const lost = [detection, changes].flatMap((each) => each.lost);
    new Alarms(this, 'Alarms', { key: foundation.encryption.data, queues, lost, events: changes.bus });
    new Dashboard(this, 'Dashboard', queues);
  }
}
