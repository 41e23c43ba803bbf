import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { colours } from '../colours.ts';
import { type Emulated, startEmulated } from './start.ts';

/** `npm run local`: deploys into emulators, says where everything is, and stays up until Ctrl-C. */
const say = (words: string) => process.stderr.write(`${colours.dim(`${words} …`)}\n`);

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});

const { ministack, moto } = new Command('npm run local --')
  .description('Leastwise, deployed into emulators of AWS on this machine. Nothing leaves it.')
  .option('--ministack <url>', 'MiniStack that runs already (local/emulated/compose.yaml)')
  .option('--moto <url>', 'moto that runs already')
  .parse()
  .opts<{ ministack?: string; moto?: string }>();
const running = ministack && moto ? { ministack, moto } : undefined;

if (running || isInstalled()) await serve();
else process.exitCode = 1;

function isInstalled(): boolean {
  say('installing the emulators in .local/aws where they are missing');
  const script = fileURLToPath(new URL('../../test/emulators/install.sh', import.meta.url));
  return spawnSync('sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

async function serve(): Promise<void> {
  const begun = startEmulated(say, { running }).catch((fault: Error) => {
    process.stderr.write(`${colours.red(fault.message)}\n`);
    process.exit(1);
  });
  const up = await Promise.race([begun, stopped]);
  // In the middle of a deployment: leaving ends what was started.
  if (!up) process.exit(130);
  console.log(wordsOf(up));
  await stopped;
  say('ending what was started');
  await up.stop();
}

function wordsOf({ endpoint, moto, requestUrl, signingSecret, names, slackUrl, folder }: Emulated): string {
  return [
    `Leastwise is deployed into ${colours.cyan(endpoint)} (IAM, STS, Organizations, Identity Center: ${moto}).`,
    `Slack endpoint    ${requestUrl}`,
    `  send it to      ${endpoint} with that host name as Host, signed with ${signingSecret}`,
    `Slack stand-in    ${slackUrl}posted`,
    `Ledger            ${names.ledger}`,
    `State             ${names.state}`,
    `Logs              ${folder}`,
    'An AWS CLI reaches it with',
    `  AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1`,
    `  AWS_ENDPOINT_URL_IAM=${moto} AWS_ENDPOINT_URL_STS=${moto}`,
    'Ctrl-C ends it.',
  ].join('\n');
}
