import { arnParts } from './places.ts';

/**
 * Kinds of resources that can have a policy of their own which nothing here reads: the service in their ARN and how the
 * rest begins. Source: Service Authorization Reference of 2026-09-26, resource types of the actions that put a resource
 * policy; for services that take one with other calls (OpenSearch, API Gateway, SES) their own guides. Kinds that are
 * read stand in adapters/aws/resource-policies.
 */
const carriers: Readonly<Record<string, readonly string[]>> = {
  'acm-pca': ['certificate-authority/'],
  'agent-registry': ['registry/'],
  apigateway: ['/restapis/'],
  aps: ['workspace/'],
  backup: ['backup-vault:'],
  bedrock: ['custom-model/', 'guardrail/', 'guardrail-profile/', 'knowledge-base/'],
  'bedrock-agentcore': ['gateway/', 'runtime/'],
  billing: ['billingview/'],
  cloudfront: ['vpcorigin/'],
  cloudhsm: ['backup/'],
  cloudtrail: ['channel/', 'dashboard/', 'eventdatastore/'],
  codeartifact: ['domain/', 'repository/', 'package/'],
  codebuild: ['project/', 'report-group/'],
  'codeguru-profiler': ['profilingGroup/'],
  comprehend: ['document-classifier/', 'entity-recognizer/'],
  ec2: ['ipam-pool/', 'placement-group/', 'verified-access-group/'],
  'ecr-public': ['repository/'],
  elasticfilesystem: ['file-system/'],
  es: ['domain/'],
  'execute-api': [''],
  fsx: ['volume/'],
  glacier: ['vaults/'],
  glue: ['catalog', 'database/', 'table/'],
  kinesis: ['stream/'],
  lex: ['bot/', 'bot:', 'bot-alias/'],
  logs: ['destination:', 'log-group:'],
  lookoutequipment: ['dataset/', 'model/'],
  mediastore: ['container/'],
  'network-firewall': ['firewall/', 'firewall-policy/', 'stateful-rulegroup/', 'stateless-rulegroup/'],
  networkmanager: ['core-network/'],
  odb: ['cloud-exadata-infrastructure/', 'exascale-db-storage-vault/', 'odb-network/'],
  omics: ['sequenceStore/'],
  osis: ['pipeline/'],
  'payment-cryptography': ['key/'],
  qbusiness: ['application/'],
  redshift: ['namespace:'],
  'resource-explorer-2': ['view/'],
  'route53-recovery-control': ['cluster/'],
  rum: ['appmonitor/'],
  s3: ['access-grants/', 'accesspoint/'],
  's3-object-lambda': ['accesspoint/'],
  's3-outposts': ['outpost/'],
  s3express: ['accesspoint/', 'bucket/'],
  s3files: ['file-system/'],
  s3tables: ['bucket/'],
  s3vectors: ['bucket/'],
  schemas: ['registry/'],
  serverlessrepo: ['applications/'],
  servicecatalog: ['/applications/', '/attribute-groups/'],
  servicediscovery: ['namespace/'],
  ses: ['identity/'],
  signer: ['/signing-profiles/'],
  'sms-voice': ['opt-out-list/', 'phone-number/', 'pool/', 'sender-id/'],
  ssm: ['document/', 'opsitemgroup/', 'parameter/'],
  'ssm-contacts': ['contact/'],
  'ssm-incidents': ['response-plan/'],
  'vpc-lattice': ['resourceconfiguration/', 'service/', 'servicenetwork/'],
};

/** Whether some kind of resource of a service can have a policy that nothing here reads. */
export const carries = (service: string): boolean => carrying.has(service);

const carrying: ReadonlySet<string> = new Set(['dynamodb', ...Object.keys(carriers)]);

/** Whether the resource can have a policy that nothing here reads. */
export function mayCarryPolicy(resource: string): boolean {
  const parts = arnParts(resource);
  if (!parts) return false;
  if (parts.service === 'dynamodb') return parts.rest.includes('/stream/');
  return (carriers[parts.service] ?? []).some((start) => parts.rest.startsWith(start));
}
