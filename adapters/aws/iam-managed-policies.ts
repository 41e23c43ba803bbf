import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
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

/** Makes the text the default version: one that holds it already, or a new one for which the oldest other makes room. */
export async function writeManaged(iam: IAMClient, PolicyArn: string, text: string | null): Promise<void> {
  if (text === null) throw new Error('a managed policy cannot be removed: its attachments could not be restored');
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
