import { objectOf, textOf } from '../untrusted.ts';
import type { AccountId, ActorId, Caller, PrincipalId } from './principal.ts';

type Fields = Readonly<Record<string, unknown>>;
type Who = Pick<Caller, 'principal' | 'arn' | 'actor'> & { federated?: boolean; isService?: boolean };

/** `denied`: by a policy; `failed`: for any other reason. */
type Call = 'done' | 'denied' | 'failed';

const none: Fields = {};
const uniqueId = /^(?:AIDA|AROA)[A-Z0-9]{12,28}$/;
const accountId = /^\d{12}$/;
const reservedRole = /^AWSReservedSSO_.+_[0-9a-f]{8,32}$/;
/** Customers cannot create roles under this path, so nobody can borrow a person's name with a role of their own. */
const reservedPath = ':role/aws-reserved/sso.amazonaws.com/';

/**
 * Reads any `userIdentity` that CloudTrail writes, or none (ADR-0002). Never fails: what says nothing is
 * `unknown:SOURCE`, so that the record still counts. `call`: what became of the call; where it failed, a subject that an
 * identity provider names in it was not taken for anybody.
 */
export function callerOf(userIdentity: unknown, eventSource: string, call: Call = 'done'): Caller {
  const identity = objectOf(userIdentity) ?? none;
  const context = objectOf(identity.sessionContext) ?? none;
  const attributes = objectOf(context.attributes) ?? none;
  const unproven = call !== 'done' && (identity.type === 'SAMLUser' || identity.type === 'WebIdentityUser');
  const who = unproven ? refused(identity, eventSource, call) : whoIs(identity, context, eventSource);
  const person = onBehalfOf(identity);
  return {
    principal: who.principal,
    arn: who.arn,
    actor: person ?? who.actor,
    account: accountOf(identity.accountId),
    session: sessionOf(identity),
    invokedBy: textOf(identity.invokedBy),
    accessKeyId: textOf(identity.accessKeyId),
    mfa: truthOf(attributes.mfaAuthenticated),
    federated: person !== null || who.federated === true,
    isService: who.isService === true,
  };
}

/** Twelve digits, else null. */
export const accountOf = (value: unknown): AccountId | null =>
  typeof value === 'string' && accountId.test(value) ? (value as AccountId) : null;

function whoIs(identity: Fields, context: Fields, source: string): Who {
  switch (identity.type) {
    case 'AssumedRole':
      return assumedRole(identity, context, source);
    case 'IAMUser':
    case 'Role':
      return named(identity, source);
    case 'Root':
      return root(identity, source);
    case 'FederatedUser':
      return federatedUser(identity, context, source);
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'Directory':
      return provided(identity, source);
    case 'AWSService':
      return service(identity, source);
    case 'IdentityCenterUser':
      return identityCenterUser(identity, source);
    case 'AWSAccount':
    case 'Unknown':
      return named(identity, source);
    default:
      return untyped(identity, source);
  }
}

/** The unique id before a session name, where it is well formed. */
function uniqueIdOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const colon = value.indexOf(':');
  const id = colon === -1 ? value : value.slice(0, colon);
  return uniqueId.test(id) ? id : null;
}

const arnOf = (value: unknown): string | null => (typeof value === 'string' && value.startsWith('arn:') ? value : null);

const same = (id: string, more: Partial<Who> = {}): Who => ({
  principal: id as PrincipalId,
  arn: null,
  actor: id as ActorId,
  ...more,
});

const nobody = (identity: Fields, source: string): string => {
  const account = textOf(identity.accountId);
  return account === null ? `unknown:${source}` : `account:${account}`;
};

/** An IAM entity by its id, else its ARN, else its account. Callers of other accounts often have no ARN. */
function named(identity: Fields, source: string): Who {
  const arn = arnOf(identity.arn);
  const id = uniqueIdOf(identity.principalId) ?? arn ?? nobody(identity, source);
  return { principal: id as PrincipalId, arn, actor: (arn ?? id) as ActorId };
}

function root(identity: Fields, source: string): Who {
  const account = accountOf(identity.accountId);
  const arn = arnOf(identity.arn) ?? (account === null ? null : `arn:aws:iam::${account}:root`);
  return same(arn ?? nobody(identity, source), { arn });
}

/**
 * A role session is its role. Without a session issuer the session's ARN names the role, but not its path: then the
 * ARN without the session name stands for it, and `arn` stays null rather than be guessed.
 */
