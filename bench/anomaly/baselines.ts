import type { Deed, Host } from './hosts.ts';

/** What a detector of the simple kind says of a host's deeds: an alarm for each session that holds one of these. */
export interface Baseline {
  name: string;
  /** Whether a deed would alarm, told what the host had done before it. */
  alarms(deed: Deed, before: ReadonlySet<string>): boolean;
}

/** Every action that this caller was never seen to use or try. */
const naive: Baseline = {
  name: 'naive first use by session',
  alarms: ({ actions }, before) => actions.some((action) => !before.has(action)),
};

/**
 * What a list of sensitive calls usually holds: identities, keys and trust, secrets, logging, sharing, shells and
 * passwords. Written down before the first run, not changed since.
 */
const sensitive = new Set(
  `iam:CreateUser iam:CreateRole iam:CreateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile iam:AttachUserPolicy
  iam:AttachRolePolicy iam:AttachGroupPolicy iam:PutUserPolicy iam:PutRolePolicy iam:PutGroupPolicy iam:CreatePolicyVersion
  iam:SetDefaultPolicyVersion iam:UpdateAssumeRolePolicy iam:AddUserToGroup iam:DeactivateMFADevice
  iam:CreateSAMLProvider iam:CreateOpenIDConnectProvider sts:GetFederationToken rolesanywhere:CreateTrustAnchor
  secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ssm:GetParameters ssm:GetParametersByPath
  ssm:SendCommand ssm:StartSession ec2:GetPasswordData ec2:DescribeInstanceAttribute ec2:ModifyInstanceAttribute
  ec2-instance-connect:SendSSHPublicKey ec2-instance-connect:SendSerialConsoleSSHPublicKey ec2:EnableSerialConsoleAccess
  ec2:AuthorizeSecurityGroupIngress ec2:ModifySnapshotAttribute ec2:ModifyImageAttribute ec2:RunInstances
  rds:ModifyDBSnapshotAttribute s3:PutBucketPolicy s3:PutBucketAcl s3:PutLifecycleConfiguration
  s3:PutBucketPublicAccessBlock kms:PutKeyPolicy kms:ScheduleKeyDeletion cloudtrail:StopLogging cloudtrail:DeleteTrail
  cloudtrail:UpdateTrail cloudtrail:PutEventSelectors ec2:DeleteFlowLogs guardduty:DeleteDetector
  guardduty:UpdateDetector config:StopConfigurationRecorder config:DeleteConfigurationRecorder
  organizations:LeaveOrganization lambda:AddPermission lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration
  lambda:CreateFunction sign-in:ConsoleLogin`.split(/\s+/),
);

const staticList: Baseline = {
  name: 'static sensitive list by session',
  alarms: ({ actions }) => actions.some((action) => sensitive.has(action)),
};

export const baselines: readonly Baseline[] = [naive, staticList];

/** Which of a host's scored sessions alarm. */
export function alarmsOn(host: Host, baseline: Baseline): readonly boolean[] {
  const before = new Set(host.history.flatMap(({ actions }) => actions));
  return host.sessions.map(({ deeds }) => {
    let alarmed = false;
    for (const deed of deeds) {
      alarmed ||= baseline.alarms(deed, before);
      for (const action of deed.actions) before.add(action);
    }
    return alarmed;
  });
}

/** The first deed of an attack that alarms, undefined where none does. */
export function firstAlarm(host: Host, attack: readonly Deed[], baseline: Baseline): number | undefined {
  const start = attack[0]!.event.time;
  const before = new Set(host.history.flatMap(({ actions }) => actions));
  for (const { deeds } of host.sessions) {
    for (const { event, actions } of deeds) if (event.time <= start) for (const action of actions) before.add(action);
  }
  const index = attack.findIndex((deed) => baseline.alarms(deed, before));
  return index < 0 ? undefined : index;
}
