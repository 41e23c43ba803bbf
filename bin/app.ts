import { resolve } from 'node:path';
import { App, Aspects, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfiguration } from '../adapters/files/configuration.ts';
import { LeastwiseStack } from '../lib/leastwise-stack.ts';
import { LocalStage, localStageContext } from '../lib/local-stage.ts';
import { otherAccounts } from '../lib/other-accounts.ts';

/**
 * Synthesizes the security account's stack and those of every other account. Needs no AWS account, no network
 * and no Docker. `--context configuration=FILE` names the configuration; default: leastwise.config.json.
 */
const app = new App();
const configurationFile = resolve(app.node.tryGetContext('configuration') ?? 'leastwise.config.json');
const configuration = readConfiguration(configurationFile);

new LeastwiseStack(app, 'Leastwise', {
  description: 'Leastwise: event-driven least privilege for AWS',
  env: { account: configuration.securityAccount, region: configuration.homeRegion },
  configuration,
  configurationFile,
});
otherAccounts(app, configuration);
const localStage: unknown = app.node.tryGetContext(localStageContext);
if (typeof localStage === 'string') Aspects.of(app).add(new LocalStage(localStage));
else Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
