/** The parts of `arn:partition:service:region:account:rest`; undefined for anything else. */
export function arnParts(arn: string): ArnParts | undefined {
  const [head, partition, service, region, account, ...rest] = arn.split(':');
  if (head !== 'arn' || rest.length === 0) return undefined;
  return { partition, service, region, account, rest: rest.join(':') } as ArnParts;
}

/** The account in an ARN; empty where it names none. */
export const accountOf = (arn: string): string => arnParts(arn)?.account ?? '';

interface ArnParts {
  partition: string;
  service: string;
  region: string;
  account: string;
  rest: string;
}

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` says which role it is of, without the role's path. */
export function roleOfSession(arn: string): { account: string; role: string } | undefined {
  const match = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn);
  return match ? { account: match[1]!, role: match[2]! } : undefined;
}

/**
 * The resource whose policy speaks about this one: a bucket for its objects, a table for its indexes, a function for
 * its versions; a resource by itself for all others.
 */
export function policyHolderOf(resource: string): string {
  const parts = arnParts(resource);
  if (!parts) return resource;
  const { service, rest } = parts;
  const head = resource.slice(0, resource.length - rest.length);
  if (service === 's3') return head + before(rest, '/');
  if (service === 'dynamodb') return head + rest.split('/').slice(0, 2).join('/');
  if (service === 'lambda' && rest.startsWith('function:')) return head + rest.split(':').slice(0, 2).join(':');
  return resource;
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
