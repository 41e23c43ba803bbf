import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface LambdaFunctionProps {
  /** Folder under lambdas/, and the function's own name. */
  folder: string;
  /** Where one folder is deployed several times: the name of this one. */
  name?: string;
  environment: Record<string, string>;
  /** Encrypts the logs. */
  key: IKey;
  /** Path of the configuration file that goes into the bundle. */
  configuration: string;
  timeout?: Duration;
  memory?: number;
  concurrency?: number;
  /** A role of several functions that do the same work; default: one of its own. */
  role?: Role;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** An execution role that can do nothing yet; every permission comes from what the function is given. */
export function executionRole(scope: Construct, id: string, name: string): Role {
  return new Role(scope, id, {
    roleName: name,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Leastwise: executes ${name}`,
  });
}

/** One Lambda function in the house's way: Node 24, ESM, traced, its own log group and role. */
export class LambdaFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    const name = `leastwise-${props.name ?? props.folder}`;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/leastwise/${props.name ?? props.folder}`,
      retention: RetentionDays.THREE_MONTHS,
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = props.role ?? executionRole(scope, `${id}Role`, name);
    super(scope, id, {
      functionName: name,
      entry: `${root}lambdas/${props.folder}/index.ts`,
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory ?? 512,
      timeout: props.timeout ?? Duration.seconds(30),
      ...(props.concurrency && { reservedConcurrentExecutions: props.concurrency }),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: 'Leastwise' },
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      bundling: bundling(props.configuration),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.executes = role;
    this.name = props.name ?? props.folder;
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray has no resource-level permissions for what Lambda tracing needs.',
    );
    acknowledge(this, 'AwsSolutions-L1', 'Node.js 24 is the newest runtime that this version of aws-cdk-lib knows.');
  }

  /** As in its folder, or as it was given where one folder is deployed several times. */
  readonly name: string;
  /** The execution role, to grant to. */
  readonly executes: Role;
}

/** Everything goes into the bundle, the SDK too: what was tested is what runs. */
const bundling = (configuration: string) => ({
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  logLevel: LogLevel.ERROR,
  sourceMap: true,
  externalModules: [],
  mainFields: ['module', 'main'],
  // CommonJS dependencies inside an ESM bundle still call require().
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input: string, output: string) => [`cp "${configuration}" "${output}/configuration.json"`],
  },
});
