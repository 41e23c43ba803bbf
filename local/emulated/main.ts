import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { colours } from '../colours.ts';
import { type Emulated, startEmulated } from './start.ts';

/** `npm run local`: deploys into emulators, says where everything is, and stays up until Ctrl-C. */
const say = (words: string) => process.stderr.write(`${colours.dim(`${words} …`)}\n`);

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});

say('installing the emulators in .local/aws where they are missing');
const install = fileURLToPath(new URL('../../test/emulators/install.sh', import.meta.url));
const { status } = spawnSync('sh', [install], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exitCode = 1;
else await serve();

async function serve(): Promise<void> {
  const begun = startEmulated(say).catch((fault: Error) => {
    process.stderr.write(`${colours.red(fault.message)}\n`);
    process.exit(1);
  });
  const running = await Promise.race([begun, stopped]);
  // In the middle of a deployment: leaving ends what was started.
  if (!running) process.exit(130);
  console.log(wordsOf(running));
  await stopped;
  say('ending what was started');
  await running.stop();
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
