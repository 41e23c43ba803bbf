import { actionNumbers } from '../access/compiled/action-numbers.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { ResourcePolicy } from '../identity/resource-policy.ts';
import { coversAction } from '../policy/match.ts';
import type { Principals } from '../policy/statement.ts';
import { parsedPolicy } from './parsed-policy.ts';

/** Why a Deny might take what no policy of the principal gives; undefined where nothing else gives it. */
interface Given {
  whyOf(action: string): 'resource-policy' | 'resource-policies-unread' | undefined;
  /** Whether anything of the service may be given that way. */
  anyOf(service: string): boolean;
}

/**
 * Services whose resources have policies of their own, in which an account can give access past the caller's policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const speaking = new Set(
  'acm-pca airflow aoss apigateway backup bedrock cloudtrail codeartifact codebuild codestar-notifications dynamodb ecr ecr-public elasticfilesystem es events execute-api glacier glue iot kafka kinesis kms lambda lex logs mediastore network-firewall organizations ram redshift-serverless refactor-spaces resource-groups rolesanywhere route53resolver s3 s3-object-lambda s3-outposts s3express s3tables schemas secretsmanager serverlessrepo ses signer sms-voice sns sqs ssm ssm-contacts ssm-incidents sts verifiedpermissions vpc-lattice vpc-lattice-svcs wisdom xray'.split(
    ' ',
  ),
);

/** Those whose resources an inventory reads (docs/inventory.md); trust policies stand with their roles. */
const read = new Set(['dynamodb', 'ecr', 'events', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs', 'sts']);

/**
 * What the policies of resources, grants of keys and trust policies give this very principal. Whoever is named counts,
 * whatever the conditions; the account as a whole does not, since it hands on to the principal's own policies. Where the
 * resources' policies were not read, whatever they could give counts as given.
 */
export function givenByResources(principal: PrincipalRecord, inventory: Inventory): Given {
  const { resources, principals } = inventory;
  const trusts = principals.flatMap(({ trust }) => (trust === null ? [] : [{ policy: trust, grants: [] }]));
  const voices = [...(resources ?? []), ...trusts].flatMap((each) => voicesOf(each, principal));
  const unread = new Set(resources?.flatMap(({ isUnread, arn }) => (isUnread ? [serviceOfArn(arn)] : [])));
  const isUnread = (service: string) =>
    speaking.has(service) &&
    (resources === undefined || !read.has(service) || unread.has(service) || isMissing(service, inventory));
  const isGiven = (action: string) => voices.some((gives) => gives(action));
  return {
    whyOf: (action) => {
      if (isGiven(action)) return 'resource-policy';
      return isUnread(serviceOf(action)) ? 'resource-policies-unread' : undefined;
    },
    anyOf: (service) => {
      const { lower, services } = actionNumbers();
      const [from, to] = services.get(service) ?? [0, 0];
      return isUnread(service) || lower.slice(from, to).some(isGiven);
    },
  };
}

/** Whether the inventory keeps record of what was read, and says that this service was not, or that the newest attempt failed. */
function isMissing(service: string, { parts }: Inventory): boolean {
  if (parts === undefined || service === 'sts') return false;
  const own = parts.filter(({ part }) => part === service || part.startsWith(`${service} `));
  return own.length === 0 || own.some(({ takenAt, denied }) => takenAt === null || denied !== null);
}

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':')).toLowerCase();
const serviceOfArn = (arn: string): string => arn.split(':')[2] ?? '';

type Gives = (action: string) => boolean;

function voicesOf(
  { policy, grants }: Pick<ResourcePolicy, 'policy' | 'grants'>,
  { arn, name, id }: PrincipalRecord,
): readonly Gives[] {
  const isOwn = (who: string) => [arn, id, '*'].includes(who) || who.includes(`:assumed-role/${name}/`);
  const spoken = (parsedPolicy(policy)?.statements ?? [])
    .filter((each) => each.effect === 'Allow' && each.principals !== null && names(each.principals, isOwn))
    .map(
      (each): Gives =>
        (action) =>
          coversAction(each, action),
    );
  const operations = grants
    .filter(({ granteePrincipal, retiringPrincipal }) => isOwn(granteePrincipal) || isOwn(retiringPrincipal ?? ''))
    .flatMap((grant) => [...grant.operations, 'RetireGrant'])
    .map((operation) => `kms:${operation}`.toLowerCase());
  return operations.length === 0 ? spoken : [...spoken, (action) => operations.includes(action.toLowerCase())];
}

/** NotPrincipal may mean anybody. */
function names({ not, who }: Principals, isOwn: (who: string) => boolean): boolean {
  return not || who === '*' || (who.get('AWS') ?? []).some(isOwn);
}
