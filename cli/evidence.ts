import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readAuditFolder } from '../adapters/files/audit-folder.ts';
import { type LocalSigner, localSigner } from '../adapters/files/local-signer.ts';
import { signatureCheck } from '../adapters/files/public-key.ts';
import { canonicalJson } from '../core/audit/canonical.ts';
import { digestOfText } from '../core/audit/manifest.ts';
import { verifyAudit } from '../core/audit/verify.ts';
import { evidenceCsv } from '../core/evidence/csv.ts';
import { type Evidence, evidenceOf } from '../core/evidence/evidence.ts';
import { evidenceHtml } from '../core/evidence/html.ts';
import { edgeOf } from './moment.ts';

interface Flags {
  from: string;
  to: string;
  out: string;
  publicKey?: string;
  signKey?: string;
}

/** `leastwise evidence`: the decisions of a period and what became of them, for a reviewer. */
export function registerEvidence(program: Command): void {
  program
    .command('evidence')
    .description('writes who approved, was granted and lost what in a period, with why and the proof of each')
    .argument('<dir>', 'the audit bucket, as aws s3 sync fetched it')
    .requiredOption('--from <day>', 'first day, or moment (UTC)')
    .requiredOption('--to <day>', 'last day, which is in it, or the moment before which it ends (UTC)')
    .requiredOption('--out <folder>', 'where evidence.html, evidence.csv and evidence.json go')
    .option('--public-key <file>', 'the key that signed the audit; without it signatures are not checked')
    .option('--sign-key <file>', 'your own private key, PEM; without it the report is not signed')
    .addHelpText('after', examples)
    .action(writeEvidence);
}

const examples = `
Example:
  $ leastwise evidence ./audit-bucket --from 2026-01-01 --to 2026-03-31 --out ./q1 --public-key audit.key --sign-key me.pem

Exit code 3: something in the audit is not as it was written; the report says what, and does not count it.`;

async function writeEvidence(folder: string, flags: Flags): Promise<void> {
  const period = { from: edgeOf('--from', flags.from), to: edgeOf('--to', flags.to) };
  if (period.from >= period.to) throw new Error(`--from ${flags.from} is not before --to ${flags.to}`);
  const check = flags.publicKey === undefined ? undefined : signatureCheck(flags.publicKey);
  const signer = flags.signKey === undefined ? null : localSigner(flags.signKey);
  const evidence = evidenceOf(verifyAudit(readAuditFolder(folder), check), period, check !== undefined);
  writeReport(flags.out, evidence, signer);
  for (const sentence of wordsOf(evidence, signer)) process.stderr.write(`${sentence}\n`);
  if (evidence.findings.length > 0) process.exitCode = 3;
}

function writeReport(out: string, evidence: Evidence, signer: LocalSigner | null): void {
  const files = { 'evidence.html': evidenceHtml(evidence, signer), 'evidence.csv': evidenceCsv(evidence) };
  const digests = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, digestOfText(text)]));
  const { period, signedUntil, findings, rows, unverified } = evidence;
  const counts = { findings: findings.length, rows: rows.length, unverified: unverified.length };
  const manifest = canonicalJson({ v: 1, period, signedUntil, ...counts, sha256: digests });
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
  writeFileSync(join(out, 'evidence.json'), manifest);
  // Those of an earlier report say nothing about this one.
  for (const name of ['evidence.json.sig', 'evidence.pem']) rmSync(join(out, name), { force: true });
  if (signer === null) return;
  writeFileSync(join(out, 'evidence.json.sig'), signer.sign(manifest));
  writeFileSync(join(out, 'evidence.pem'), signer.publicKey);
}

const wordsOf = ({ rows, unverified, findings, keyed }: Evidence, signer: LocalSigner | null): string[] => [
  `${rows.length} rows, ${unverified.length} not verified, ${findings.length} findings`,
  ...(keyed ? [] : ['no --public-key: signatures of the audit were not checked']),
  signer === null ? 'no --sign-key: the report is not signed' : `signed by the key with SHA-256 ${signer.fingerprint}`,
];
