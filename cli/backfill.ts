import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { listKeys } from '../adapters/aws/bucket.ts';
import { enqueueInto } from '../adapters/aws/queue.ts';
import { historicFiles } from '../core/usage/historic-files.ts';

interface Flags {
  queue: string;
}

/** `leastwise backfill s3://BUCKET/FOLDER --queue URL`: what was used before Leastwise was there. */
export function registerBackfill(program: Command): void {
  program
    .command('backfill')
    .argument('<folder>', 's3://BUCKET/FOLDER/ of old files in the trail’s own bucket')
    .description('lists old log files into the queue of the full lane: they are learned from and never scored')
    .requiredOption('--queue <url>', 'URL of the full lane’s queue')
    .addHelpText(
      'after',
      `
Needs credentials of the security account that may list the bucket. Run again, it changes nothing.
Example:
  $ leastwise backfill s3://trail/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-central-1/2026/ --queue URL`,
    )
    .action(backfill);
}

async function backfill(folder: string, { queue }: Flags): Promise<void> {
  const [, name, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(folder) ?? [];
  if (name === undefined || prefix === undefined) throw new Error(`${folder} is not like s3://BUCKET/FOLDER/`);
  const keys = await listKeys({ s3: new S3Client(), name }, prefix);
  const { messages, files, skipped } = historicFiles(name, keys);
  const enqueue = enqueueInto({ sqs: new SQSClient(), url: queue });
  for (const message of messages) await enqueue(JSON.stringify(message));
  process.stderr.write(`listed ${files} files in ${messages.length} messages; skipped ${skipped} others\n`);
}
