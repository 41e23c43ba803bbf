import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { ownPolicyOf } from '../../core/changes/own-policies.ts';
import { documentOf, orNull } from './iam-absence.ts';

/** A managed policy holds this many versions. */
const mostVersions = 5;

/** The text of the default version; null where the policy does not exist. */
export async function readManaged(iam: IAMClient, PolicyArn: string): Promise<string | null> {
  const answer = await orNull(iam.send(new GetPolicyCommand({ PolicyArn })));
  if (answer === null) return null;
  const VersionId = answer.Policy?.DefaultVersionId;
  if (VersionId === undefined) throw new Error(`IAM named no default version of ${PolicyArn}`);
  return versionText(iam, PolicyArn, VersionId);
}

/**
 * Makes the text the default version: one that holds it already, or a new one for which the oldest other makes room.
 * A policy that is Leastwise's own is made where there is none, and deleted by null.
 */
export async function writeManaged(iam: IAMClient, PolicyArn: string, text: string | null): Promise<void> {
  const own = ownPolicyOf(PolicyArn);
  if (text === null) {
    if (!own) throw new Error('a managed policy cannot be removed: its attachments could not be restored');
    return deleteManaged(iam, PolicyArn);
  }
  if (own && (await orNull(iam.send(new GetPolicyCommand({ PolicyArn })))) === null) {
    const { name: PolicyName, path: Path } = own;
    await iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: text }));
    return;
  }
  const versions = await versionsOf(iam, PolicyArn);
  for (const { id: VersionId, isDefault } of versions) {
    if ((await versionText(iam, PolicyArn, VersionId)) !== text) continue;
    if (!isDefault) await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
    return;
  }
  const oldest = versions.find(({ isDefault }) => !isDefault);
  if (versions.length >= mostVersions && oldest)
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.id }));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: text, SetAsDefault: true }));
}

/** The default version goes last, with the policy; IAM deletes none that is attached to anything. */
async function deleteManaged(iam: IAMClient, PolicyArn: string): Promise<void> {
  const versions = (await orNull(versionsOf(iam, PolicyArn))) ?? [];
  for (const { id: VersionId, isDefault } of versions)
    if (!isDefault) await orNull(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
  await orNull(iam.send(new DeletePolicyCommand({ PolicyArn })));
}

interface Version {
  id: string;
  isDefault: boolean;
}

/** Oldest first: their numbers only ever grow. */
async function versionsOf(iam: IAMClient, PolicyArn: string): Promise<Version[]> {
  const versions: Version[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, Marker }));
    for (const { VersionId: id, IsDefaultVersion } of page.Versions ?? [])
      if (id !== undefined) versions.push({ id, isDefault: IsDefaultVersion === true });
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return versions.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

async function versionText(iam: IAMClient, PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return documentOf(PolicyVersion?.Document, `${PolicyArn} ${VersionId}`);
}
