import type { Command } from 'commander';
import { readJson } from '../adapters/files/problems.ts';
import { slackManifest } from '../adapters/slack/manifest.ts';
import { objectOf, textOf } from '../core/untrusted.ts';
import { writeLines } from './output.ts';

interface Flags {
  outputs: string;
  privateChannel?: boolean;
}

/** `leastwise slack-manifest`: the manifest of the Slack app, for the address that the stack gave. */
export function registerSlackManifest(program: Command): void {
  program
    .command('slack-manifest')
    .description('the manifest of the Slack app, as JSON, from what the stack put out')
    .requiredOption('--outputs <file>', 'what cdk deploy wrote to --outputs-file')
    .option('--private-channel', 'the channel of the configuration is a private one')
    .addHelpText(
      'after',
      `
Examples:
  $ npx cdk deploy Leastwise --outputs-file outputs.json
  $ leastwise slack-manifest --outputs outputs.json > manifest.json`,
    )
    .action(writeManifest);
}

async function writeManifest({ outputs, privateChannel }: Flags): Promise<void> {
  const requestUrl = requestUrlIn(readJson(outputs));
  if (requestUrl === null)
    throw new Error(
      `${outputs}: no request URL of Slack in it; write it with cdk deploy Leastwise --outputs-file FILE`,
    );
  const manifest = slackManifest({ requestUrl, channel: privateChannel ? 'private' : 'public' });
  await writeLines([JSON.stringify(manifest, null, 2)]);
}

/** The file has the outputs of each stack; the CDK puts a hash behind the names that it made itself. */
function requestUrlIn(outputs: unknown): string | null {
  const found = Object.values(objectOf(outputs) ?? {})
    .flatMap((stack) => Object.entries(objectOf(stack) ?? {}))
    .find(([name]) => name.startsWith('SlackRequestUrl'));
  const url = textOf(found?.[1]);
  return url?.startsWith('https://') ? url : null;
}
