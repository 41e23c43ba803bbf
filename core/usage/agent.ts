import { memo } from './memo.ts';

/** Tools that stand behind the product they are built on: the most telling name first. */
const tools = [
  'Terraform',
  'OpenTofu',
  'Pulumi',
  'aws-cdk',
  'CloudFormation',
  'Ansible',
  'S3Console',
  'aws-cli',
  'Boto3',
  'Botocore',
];

/**
 * The family of a user agent: the product without version, system or id, so that an update is no new agent. Anybody can
 * write anything here, so it is at most 40 characters. null where the record has none.
 */
export const agentOf = (userAgent: string | null): string | null => (userAgent === null ? null : familyOf(userAgent));

const familyOf = memo((userAgent: string): string => {
  const text = userAgent.replace(/^\[+/, '').trimStart();
  for (const tool of tools) if (text.includes(`${tool}/`)) return tool;
  if (/^[a-z0-9.-]+\.amazonaws\.com\b/.test(text)) return text.split(/[\s\],]/, 1)[0]!.slice(0, 40);
  if (text.startsWith('AWS Internal')) return 'AWS Internal';
  const product = /^[A-Za-z][A-Za-z0-9.-]*/.exec(text)?.[0] ?? 'other';
  return product.replace(/[-.]v?\d[\d.]*$/, (version) => (version === '-v2' ? version : '')).slice(0, 40);
});
