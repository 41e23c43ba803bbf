import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** Whatever CloudFormation takes; a test names what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is the template’s own
type Properties = Record<string, any>;

export interface Resource {
  Type: string;
  Properties: Properties;
  Metadata?: Record<string, unknown>;
}

export interface Synthesized {
  output: string;
  /** Where the assets lie. */
  folder: string;
  security: Record<string, Resource>;
  member: Record<string, Resource>;
  management: Record<string, Resource>;
}

/** Runs the real CDK CLI as a user would, without network, account or Docker, and reads what it wrote. */
export async function synthesize(configuration: string): Promise<Synthesized> {
  // The files of a run share one process, and what the CLI wrote; so may several runs, over a folder that is named.
  const own = `leastwise-synth-${process.pid}-${Math.round(performance.timeOrigin)}-${basename(configuration)}`;
  const folder = process.env.LEASTWISE_SYNTHESIZED ?? join(tmpdir(), own);
  if (existsSync(join(folder, 'output.txt'))) return readSynthesized(folder);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      'node_modules/aws-cdk/bin/cdk',
      'synth',
      '--quiet',
      '--output',
      folder,
      '--context',
      `configuration=${configuration}`,
    ],
    { env: { ...process.env, CDK_DISABLE_VERSION_CHECK: '1', AWS_REGION: 'us-east-1' }, maxBuffer: 1 << 26 },
  );
  writeFileSync(join(folder, 'output.txt'), stdout + stderr);
  return readSynthesized(folder);
}

function readSynthesized(folder: string): Synthesized {
  const resources = (stack: string) =>
    (
      JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as {
        Resources: Record<string, Resource>;
      }
    ).Resources;
  const output = readFileSync(join(folder, 'output.txt'), 'utf8');
  return {
    folder,
    output,
    security: resources('Leastwise'),
    member: resources('LeastwiseMember'),
    management: resources('LeastwiseManagement'),
  };
}

/** Resources of one type with their logical ids. */
export const ofType = (resources: Record<string, Resource>, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: unknown[];
  Condition?: unknown;
}

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Every identity statement of the role with that name, inline and in its default policies. */
export function statementsOf(resources: Record<string, Resource>, roleName: string): Statement[] {
  const found = ofType(resources, 'AWS::IAM::Role').find(([, role]) => role.Properties.RoleName === roleName);
  if (!found) throw new Error(`no role is named ${roleName}`);
  return ofType(resources, 'AWS::IAM::Policy')
    .filter(([, policy]) => list(policy.Properties.Roles).some((role: { Ref?: string }) => role.Ref === found[0]))
    .flatMap(([, policy]) => list(policy.Properties.PolicyDocument.Statement as Statement[]))
    .map(
      (statement) =>
        ({ ...statement, Action: list(statement.Action), Resource: list(statement.Resource) }) as Statement,
    );
}

/** Loads a function's bundle as Lambda would, with its environment, and resolves to what kind of thing `handler` is. */
export async function loadBundle({ folder }: Synthesized, { Properties, Metadata }: Resource): Promise<string> {
  const bundle = join(folder, Metadata?.['aws:asset:path'] as string);
  // What is known only at deployment (a reference) is a word here.
  const variables = Object.entries(Properties.Environment.Variables as Record<string, unknown>);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `console.log(typeof (await import(${JSON.stringify(join(bundle, 'index.mjs'))})).handler)`,
    ],
    {
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(
          variables.map(([name, value]) => [name, typeof value === 'string' ? value : 'told-by-the-stack']),
        ),
        AWS_REGION: 'us-east-1',
        LAMBDA_TASK_ROOT: bundle,
      },
    },
  );
  return stdout.trim();
}
