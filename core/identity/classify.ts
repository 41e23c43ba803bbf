import { parsePolicy } from '../policy/parse.ts';
import type { Statement } from '../policy/statement.ts';
import type { Inventory, PrincipalRecord } from './inventory.ts';

/**
 * Who stands behind a principal: a person; a pipeline that builds or deploys (`ci`); the customers' own software
 * (`workload`); a service that acts for the account by a role that the account made (`service`); AWS by a role that only
 * AWS can make (`aws`).
 */
type PrincipalClass = 'person' | 'ci' | 'workload' | 'service' | 'aws';

export interface Classified {
  class: PrincipalClass;
  /** What says so, for people. */
  reason: string;
}

/** What is known of principals beside the inventory. */
export interface ClassHints {
  /** ARNs of users that have a password for the console (credential report, login profiles). */
  withPassword?: ReadonlySet<string>;
}

/** A tag by which the owners say it themselves. */
const ownTag = 'leastwise:class';
const classes: readonly PrincipalClass[] = ['person', 'ci', 'workload', 'service', 'aws'];

/** Classifies the principals of these accounts. The first sign that is found counts, the surest signs first. */
export function classifierOf(inventories: readonly Inventory[], hints: ClassHints = {}) {
  const users = new Set(
    inventories.flatMap(({ principals }) => principals.filter(({ type }) => type === 'user').map(({ arn }) => arn)),
  );
  return (principal: PrincipalRecord): Classified =>
    madeByAws(principal) ??
    saidByTag(principal) ??
    (principal.type === 'user' ? userClass(principal, hints) : roleClass(principal, users));
}

function madeByAws({ path }: PrincipalRecord): Classified | undefined {
  if (path.startsWith('/aws-service-role/'))
    return { class: 'aws', reason: `a service-linked role of ${path.split('/')[2]}` };
  if (path.startsWith('/aws-reserved/sso.amazonaws.com/'))
    return { class: 'person', reason: 'the role of an Identity Center permission set' };
  return undefined;
}

function saidByTag({ tags }: PrincipalRecord): Classified | undefined {
  const said = classes.find((each) => each === tags[ownTag]?.toLowerCase());
  return said && { class: said, reason: `the tag ${ownTag} says so` };
}

function userClass(user: PrincipalRecord, { withPassword }: ClassHints): Classified {
  if (withPassword?.has(user.arn)) return { class: 'person', reason: 'has a password for the console' };
  const sign = namedLike([...user.path.split('/'), user.name, ...user.groups, ...purposes(user)]);
  if (sign) return sign;
  if (/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(user.name))
    return { class: 'person', reason: 'is named by an e-mail address' };
  if (withPassword) return { class: 'workload', reason: 'has no password for the console' };
  return { class: 'person', reason: 'a user without a sign of a machine' };
}

const purposes = ({ tags }: PrincipalRecord): string[] =>
  Object.entries(tags)
    .filter(([key]) => /^(purpose|usage|type|kind|owner-?type|managed-?by)$/i.test(key))
    .map(([, value]) => value);

const names: readonly [PrincipalClass, RegExp][] = [
  [
    'ci',
    /^(ci|cd|cicd|ci-cd|jenkins|gitlab|github|circleci|travis|buildkite|bamboo|teamcity|terraform|deploy|deployer|pipeline|actions|ansible|argocd|spinnaker)$/i,
  ],
  [
    'workload',
    /^(svc|service|app|api|bot|robot|machine|backup|worker|batch|daemon|server|integration|system|smtp|ses|lambda|cron|job)$/i,
  ],
];

/** The parts of a name between dashes, dots and the like. */
function namedLike(texts: readonly string[]): Classified | undefined {
  const words = texts.flatMap((text) => text.split(/[^a-z0-9]+/i)).filter(Boolean);
  for (const [found, pattern] of names) {
    const word = words.find((each) => pattern.test(each));
    if (word !== undefined) return { class: found, reason: `"${word}" in its name, path, groups or tags` };
  }
  return undefined;
}

/** Identity providers by what stands in their name. */
const providers: readonly [PrincipalClass, RegExp, string][] = [
  [
    'ci',
    /token\.actions\.githubusercontent\.com|gitlab|bitbucket|circleci|buildkite|app\.terraform\.io|spacelift|env0|vercel|scalr|pulumi|harness|codefresh|semaphore/i,
    'a pipeline',
  ],
  [
    'workload',
    /oidc\.eks\.|rolesanywhere|spiffe|\.svc\.|container|googleapis|sts\.windows\.net|cognito-identity/i,
    'software',
  ],
];

