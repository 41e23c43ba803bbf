import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { readConfiguration } from '../adapters/files/configuration.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Finding } from '../core/deployment/examine.ts';
import { instantAt } from '../core/time.ts';
import { examineDeployment } from '../usecases/examine-deployment.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  configuration: string;
  profile?: string;
  probeProfile?: string;
  format: 'ndjson' | 'table';
}

/** `leastwise doctor`: what a deployment needs, whether it holds, and how to repair what does not. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('looks at a deployment, by calls that only read, and explains what fails and its repair')
    .option('--configuration <file>', 'the configuration that was deployed', 'leastwise.config.json')
    .option('--profile <name>', 'AWS profile of the security account; default: as the AWS CLI finds credentials')
    .option('--probe-profile <name>', 'AWS profile of a member account: one read there, awaited for five minutes')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .addHelpText('after', examples)
    .action(doctor);
}

const examples = `
Examples:
  $ leastwise doctor --format table
  $ leastwise doctor --profile security --probe-profile workload

Exit code 3: something fails, or could not be seen. The read of --probe-profile asks for a secret that does not exist.`;

async function doctor(flags: Flags): Promise<void> {
  const configuration = readConfiguration(flags.configuration);
  const findings = await examineDeployment(await wired(flags, configuration))();
  if (flags.format === 'ndjson') await writeLines(findings.map((finding) => JSON.stringify(finding)));
  else await writeLines(tableOf(findings));
  const open = findings.filter(({ verdict }) => verdict !== 'holds').length;
  process.stderr.write(`${findings.length} checks, ${open} to look at\n`);
  if (open > 0) process.exitCode = 3;
}

const tableOf = (findings: readonly Finding[]): string[] => [
  ...table(
    ['CHECK', 'VERDICT', 'SEEN'],
    findings.map(({ check, verdict, detail }) => [check, verdict, detail]),
    100,
  ),
  ...[...new Set(findings.map(({ repair }) => repair).filter((repair) => repair !== ''))].flatMap((repair) => {
    const checks = findings.filter((finding) => finding.repair === repair).map(({ check }) => check);
    return ['', `${[...new Set(checks)].join(', ')}: ${repair}`];
  }),
];

/** AWS's SDK is loaded here only: no other command needs it. */
async function wired({ profile, probeProfile }: Flags, configuration: Configuration) {
  const { deployment, probe } = await import('../adapters/aws/deployment.ts');
  const { deployedStores } = await import('../adapters/aws/deployed-stores.ts');
  const asking = { region: configuration.homeRegion, ...(profile && { profile }) };
  return {
    deployment: deployment(asking),
    ...deployedStores(asking),
    probe: probeProfile ? probe({ ...asking, profile: probeProfile }) : null,
    nonce: randomUUID(),
    configuration,
    now: () => instantAt(Date.now() / 1000),
    wait: (seconds: number) => pause(seconds * 1000),
  };
}
