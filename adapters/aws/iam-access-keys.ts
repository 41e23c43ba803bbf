import { type IAMClient, ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { orNull } from './iam-absence.ts';

export interface AccessKey {
  id: string;
  status: 'Active' | 'Inactive';
}

/** The user's keys; null where the user does not exist. */
export async function listAccessKeys(iam: IAMClient, UserName: string): Promise<AccessKey[] | null> {
  const keys: AccessKey[] = [];
  let Marker: string | undefined;
  do {
    const page = await orNull(iam.send(new ListAccessKeysCommand({ UserName, Marker })));
    if (page === null) return null;
    // A key that has expired cannot be used either.
    for (const { AccessKeyId: id, Status } of page.AccessKeyMetadata ?? [])
      if (id !== undefined) keys.push({ id, status: Status === 'Active' ? 'Active' : 'Inactive' });
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return keys;
}

/** `Active` or `Inactive`; null where the key or the user does not exist. */
export async function readAccessKey(iam: IAMClient, user: string, key: string): Promise<string | null> {
  return (await listAccessKeys(iam, user))?.find(({ id }) => id === key)?.status ?? null;
}

/** Switches the key. A removed key could never be put back, so none is removed. */
export async function writeAccessKey(iam: IAMClient, UserName: string, AccessKeyId: string, value: string | null) {
  if (value !== 'Active' && value !== 'Inactive')
    throw new Error('an access key can be Active or Inactive, not removed');
  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: value }));
}