/** Services that run what the customer wrote. */
const computing =
  /^(ec2|lambda|ecs-tasks|pods\.eks|eks-fargate-pods|sagemaker|batch|glue|build\.apprunner|tasks\.apprunner|states|edgelambda|elasticmapreduce|emr-serverless|robomaker|lightsail|gamelift|bedrock-agentcore|greengrass|credentials\.iot|rolesanywhere|ssm|elasticbeanstalk|kinesisanalytics|airflow|airflow-env)\.amazonaws\.com(\.cn)?$/;
const building =
  /^(codebuild|codepipeline|codedeploy|amplify|cloudformation|imagebuilder|codestar|proton)\.amazonaws\.com(\.cn)?$/;

function roleClass(role: PrincipalRecord, users: ReadonlySet<string>): Classified {
  const parsed = role.trust === null ? undefined : parsePolicy(role.trust);
  const allows = parsed?.ok ? parsed.value.statements.filter(({ effect }) => effect === 'Allow') : [];
  const trusted = allows.flatMap(trustedBy);
  return federatedClass(trusted, allows) ?? serviceClass(trusted) ?? principalClass(trusted, allows, role, users);
}

interface Trusted {
  kind: string;
  who: string;
}

const trustedBy = ({ principals }: Statement): Trusted[] => {
  if (principals === null || principals.not) return [];
  if (principals.who === '*') return [{ kind: 'AWS', who: '*' }];
  return [...principals.who].flatMap(([kind, all]) => all.map((who) => ({ kind, who })));
};

function federatedClass(trusted: readonly Trusted[], allows: readonly Statement[]): Classified | undefined {
  for (const { kind, who } of trusted) {
    if (kind !== 'Federated') continue;
    const known = providers.find(([, pattern]) => pattern.test(who));
    if (known) return { class: known[0], reason: `trusts ${known[2]} of ${providerName(who)}` };
    if (who.includes(':saml-provider/'))
      return { class: 'person', reason: `trusts people who sign in by ${providerName(who)}` };
    const audience = allows.flatMap(({ conditions }) => conditions).find(({ key }) => /:sub$/i.test(key))?.values ?? [];
    if (audience.some((value) => /^(repo|project_path|organization|system:serviceaccount):/.test(value)))
      return { class: subjectClass(audience), reason: `trusts the subject ${audience[0]} of ${providerName(who)}` };
    return { class: 'person', reason: `trusts who signs in by ${providerName(who)}` };
  }
  return undefined;
}

const subjectClass = (subjects: readonly string[]): PrincipalClass =>
  subjects.some((subject) => subject.startsWith('system:serviceaccount:')) ? 'workload' : 'ci';

const providerName = (who: string): string => who.replace(/^.*?-provider\//, '');

function serviceClass(trusted: readonly Trusted[]): Classified | undefined {
  const services = trusted.filter(({ kind }) => kind === 'Service').map(({ who }) => who);
  const found = (pattern: RegExp): string | undefined => services.find((service) => pattern.test(service));
  const [builds, computes] = [found(building), found(computing)];
  if (computes) return { class: 'workload', reason: `runs on ${computes}` };
  if (builds) return { class: 'ci', reason: `is used by ${builds}` };
  return services[0] === undefined ? undefined : { class: 'service', reason: `is used by ${services[0]}` };
}

function principalClass(
  trusted: readonly Trusted[],
  allows: readonly Statement[],
  role: PrincipalRecord,
  users: ReadonlySet<string>,
): Classified {
  const keys = allows.flatMap(({ conditions }) => conditions).map(({ key }) => key.toLowerCase());
  if (keys.includes('aws:multifactorauthpresent') || keys.includes('aws:multifactorauthage'))
    return { class: 'person', reason: 'asks for a second factor' };
  if (keys.includes('sts:externalid')) return { class: 'service', reason: 'trusts a supplier by an external id' };
  const reserved = trusted.find(({ who }) => who.includes('AWSReservedSSO_'));
  if (reserved) return { class: 'person', reason: 'trusts people of Identity Center' };
  const user = trusted.find(({ who }) => users.has(who));
  const sign = namedLike([...role.path.split('/'), role.name, ...purposes(role)]);
  if (sign) return sign;
  if (user) return { class: 'person', reason: `trusts the user ${user.who}` };
  const machine = trusted.find(({ who }) => /:(role|assumed-role)\//.test(who));
  if (machine) return { class: 'workload', reason: `trusts the role ${machine.who}` };
  return trusted.length === 0
    ? { class: 'service', reason: 'nobody can be seen who may assume it' }
    : { class: 'person', reason: `trusts ${trusted[0]?.who}: whoever may assume roles there` };
}