function assumedRole(identity: Fields, context: Fields, source: string): Who {
  const issuer = objectOf(context.sessionIssuer) ?? none;
  const arn = arnOf(issuer.arn);
  const session = arnOf(identity.arn);
  const key = arn ?? (session === null ? null : withoutSession(session));
  const id = uniqueIdOf(issuer.principalId) ?? uniqueIdOf(identity.principalId) ?? key ?? nobody(identity, source);
  const web = objectOf(context.webIdFederationData);
  const person = reservedActor(arn, session) ?? webIdentityActor(web);
  return {
    principal: id as PrincipalId,
    arn,
    actor: person ?? ((arn ?? id) as ActorId),
    federated: person !== null || textOf(web?.federatedProvider) !== null,
  };
}

const withoutSession = (arn: string): string => {
  const [head, role] = arn.split('/', 2);
  return role === undefined ? arn : `${head}/${role}`;
};

/** Identity Center writes the user name as session name; who may set it is fixed by the reserved path. */
function reservedActor(role: string | null, session: string | null): ActorId | null {
  if (role === null || session === null || !role.includes(reservedPath)) return null;
  const person = session.split('/')[2];
  if (!reservedRole.test(role.slice(role.lastIndexOf('/') + 1)) || !person) return null;
  return `federated:AWSReservedSSO/${person}` as ActorId;
}

/** Web identity sessions name the subject under `<provider>:sub`; often the record leaves it out. */
function webIdentityActor(web: Fields | null): ActorId | null {
  const issuer = textOf(web?.federatedProvider);
  const attributes = objectOf(web?.attributes);
  if (issuer === null || attributes === null) return null;
  for (const [name, value] of Object.entries(attributes)) {
    const subject = name.endsWith(':sub') ? textOf(value) : null;
    if (subject !== null) return `federated:${issuer}/${subject}` as ActorId;
  }
  return null;
}

/** GetFederationToken: the issuer's policies authorise, the name is the issuer's choice. */
function federatedUser(identity: Fields, context: Fields, source: string): Who {
  const issuer = objectOf(context.sessionIssuer);
  if (issuer?.type === 'Root') return root(issuer, source);
  if (issuer !== null && (uniqueIdOf(issuer.principalId) ?? arnOf(issuer.arn)) !== null) return named(issuer, source);
  return named({ ...identity, principalId: null }, source);
}

/**
 * An exchange of an assertion that failed. Whoever sent it chose the subject: naming it would accuse somebody who was not
 * there, and would let anybody make as many identities as they like. Where the role's trust refused it, the issuer had
 * been verified; otherwise that was chosen too.
 */
const refused = (identity: Fields, source: string, call: Call): Who =>
  same(
    call === 'denied' && textOf(identity.identityProvider) !== null
      ? `federated:${textOf(identity.identityProvider)}`
      : `unknown:${source}`,
    { federated: true },
  );

/** SAMLUser and WebIdentityUser stand in the calls that exchange an assertion for a role session. */
function provided(identity: Fields, source: string): Who {
  const subject = textOf(identity.userName) ?? textOf(identity.principalId);
  if (subject === null) return same(nobody(identity, source));
  const issuer = textOf(identity.identityProvider) ?? textOf(identity.accountId) ?? source;
  return same(`federated:${issuer}/${subject}`, { federated: true });
}

function service(identity: Fields, source: string): Who {
  const name = textOf(identity.invokedBy);
  return same(name === null ? `unknown:${source}` : `service:${name}`, { isService: true });
}

function identityCenterUser(identity: Fields, source: string): Who {
  const person = onBehalfOf(identity);
  return person === null ? same(nobody(identity, source)) : same(person);
}

/** Service events carry the account and the service alone. */
function untyped(identity: Fields, source: string): Who {
  const nameless = arnOf(identity.arn) === null && uniqueIdOf(identity.principalId) === null;
  return nameless && textOf(identity.invokedBy) !== null ? service(identity, source) : named(identity, source);
}

function onBehalfOf(identity: Fields): ActorId | null {
  const person = objectOf(identity.onBehalfOf);
  const store = textOf(person?.identityStoreArn);
  const user = textOf(person?.userId);
  return store === null || user === null ? null : (`federated:${store}/${user}` as ActorId);
}

/** After the colon of the unique id, else the last part of the session's ARN. */
function sessionOf(identity: Fields): string | null {
  const id = identity.principalId;
  if (typeof id === 'string' && id.startsWith('AROA') && id.includes(':')) return textOf(id.slice(id.indexOf(':') + 1));
  const arn = arnOf(identity.arn);
  if (arn === null || identity.type === 'IAMUser' || !arn.includes(':sts:')) return null;
  const parts = arn.split('/');
  return textOf(parts[arn.includes(':assumed-role/') ? 2 : 1]);
}

function truthOf(value: unknown): boolean | null {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : null;
}
