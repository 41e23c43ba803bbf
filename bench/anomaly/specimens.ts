import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textIn } from '../../adapters/files/unzip.ts';

/** A record of CloudTrail as it stands in a log. */
export type LogRecord = Readonly<Record<string, unknown>> & { eventTime: string; eventName: string };

/** The events of one attack, in order of time, as somebody recorded them. */
export interface Specimen {
  /** `aws.TACTIC.NAME`: the same technique from two logs has one name, and falls into one half. */
  technique: string;
  tactic: string;
  log: 'stratus' | 'invictus';
  records: readonly LogRecord[];
}

/** The attack tool signs its own calls; the agent is rewritten before anything is scored. */
const attackTool = /^\[?stratus-red-team_[0-9a-f-]+/;

/**
 * What the runs in the log without labels were, by the event that decides it. A technique's first run counts: later ones
 * with the same event are its clean-up or a repetition.
 */
const decidedBy: Readonly<Record<string, string>> = {
  GetPasswordData: 'aws.credential-access.ec2-get-password-data',
  'SendCommand GetCommandInvocation': 'aws.credential-access.ec2-steal-instance-credentials',
  GetSecretValue: 'aws.credential-access.secretsmanager-retrieve-secrets',
  GetParameters: 'aws.credential-access.ssm-retrieve-securestring-parameters',
  DeleteTrail: 'aws.defense-evasion.cloudtrail-delete',
  PutEventSelectors: 'aws.defense-evasion.cloudtrail-event-selectors',
  PutBucketLifecycle: 'aws.defense-evasion.cloudtrail-lifecycle-rule',
  StopLogging: 'aws.defense-evasion.cloudtrail-stop',
  LeaveOrganization: 'aws.defense-evasion.organizations-leave',
  DeleteFlowLogs: 'aws.defense-evasion.vpc-remove-flow-logs',
  DescribeInstanceAttribute: 'aws.discovery.ec2-download-user-data',
  SendCommand: 'aws.discovery.ec2-enumerate-from-instance',
  RunInstances: 'aws.execution.ec2-launch-unusual-instances',
  AuthorizeSecurityGroupIngress: 'aws.exfiltration.ec2-security-group-open-port-22-ingress',
  ModifyImageAttribute: 'aws.exfiltration.ec2-share-ami',
  ModifySnapshotAttribute: 'aws.exfiltration.ec2-share-ebs-snapshot',
  ModifyDBSnapshotAttribute: 'aws.exfiltration.rds-share-snapshot',
  PutBucketPolicy: 'aws.exfiltration.s3-backdoor-bucket-policy',
  ConsoleLogin: 'aws.initial-access.console-login-without-mfa',
  UpdateAssumeRolePolicy: 'aws.persistence.iam-backdoor-role',
  'CreateUser CreateAccessKey': 'aws.persistence.iam-create-admin-user',
  CreateAccessKey: 'aws.persistence.iam-backdoor-user',
  CreateLoginProfile: 'aws.persistence.iam-create-user-login-profile',
  AddPermission20150331v2: 'aws.persistence.lambda-backdoor-function',
  UpdateFunctionCode20150331v2: 'aws.persistence.lambda-overwrite-code',
  CreateTrustAnchor: 'aws.persistence.rolesanywhere-create-trust-anchor',
};

/** Every specimen of the public logs under the folder, by technique and log; null where the logs are not there. */
export function specimensIn(folder: string): readonly Specimen[] | null {
  const [stratus, invictus] = [join(folder, 'stratus'), join(folder, 'invictus')];
  if (!existsSync(stratus) || !existsSync(invictus)) return null;
  const labelled = readdirSync(stratus)
    .filter((name) => name.endsWith('.json'))
    .map((name) => specimenOf(name.slice(0, -'.json'.length), 'stratus', recordsIn(join(stratus, name))));
  return [...labelled, ...runsIn(publicLog(invictus))].sort((a, b) =>
    a.technique === b.technique ? (a.log < b.log ? -1 : 1) : a.technique < b.technique ? -1 : 1,
  );
}

const publicLog = (folder: string): readonly LogRecord[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .flatMap((name) => recordsIn(join(folder, name)))
    .sort(byTime);

const isAttack = (record: LogRecord): boolean => attackTool.test(String(record.userAgent));

/** What the log without labels holds beside the attack, in order of time. */
export const benignRecords = (folder: string): readonly LogRecord[] =>
  publicLog(join(folder, 'invictus')).filter((record) => !isAttack(record));

function recordsIn(path: string): readonly LogRecord[] {
  const text = textIn(readFileSync(path));
  if (!text.ok) throw new Error(`${path}: ${text.error.detail}`);
  const log = JSON.parse(text.value) as { Records?: LogRecord[] } | LogRecord[];
  return Array.isArray(log) ? log : (log.Records ?? []);
}

function specimenOf(technique: string, log: Specimen['log'], records: readonly LogRecord[]): Specimen {
  return { technique, tactic: technique.split('.')[1]!, log, records: [...records].sort(byTime) };
}

/** One run of the tool has one agent. */
function runsIn(records: readonly LogRecord[]): readonly Specimen[] {
  const runs = new Map<string, LogRecord[]>();
  for (const record of records.filter(isAttack)) {
    const run = attackTool.exec(String(record.userAgent))![0].replace('[', '');
    const known = runs.get(run);
    if (known === undefined) runs.set(run, [record]);
    else known.push(record);
  }
  const first = new Map<string, Specimen>();
  for (const own of runs.values()) {
    const technique = techniqueOf(own);
    if (technique !== undefined && !first.has(technique)) first.set(technique, specimenOf(technique, 'invictus', own));
  }
  return [...first.values()];
}

function techniqueOf(run: readonly LogRecord[]): string | undefined {
  const names = new Set(run.map(({ eventName }) => eventName));
  const decided = Object.entries(decidedBy).find(([events]) => events.split(' ').every((name) => names.has(name)));
  return decided?.[1];
}

const byTime = (a: LogRecord, b: LogRecord): number =>
  a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0;
