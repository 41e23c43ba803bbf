import type { PolicyDocument, Statement } from './statement.ts';

/**
 * What a policy is attached to: `identity` are identity policies, boundaries and session policies, `resource` the
 * policies of resources, `trust` a role's, `endpoint` a VPC endpoint's.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'endpoint' | 'scp' | 'rcp';

interface Refusal {
  place: string;
  detail: string;
}

/** What AWS refuses in a policy of that kind, though its form is right; undefined where it saves it. */
export function refusalOf(document: PolicyDocument, kind: PolicyKind): Refusal | undefined {
  if (kind === 'rcp' && document.version !== '2012-10-17') return { place: 'Version', detail: 'must be 2012-10-17' };
  const sids = new Set<string>();
  for (const statement of document.statements) {
    const place = `Statement[${statement.index}]`;
    const refusal = checks[kind](statement);
    if (refusal) return { place: refusal[0] ? `${place}.${refusal[0]}` : place, detail: refusal[1] };
    if (statement.sid && sids.has(statement.sid)) {
      return { place: `${place}.Sid`, detail: `is used twice: ${statement.sid}` };
    }
    if (statement.sid) sids.add(statement.sid);
  }
  return undefined;
}

type Check = (statement: Statement) => [element: string, detail: string] | undefined;

const named = (statement: Statement, element: 'Action' | 'Resource' | 'Principal'): string => {
  const part = { Action: statement.actions, Resource: statement.resources, Principal: statement.principals }[element];
  return part?.not ? `Not${element}` : element;
};

const identity: Check = (statement) => {
  if (statement.principals) return [named(statement, 'Principal'), 'has no place here: the policy is the principal’s'];
  if (!statement.resources) return ['', 'has neither Resource nor NotResource'];
  if (statement.sid && !/^[0-9A-Za-z]*$/.test(statement.sid)) return ['Sid', 'may hold letters and digits only'];
  const odd = statement.resources.patterns.find((pattern) => !/^(?:\*+$|arn:|\$\{)/.test(pattern));
  return odd === undefined ? undefined : [named(statement, 'Resource'), `${JSON.stringify(odd)} is no ARN and not *`];
};

const resource: Check = (statement) => (statement.principals ? undefined : ['', 'has no Principal']);

const trust: Check = (statement) => {
  if (!statement.principals) return ['', 'has no Principal'];
  if (statement.resources) return [named(statement, 'Resource'), 'has no place in a trust policy'];
  const odd = statement.actions.patterns.find((pattern) => !/^sts:/i.test(pattern));
  return odd === undefined
    ? undefined
    : [named(statement, 'Action'), `${JSON.stringify(odd)} is not of sts: a trust policy speaks of assuming`];
};

const scp: Check = (statement) => {
  if (statement.principals) return [named(statement, 'Principal'), 'is not supported in a service control policy'];
  return statement.resources ? undefined : ['', 'has neither Resource nor NotResource'];
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
  if (!statement.resources) return ['', 'has neither Resource nor NotResource'];
  if (isFullAccess(statement)) return undefined;
  if (statement.effect === 'Allow') return ['Effect', 'must be Deny in a resource control policy'];
  if (statement.actions.not) return ['NotAction', 'is not supported in a resource control policy'];
  return statement.actions.patterns.includes('*')
    ? ['Action', 'must name the service in a resource control policy']
    : undefined;
};

const checks: Readonly<Record<PolicyKind, Check>> = { identity, resource, trust, endpoint: resource, scp, rcp };
