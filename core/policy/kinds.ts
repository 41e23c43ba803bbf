import type { PolicyDocument, Statement } from './statement.ts';

/**
 * What a policy is attached to: `identity` are identity policies, boundaries and session policies, `bucket` the policies
 * of S3 buckets, `resource` those of other resources, `trust` a role's, `endpoint` a VPC endpoint's.
 */
export type PolicyKind = 'identity' | 'resource' | 'bucket' | 'trust' | 'endpoint' | 'scp' | 'rcp';

/** The kind of a resource's own policy; `resource` is its ARN, or that of something in it. */
export const kindOfPolicyOn = (resource: string): 'resource' | 'bucket' =>
  /^arn:[a-z-]+:s3:::/.test(resource) ? 'bucket' : 'resource';

interface Refusal {
  place: string;
  detail: string;
}

/** What AWS refuses in a policy of that kind, though its form is right; undefined where it saves it. */
export function refusalOf(document: PolicyDocument, kind: PolicyKind): Refusal | undefined {
  const whole = refusalOfWhole(document, kind);
  if (whole) return whole;
  const sids = new Set<string>();
  for (const statement of document.statements) {
    const place = `Statement[${statement.index}]`;
    const refusal = checks[kind](statement);
    if (refusal) return { place: refusal[0] ? `${place}.${refusal[0]}` : place, detail: refusal[1] };
    if (statement.sid && sids.has(statement.sid)) {
      return { place: `${place}.Sid`, detail: `is used twice: ${statement.sid}` };
    }
    if (statement.sid && !ofOtherServices.has(kind)) sids.add(statement.sid);
  }
  return undefined;
}

/** IAM says that a Sid must be unique in a policy; of services that store policies themselves nothing is said. */
const ofOtherServices: ReadonlySet<PolicyKind> = new Set(['resource', 'bucket', 'endpoint']);

/** IAM, Organizations and S3 refuse a policy without statements; of other services nothing is said. */
function refusalOfWhole({ version, statements }: PolicyDocument, kind: PolicyKind): Refusal | undefined {
  const isControl = kind === 'rcp' || kind === 'scp';
  if (isControl && version !== '2012-10-17') return { place: 'Version', detail: 'must be 2012-10-17' };
  const mayBeEmpty = kind === 'resource' || kind === 'endpoint';
  return statements.length === 0 && !mayBeEmpty ? { place: 'Statement', detail: 'is empty' } : undefined;
}

type Check = (statement: Statement) => [element: string, detail: string] | undefined;

const named = (statement: Statement, element: 'Action' | 'Resource' | 'Principal'): string => {
  const part = { Action: statement.actions, Resource: statement.resources, Principal: statement.principals }[element];
  return part?.not ? `Not${element}` : element;
};

const identity: Check = (statement) => {
  if (statement.principals) return [named(statement, 'Principal'), 'has no place here: the policy is the principal’s'];
  return sidOf(statement) ?? resourcesOf(statement);
};

const sidOf: Check = ({ sid }) =>
  sid && !/^[0-9A-Za-z]*$/.test(sid) ? ['Sid', 'may hold letters and digits only'] : undefined;

const resourcesOf: Check = (statement) => {
  if (!statement.resources) return ['', 'has neither Resource nor NotResource'];
  for (const pattern of statement.resources.patterns) {
    const odd = oddityOf(pattern);
    if (odd) return [named(statement, 'Resource'), `${JSON.stringify(pattern)} ${odd}`];
  }
  return undefined;
};

/**
 * What IAM refuses in an ARN: "Resource … must be in ARN format", "Partition … is not valid", "Resource vendor must be
 * fully qualified and cannot contain regexes", "IAM resource … cannot contain region information". A partition may be a
 * pattern, a service may not; what ends with a wildcard may leave out the rest.
 */
function oddityOf(pattern: string): string | undefined {
  if (/^(?:\*+$|\$\{)/.test(pattern)) return undefined;
  const [prefix, partition, service = '', region = '', ...rest] = pattern.split(':');
  if (prefix !== 'arn' || partition === undefined) return 'is no ARN and not *';
  if (!/^aws(?:-[a-z-]+)?$|[*?]|\$\{/.test(partition)) return `has a partition that is none: ${partition}`;
  if (/[*?]/.test(service)) return 'has a wildcard in place of the service';
  if (rest.length < 2 && !pattern.endsWith('*') && !pattern.includes('${')) return 'has too few parts for an ARN';
  return service === 'iam' && /[a-z]/.test(region) ? 'has a region, which IAM resources have not' : undefined;
}

const resource: Check = (statement) => (statement.principals ? undefined : ['', 'has no Principal']);

const bucket: Check = (statement) => {
  if (!statement.principals) return ['', 'has no Principal'];
  return statement.resources ? undefined : ['', 'has neither Resource nor NotResource'];
};

const trust: Check = (statement) => {
  if (!statement.principals) return ['', 'has no Principal'];
  if (statement.principals.not) return ['NotPrincipal', 'has no place in a trust policy'];
  if (statement.resources) return [named(statement, 'Resource'), 'has no place in a trust policy'];
  const odd = statement.actions.patterns.find((pattern) => !/^sts:/i.test(pattern));
  return odd === undefined
    ? undefined
    : [named(statement, 'Action'), `${JSON.stringify(odd)} is not of sts: a trust policy speaks of assuming`];
};

const scp: Check = (statement) => {
  if (statement.principals) return [named(statement, 'Principal'), 'is not supported in a service control policy'];
  return sidOf(statement) ?? resourcesOf(statement);
};

/** Everybody, written either way. */
const isEveryone = ({ principals }: Statement): boolean =>
  principals !== null &&
  !principals.not &&
  (principals.who === '*' || (principals.who.size === 1 && (principals.who.get('AWS') ?? []).join() === '*'));

/** RCPFullAWSAccess, which AWS attaches itself, is the one that may allow, and may say `*`. */
const isFullAccess = (statement: Statement): boolean =>
  statement.effect === 'Allow' &&
  !statement.actions.not &&
  statement.actions.patterns.join() === '*' &&
  statement.resources?.patterns.join() === '*' &&
  statement.conditions.length === 0;

const rcp: Check = (statement) => {
  if (!isEveryone(statement)) return [named(statement, 'Principal'), 'must be * in a resource control policy'];
  const odd = sidOf(statement) ?? resourcesOf(statement);
  if (odd) return odd;
  if (isFullAccess(statement)) return undefined;
  if (statement.effect === 'Allow') return ['Effect', 'must be Deny in a resource control policy'];
  if (statement.actions.not) return ['NotAction', 'is not supported in a resource control policy'];
  return statement.actions.patterns.includes('*')
    ? ['Action', 'must name the service in a resource control policy']
    : undefined;
};

const checks: Readonly<Record<PolicyKind, Check>> = {
  identity,
  resource,
  bucket,
  trust,
  endpoint: resource,
  scp,
  rcp,
};
