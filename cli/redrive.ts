import { SQSClient } from '@aws-sdk/client-sqs';
import { type Command, InvalidArgumentError } from 'commander';
import { moveMessages } from '../adapters/aws/queue.ts';
import { writeLines } from './output.ts';

interface Flags {
  to: string;
  limit: number;
}

/** `leastwise redrive URL --to URL`: sends dead letters back, once their reason is repaired. */
export function registerRedrive(program: Command): void {
  program
    .command('redrive')
    .argument('<url>', 'URL of the dead-letter queue')
    .description('sends dead letters back to their queue, one line each: {"message","reason"}')
    .requiredOption('--to <url>', 'URL of the queue that they came from')
    .option('--limit <number>', 'how many at most', wholeNumber, 1000)
    .addHelpText('after', '\nNeeds credentials of the security account; docs/runbook.md says when.')
    .action(redrive);
}

async function redrive(url: string, { to, limit }: Flags): Promise<void> {
  const sqs = new SQSClient();
  let moved = 0;
  for await (const { MessageId, MessageAttributes } of moveMessages({ sqs, url }, { sqs, url: to }, limit)) {
    moved += 1;
    await writeLines([JSON.stringify({ message: MessageId, reason: MessageAttributes?.reason?.StringValue ?? null })]);
  }
  process.stderr.write(`sent ${moved} messages back\n`);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
