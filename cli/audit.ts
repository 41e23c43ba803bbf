import { type Command, Option } from 'commander';
import { readAuditFolder } from '../adapters/files/audit-folder.ts';
import { signatureCheck } from '../adapters/files/public-key.ts';
import { type VerifiedAudit, verifyAudit } from '../core/audit/verify.ts';
import { momentIn } from './moment.ts';
import { table, writeLines } from './output.ts';

interface Flags {
  publicKey: string;
  until?: string;
  format: 'ndjson' | 'table';
}

/** `leastwise audit verify`: whether the audit is as it was written, without a network. */
export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('questions about the audit bucket, asked offline')
    .command('verify')
    .description('finds every event that was removed, changed, moved or cut off, and says what is not yet signed')
    .argument('<dir>', 'the audit bucket, as aws s3 sync fetched it')
    .requiredOption('--public-key <file>', 'the key that signed: PEM, or what aws kms get-public-key prints')
    .option('--until <time>', 'when it was fetched: manifests must reach up to two hours before')
    .addOption(
      new Option('--format <format>', 'ndjson, or table for people').choices(['ndjson', 'table']).default('ndjson'),
    )
    .addHelpText('after', examples)
    .action(verify);
}

const examples = `
Example:
  $ aws s3 sync s3://AUDIT_BUCKET ./audit-bucket
  $ aws kms get-public-key --key-id alias/leastwise/audit --query PublicKey --output text > audit.key
  $ leastwise audit verify ./audit-bucket --public-key audit.key --until 2026-03-31T12:00:00Z --format table

Exit code 3: something is not as it was written.`;

async function verify(folder: string, flags: Flags): Promise<void> {
  const until = flags.until === undefined ? null : momentIn('--until', flags.until);
  const verified = verifyAudit(readAuditFolder(folder), signatureCheck(flags.publicKey), until);
  for (const key of verified.skipped) process.stderr.write(`skipped ${key}: neither an event nor a manifest\n`);
  const lines = flags.format === 'ndjson' ? rowsOf(verified) : tableOf(verified);
  await writeLines(lines);
  if (verified.findings.length > 0) process.exitCode = 3;
}

const rowsOf = ({ findings, chains, events, manifests, signedUntil, unsigned }: VerifiedAudit): string[] => [
  ...findings.map(({ finding, aggregate, sequence, detail }) =>
    JSON.stringify({ finding, aggregate, sequence, detail }),
  ),
  JSON.stringify({
    summary: { aggregates: chains.length, events, manifests, findings: findings.length, signedUntil, unsigned },
  }),
];

const tableOf = (verified: VerifiedAudit): string[] => [
  ...(verified.findings.length === 0
    ? ['Whole: nothing was removed, changed, moved or cut off.']
    : table(
        ['FINDING', 'AGGREGATE', 'EVENT', 'WHAT'],
        verified.findings.map(({ finding, aggregate, sequence, detail }) => [
          finding,
          aggregate,
          String(sequence),
          detail,
        ]),
        120,
      )),
  '',
  `${verified.events} events in ${verified.chains.length} chains, ${verified.manifests} manifests.`,
  ...windowOf(verified),
];

function windowOf({ signedUntil, unsigned }: VerifiedAudit): string[] {
  if (signedUntil === null) return ['Nothing is signed.'];
  const { events, from, to } = unsigned;
  const behind =
    events === 0 ? 'No event here is behind it' : `${events} of the events lie behind it, of ${from} to ${to}`;
  return [`Signed up to ${signedUntil}. ${behind}; what happened later is not signed yet.`];
}
