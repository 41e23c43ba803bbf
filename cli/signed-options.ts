import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { SignedAnswer, SignedAsk } from '../usecases/ports/signed-asks.ts';

/** What every command says that speaks to a deployment in the name of its caller. */
export interface SignedFlags {
  url?: string;
  profile?: string;
  region: string;
}

/** The options that such commands share. */
export const signedOptions = (command: Command): Command =>
  command
    .option('--url <address>', 'the deployment’s address for terminals (output SignedUrl); else LEASTWISE_URL')
    .option('--profile <name>', 'AWS profile of your own session; default: as the AWS CLI finds credentials')
    .option('--region <region>', 'whose STS names you', process.env.AWS_REGION ?? 'us-east-1');

/** Signs the wish by the caller's own session and resolves to the answer. AWS's SDK is loaded here only. */
export async function ask({ url = process.env.LEASTWISE_URL, profile, region }: SignedFlags, wish: SignedAsk) {
  if (!url) throw new Error('Which deployment? Name its address by --url or LEASTWISE_URL.');
  const { askSigned } = await import('../adapters/aws/signed-client.ts');
  const signing = { region, ...(profile && { profile }) };
  return askSigned({ url, signing, wait: (seconds) => pause(seconds * 1000) }, wish);
}

/** The answer's data to stdout, its words to stderr; exit code 3 where it was refused. */
export function tell({ done, words, data }: SignedAnswer): void {
  if (data) process.stdout.write(`${JSON.stringify(data)}\n`);
  process.stderr.write(`${words}\n`);
  if (!done) process.exitCode = 3;
}

/** Asks at the terminal; anything but a yes is a no, and so is a terminal that nobody sits at. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const said = await terminal.question(`${question} [yes/no] `);
  terminal.close();
  return said.trim().toLowerCase() === 'yes';
}
