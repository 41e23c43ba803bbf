import { parsePolicy } from '../policy/parse.ts';
import type { Condition, Statement } from '../policy/statement.ts';
import type { Decision, Test } from './decision.ts';
import type { Engine } from './engine.ts';
import { type Answer, answer, documentsIn } from './extent.ts';
import type { Organization, Question } from './organization.ts';
import { accountOf } from './places.ts';
import type { CallerKind } from './situation.ts';

/** Somebody whom a resource lets in and whom the inventory does not hold. */
interface Outsider {
  /** An ARN, an account's root, a service, a provider, or `*`: everybody, without signing in. */
  principal: string;
  principalKind: CallerKind | null;
}

export interface OutsideHolder {
  outsider: Outsider;
  question: Question;
  answer: Answer;
}

/**
 * Everybody beyond the inventory who may, as far as the policies of the resources say: other accounts and their users
 * and roles, services, providers, everybody. What the policies of another account say is not known: who needs them may
 * under that condition. A resource `*` names no resource, so nobody is found for it.
 */
export function outsidersWho(
  ask: (principal: string) => Question,
  engine: Engine,
  organization: Organization,
): readonly OutsideHolder[] {
  const { action, resource } = ask('*');
  const deciding: Engine = { ...engine, decide: (question) => decided(question, engine) };
  return namedBy(action, resource, organization).flatMap((outsider) => {
    const { principal, principalKind } = outsider;
    const question: Question = { ...ask(principal), principalKind };
    const given = answer(question, deciding, organization);
    const may = given.outcome === 'allowed' || given.outcome === 'conditional';
    return may ? [{ outsider, question, answer: given }] : [];
  });
}

/**
 * Where the caller is of another account, that account must let it as well. An account's root user is its own master, but
 * cannot assume roles: there it stands for the account's users and roles.
 */
function decided(question: Question, engine: Engine): Decision {
  const { principal, action, resource } = question;
  const account = accountOf(principal);
  const isRoot = principal.endsWith(':root');
  const isAssuming = action.toLowerCase().startsWith('sts:') && resource.includes(':role/');
  const isOwnMaster = question.principalKind !== null || account === '' || (isRoot && !isAssuming);
  if (isOwnMaster) return engine.decide(question);
  const asked = isRoot ? { ...question, principal: principal.replace(/root$/, 'user/any') } : question;
  const decision = engine.evaluate({ ...engine.situationOf(asked), identityPolicies: [everything] });
  if (decision.outcome !== 'allowed' && decision.outcome !== 'conditional') return decision;
  const test: Test = { operator: 'Allows', key: `policies of account ${account}`, values: [question.principal] };
  const condition = decision.when ? { all: [decision.when.condition, test] } : test;
  const witness = { ...decision.when?.witness, [test.key]: `allows ${question.principal}` };
  const because = decision.because.filter(({ layer }) => layer !== 'identityPolicies');
  return { ...decision, outcome: 'conditional', because, when: { condition, witness } };
}

const everything = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');

/** Whom the policies and grants of the resources that are meant name, by name. */
function namedBy(action: string, resource: string, { inventories, resources }: Organization): Outsider[] {
  if (resource === '*') return [];
  const records = inventories.flatMap(({ principals }) => principals);
  const known = new Set(inventories.map(({ account }) => account));
  const near = nearby(resource);
  const texts = resources.filter(({ arn }) => near(arn)).flatMap(({ policy }) => policy ?? []);
  const trusts = action.toLowerCase().startsWith('sts:')
    ? records.filter(({ arn }) => near(arn)).flatMap(({ trust }) => trust ?? [])
    : [];
  const grantees = resources
    .filter(({ arn }) => near(arn))
    .flatMap(({ grants }) => grants.map(({ granteePrincipal }) => granteePrincipal));
  const named = [...texts, ...trusts].flatMap((text) =>
    documentsIn(parsePolicy(text)).flatMap(({ statements }) => statements.flatMap(outsidersIn)),
  );
  const all = [...named, ...grantees.map(granted)].filter(({ principal }) => isOutside(principal, known));
  const distinct = new Map(all.map((each) => [each.principal, each]));
  return [...distinct.values()].sort((a, b) => (a.principal < b.principal ? -1 : 1));
}

/**
 * Whoever is listed by name, as a principal or, where everybody or an account is one, in a condition; who is let in by not
 * being listed stands under everybody.
 */
function outsidersIn({ effect, principals, conditions }: Statement): Outsider[] {
  if (effect !== 'Allow' || principals === null) return [];
  const { not, who } = principals;
  const listed =
    not || who === '*' ? [everybody] : [...who].flatMap(([kind, names]) => names.map((name) => outsider(kind, name)));
  const isWide = listed.some(({ principal }) => principal === '*' || principal.endsWith(':root'));
  return isWide ? [...listed, ...conditions.flatMap(namedIn)] : listed;
}

/** Those whom a condition asks for by account or ARN; a pattern stands for itself, since it matches its own text. */
function namedIn({ key, test, values }: Condition): Outsider[] {
  const name = key.toLowerCase();
  if (!/^(?:String|Arn)(?:Equals|Like)/.test(test.name)) return [];
  if (name === 'aws:principalaccount') return values.filter(isAccount).map((value) => outsider('AWS', value));
  if (name !== 'aws:principalarn') return [];
  return values.filter((value) => /^arn:[^$]+$/.test(value)).map((value) => outsider('AWS', value));
}

const isAccount = (name: string): boolean => /^\d{12}$/.test(name);

const everybody: Outsider = { principal: '*', principalKind: null };

const granted = (name: string): Outsider => outsider(name.endsWith('.amazonaws.com') ? 'Service' : 'AWS', name);

function outsider(kind: string, name: string): Outsider {
  if (name === '*' && kind === 'AWS') return everybody;
  if (kind === 'Service') return { principal: name, principalKind: 'service' };
  if (kind === 'Federated')
    return { principal: name, principalKind: name.includes(':saml-provider/') ? 'saml' : 'web-identity' };
  return { principal: isAccount(name) ? `arn:aws:iam::${name}:root` : name, principalKind: null };
}

/** Accounts of the inventory speak by their users and roles, and a session by its role; a provider is never one. */
const isOutside = (principal: string, known: ReadonlySet<string>): boolean =>
  !known.has(accountOf(principal)) || /:(?:saml|oidc)-provider\//.test(principal);

/** Whether an ARN may lie under what is asked about: what stands before the first wildcard is compared. */
function nearby(asked: string): (arn: string) => boolean {
  const wild = asked.search(/[*?]/);
  const fixed = wild < 0 ? asked : asked.slice(0, wild);
  return (arn) => fixed.startsWith(arn) || (wild >= 0 && arn.startsWith(fixed));
}
