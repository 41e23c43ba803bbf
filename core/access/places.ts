/** The parts of `arn:partition:service:region:account:rest`; undefined for anything else. */
export function arnParts(arn: string): ArnParts | undefined {
  if (!arn.startsWith('arn:')) return undefined;
  const service = arn.indexOf(':', 4) + 1;
  const region = arn.indexOf(':', service) + 1;
  const account = arn.indexOf(':', region) + 1;
  const rest = arn.indexOf(':', account) + 1;
  // A colon that is missing sends the search back to the start.
  if (service < 4 || region <= service || account <= region || rest <= account) return undefined;
  return {
    partition: arn.slice(4, service - 1),
    service: arn.slice(service, region - 1),
    region: arn.slice(region, account - 1),
    account: arn.slice(account, rest - 1),
    rest: arn.slice(rest),
  };
}

/** The service in an ARN; empty for anything else. */
export function serviceOf(arn: string): string {
  const start = arn.indexOf(':', 4) + 1;
  return start > 4 && arn.startsWith('arn:') ? arn.slice(start, arn.indexOf(':', start)) : '';
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
 * The resource whose policy speaks about this one: a bucket for its objects, a table for its indexes (not for its streams,
 * which have policies of their own), a function for its versions; a resource by itself for all others.
 */
export function policyHolderOf(resource: string, parts = arnParts(resource)): string {
  if (!parts) return resource;
  const { service, rest } = parts;
  const start = resource.length - rest.length;
  if (service === 's3') return before(resource, '/', start, 1);
  if (service === 'dynamodb') return rest.includes('/stream/') ? resource : before(resource, '/', start, 2);
  return service === 'lambda' && rest.startsWith('function:') ? before(resource, ':', start, 2) : resource;
}

/** The text up to the mark that comes as the `count`th from `start` on; all of it where there are fewer. */
function before(text: string, mark: string, start: number, count: number): string {
  let at = start - 1;
  for (let i = 0; i < count; i++) {
    at = text.indexOf(mark, at + 1);
    if (at < 0) return text;
  }
  return text.slice(0, at);
}
