import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { hub, members, region } from './organization.ts';
import { run } from './processes.ts';

export interface Deployment {
  /** The project's folder. */
  root: string;
  /** Takes logs, templates and bundles. */
  folder: string;
  endpoint: string;
  /** What is deployed with: written to a file that goes into every bundle. */
  configuration: object;
  /** What every function is told beside its own environment. */
  told: Readonly<Record<string, string>>;
  say(words: string): void;
  /** Awaited before anything of this version is deployed. */
  earlier(): Promise<void>;
}

/** Milliseconds for one run of the CDK CLI. */
const longest = 240_000;
/** As bin/app.ts knows it. */
const context = 'leastwise:local-stage';

/** Deploys the hub and every member with the real CDK CLI; resolves to the address that Slack is to call. */
export async function deploy(deployment: Deployment): Promise<{ requestUrl: string }> {
  const { folder, told, say } = deployment;
  const accounts = [hub, ...Object.values(members)];
  const file = join(folder, 'leastwise.config.json');
  writeFileSync(file, JSON.stringify(deployment.configuration, null, 2));
  directNpx(folder);
  say('bootstrapping three accounts and synthesizing the stacks');
  await Promise.all([
    deployment.earlier(),
    cdk(deployment, hub, 'synth', [
      ...['synth', '--quiet', '--output', join(folder, 'cdk.out')],
      ...['--context', `configuration=${file}`, '--context', `${context}=${JSON.stringify(told)}`],
    ]),
    ...accounts.map((account) =>
      cdk(deployment, account, `bootstrap-${account}`, ['bootstrap', `aws://${account}/${region}`], folder),
    ),
  ]);
  say('deploying the hub and two member accounts');
  const assembly = ['--app', join(folder, 'cdk.out'), '--require-approval', 'never'];
  const outputs = join(folder, 'outputs.json');
  await Promise.all([
    cdk(deployment, hub, 'deploy', ['deploy', 'Leastwise', ...assembly, '--outputs-file', outputs]),
    ...Object.values(members).map((account) =>
      cdk(deployment, account, `deploy-${account}`, ['deploy', 'LeastwiseMember*', ...assembly]),
    ),
  ]);
  return { requestUrl: requestUrlIn(outputs) };
}

/** The CDK asks npx for esbuild once a function, and npm takes as long to start as esbuild takes to bundle. */
function directNpx(folder: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nshift\nexec "$@"\n', { mode: 0o755 });
}

function requestUrlIn(outputs: string): string {
  const { Leastwise = {} } = JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, Record<string, string>>;
  const [, url] = Object.entries(Leastwise).find(([name]) => name.includes('RequestUrl')) ?? [];
  if (url === undefined) throw new Error('the stack gave no address for Slack');
  return url;
}

/** One run of the CDK CLI as an operator of the account; `cwd` without cdk.json runs no app. */
function cdk({ root, folder, endpoint }: Deployment, account: string, log: string, args: string[], cwd = root) {
  const home = join(folder, `home-${log}`);
  mkdirSync(home);
  return run(
    {
      program: process.execPath,
      args: [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args],
      env: {
        PATH: [
          join(folder, 'bin'),
          dirname(process.execPath),
          join(root, 'node_modules/.bin'),
          '/usr/bin',
          '/bin',
        ].join(delimiter),
        HOME: home,
        TMPDIR: folder,
        AWS_ENDPOINT_URL: endpoint,
        // The emulator reads the account out of a key of twelve digits.
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CDK_DISABLE_VERSION_CHECK: '1',
        CI: 'true',
      },
      cwd,
      log: join(folder, `${log}.log`),
    },
    longest,
  );
}
