import { type Need, need, type Parameters } from './need.ts';

/** With a version id S3 asks for the action on versions instead. */
export function versioned(plain: readonly string[], version: readonly string[]) {
  const plainNeeds = plain.map((action) => need(action));
  const versionNeeds = version.map((action) => need(action));
  return (parameters: Parameters): readonly Need[] => (parameters.versionId ? versionNeeds : plainNeeds);
}

const putObject = [need('s3:PutObject')];
/** Headers by how they begin, and the action each makes necessary besides writing the object. */
const actionByHeader = [
  ['x-amz-acl', 's3:PutObjectAcl'],
  ['x-amz-grant-', 's3:PutObjectAcl'],
  ['x-amz-tagging', 's3:PutObjectTagging'],
  ['x-amz-object-lock-legal-hold', 's3:PutObjectLegalHold'],
  ['x-amz-object-lock-mode', 's3:PutObjectRetention'],
  ['x-amz-object-lock-retain-until-date', 's3:PutObjectRetention'],
] as const;

/** Writing an object: access control, tags and locks need their own action, only when the request carries them. */
export function putNeeds(parameters: Parameters): readonly Need[] {
  const names = Object.keys(parameters);
  if (!names.some((name) => name.startsWith('x-amz-'))) return putObject;
  const besides = actionByHeader.filter(([header]) => names.some((name) => name.startsWith(header)));
  return [...putObject, ...[...new Set(besides.map(([, action]) => action))].map((action) => need(action))];
}

/**
 * A copy writes one object and reads another, which stands in a header as `/bucket/key?versionId=…`,
 * or as the ARN of an object behind an access point.
 */
export function copyNeeds(parameters: Parameters): readonly Need[] {
  const [source = '', version] = decoded(parameters['x-amz-copy-source']).split('?versionId=');
  const read = version ? 's3:GetObjectVersion' : 's3:GetObject';
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(source) ?? [];
  const about = source.startsWith('arn:') ? [{ source }] : [{ bucketName, key }];
  const target = [{ bucketName: parameters.bucketName, key: parameters.key }];
  return [...putNeeds(parameters).map((put) => ({ ...put, about: target })), need(read, about)];
}

/** Making a bucket: an access control list other than private, object lock and ownership need their own actions. */
export function bucketNeeds(parameters: Parameters): readonly Need[] {
  const needs = [need('s3:CreateBucket')];
  const acl = parameters['x-amz-acl'];
  if ((acl && acl !== 'private') || Object.keys(parameters).some((name) => name.startsWith('x-amz-grant-'))) {
    needs.push(need('s3:PutBucketAcl'));
  }
  if (String(parameters['x-amz-bucket-object-lock-enabled']) === 'true') {
    needs.push(need('s3:PutBucketObjectLockConfiguration'), need('s3:PutBucketVersioning'));
  }
  if (parameters['x-amz-object-ownership']) needs.push(need('s3:PutBucketOwnershipControls'));
  return needs;
}

function decoded(text: unknown): string {
  if (typeof text !== 'string') return '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
