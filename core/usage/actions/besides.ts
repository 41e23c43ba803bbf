import { type CatalogueAction, findAction } from '../../catalogue/catalogue.ts';
import { tagsOnCreation } from './besides-table.ts';
import { type Need, type Parameters, parametersOf } from './need.ts';
import { rolesIn } from './passed-roles.ts';

/** What a call needs besides its own action, as far as its parameters and the response show it. */
export type Besides = (parameters: Parameters, response: Parameters) => readonly Need[];

const none: readonly Need[] = [];

/** The roles that calls of an action pass; undefined for actions that pass none, which is most of them. */
export function besidesOf(action: string): Besides | undefined {
  const known = changing(action);
  return known && passing(known);
}

/**
 * What comes along and is not filed: tags that are given to what is made, and keys that are used in the caller's name. A
 * key's own record is what shows that a trail has such records at all.
 */
export function alongOf(action: string): Besides | undefined {
  if (action === 's3:GetObject' || action === 's3:GetObjectVersion') return encryptedObject('kms:Decrypt');
  if (action === 's3:PutObject') return encryptedObject('kms:GenerateDataKey');
  const known = changing(action);
  const [tags, keys] = known ? [tagging(known), encrypting(known)] : [];
  if (tags === undefined || keys === undefined) return tags ?? keys;
  return (parameters, response) => [...tags(parameters, response), ...keys(parameters, response)];
}

/** Of objects the request or the response says that a key of KMS was used, and which one. */
const encryptedObject =
  (action: string): Besides =>
  (parameters, response) => {
    const from = [parameters, response].find((each) => String(each[encryption]).startsWith('aws:kms'));
    return from === undefined
      ? none
      : [{ action, certain: false, about: [{ keyId: from[`${encryption}-aws-kms-key-id`] }] }];
  };

const encryption = 'x-amz-server-side-encryption';

function changing(action: string): CatalogueAction | undefined {
  const known = findAction(action);
  return known?.accessLevel === 'List' || known?.accessLevel === 'Read' ? undefined : known;
}

/** Services whose calls name roles without handing them to anybody, or are too many to be searched for what never is there. */
const passNothing = new Set(
  `access-analyzer acm cloudwatch dynamodb ecr elasticloadbalancing firehose identitystore kinesis kms logs organizations ram
  route53 s3 secretsmanager sns sqs sso sts wafv2`.split(/\s+/),
);

/**
 * iam:PassRole leaves no event of its own. Where AWS says that the action needs it, the role stands in the parameters; in
 * other calls a role under a parameter that is called like one is taken for passed.
 */
function passing({ action, service, name, dependents }: CatalogueAction): Besides | undefined {
  const isDocumented = dependents.includes('iam:PassRole');
  if (action === 'iam:AddRoleToInstanceProfile') return ({ roleName }) => pass([{ roleName }], true);
  if (service === 'ec2' && isDocumented) return passingToInstances;
  if (service === 'iam' || (!isDocumented && !mayTakeRoles(service, name))) return undefined;
  return (parameters) => {
    const roles = rolesIn(parameters, isDocumented);
    return roles.length === 0
      ? none
      : pass(
          roles.map((role) => ({ role })),
          isDocumented,
        );
  };
}

/** Firehose's deliveries take roles, its records do not; of Systems Manager's calls most are an agent's. */
const mayTakeRoles = (service: string, name: string): boolean =>
  takesRoles.test(name) &&
  (service !== 'ssm' || /Automation|Command|MaintenanceWindow|Association$/.test(name)) &&
  (!passNothing.has(service) || /DeliveryStream|Destination$/.test(name)) &&
  (service !== 'ec2' || /Fleet|Image|Snapshot/.test(name));

/** Calls that set something up: others hand nothing over. */
const takesRoles =
  /^(?:Add|Associate|Change|Configure|Create|Deploy|Enable|Import|Launch|Modify|Put|Register|Replace|Request|Restore|Run|Send|Set|Start|Submit|Update)/;

/** An instance profile is named, whose role the record does not show. */
function passingToInstances(parameters: Parameters): readonly Need[] {
  const roles = rolesIn(parameters, true).map((role) => ({ role }));
  if (roles.length > 0) return pass(roles, true);
  const { iamInstanceProfile, launchSpecification } = parameters;
  return isFilled(iamInstanceProfile) || isFilled(parametersOf(launchSpecification).iamInstanceProfile)
    ? pass([{}], true)
    : none;
}

const pass = (about: readonly Parameters[], certain: boolean): readonly Need[] => [
  { action: 'iam:PassRole', certain, about },
];

function tagging({ service, name, dependents }: CatalogueAction): Besides | undefined {
  if (name.startsWith('Tag') || name.startsWith('AddTags') || name === 'CreateTags') return undefined;
  const documented = dependents.filter(
    (each) => isTagging(each) && (each.startsWith(`${service}:`) || service === 'ec2'),
  );
  const actions = documented.length > 0 ? documented : tagsOnCreation(service, name);
  if (actions.length === 0) return undefined;
  const needs = actions.map((action): Need => ({ action, certain: true, about: service === 'ec2' ? [{}] : undefined }));
  return (parameters) => (hasTags(parameters) ? needs : none);
}

const isTagging = (action: string): boolean => findAction(action)?.accessLevel === 'Tagging';

const tagParameters = ['tags', 'Tags', 'tagSet', 'tagList', 'tagsList', 'tagSpecificationSet', 'tagSpecifications'];

function hasTags(parameters: Parameters): boolean {
  for (const name of tagParameters) if (isFilled(parameters[name])) return true;
  return false;
}

/**
 * A key of its own, which whoever calls must be able to use: the service does it in their name. Perhaps: AWS's keys ask
 * for no permission, and their ids look the same.
 */
function encrypting({ action, service, dependents }: CatalogueAction): Besides | undefined {
  const uses = service === 'kms' ? [] : dependents.filter((each) => each.startsWith('kms:'));
  if (uses.length === 0 || findAction(action) === undefined) return undefined;
  return (parameters) => {
    const keyId = keyIn(parameters);
    return keyId === undefined ? none : uses.map((use) => ({ action: use, certain: false, about: [{ keyId }] }));
  };
}

const keyParameters = ['kmsKeyId', 'kmsKeyArn', 'kmsKey', 'kmsKeyIdentifier', 'KMSKeyArn', 'KmsKeyId', 'encryptionKey'];

function keyIn(parameters: Parameters): string | undefined {
  for (const name of keyParameters) {
    const value = parameters[name];
    if (typeof value === 'string' && value !== '' && !value.includes('alias/aws/')) return value;
  }
  return undefined;
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  if (typeof value !== 'object' || value === null) return false;
  const items = (value as { items?: unknown }).items;
  if (Array.isArray(items)) return items.length > 0;
  return Object.keys(value).length > 0;
}
