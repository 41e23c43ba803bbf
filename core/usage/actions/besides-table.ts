/**
 * The action that tags need when they come with the call that makes something, where the catalogue's source does not say
 * so, by service: for every call that makes something, or for the calls that are named. From the services' own pages on
 * tagging at creation.
 */
const onCreation: Readonly<Record<string, string>> = {
  acm: 'AddTagsToCertificate',
  athena: 'TagResource',
  autoscaling: 'CreateOrUpdateTags',
  backup: 'TagResource',
  batch: 'TagResource',
  cloudwatch: 'TagResource',
  codeartifact: 'TagResource',
  codecommit: 'TagResource',
  codepipeline: 'TagResource',
  'cognito-idp': 'TagResource',
  dynamodb: 'TagResource',
  ecs: 'TagResource',
  eks: 'TagResource',
  elasticmapreduce: 'AddTags',
  es: 'AddTags',
  events: 'TagResource',
  firehose: 'TagDeliveryStream',
  glue: 'TagResource',
  kinesis: 'AddTagsToStream',
  lambda: 'TagResource',
  logs: 'TagResource',
  organizations: 'TagResource',
  pipes: 'TagResource',
  redshift: 'CreateTags',
  scheduler: 'TagResource',
  secretsmanager: 'TagResource',
  servicediscovery: 'TagResource',
  sns: 'TagResource',
  sqs: 'TagQueue',
  ssm: 'AddTagsToResource',
  states: 'TagResource',
};

/** IAM has a tagging action for each kind of thing. */
const iamKinds: Readonly<Record<string, string>> = {
  CreateInstanceProfile: 'TagInstanceProfile',
  CreateOpenIDConnectProvider: 'TagOpenIDConnectProvider',
  CreatePolicy: 'TagPolicy',
  CreateRole: 'TagRole',
  CreateSAMLProvider: 'TagSAMLProvider',
  CreateUser: 'TagUser',
  CreateVirtualMFADevice: 'TagMFADevice',
  UploadServerCertificate: 'TagServerCertificate',
};

const makes = /^(?:Create|Copy|Import|Put|Register|Request|Restore|Run|Start|Submit)/;
const nothing: readonly string[] = [];

/** The tagging actions that a call needs when it carries tags; empty where none is known. */
export function tagsOnCreation(service: string, name: string): readonly string[] {
  const action = service === 'iam' ? iamKinds[name] : makes.test(name) ? onCreation[service] : undefined;
  return action === undefined ? nothing : [`${service}:${action}`];
}

/** All of the table's targets, so that a test can hold them against the catalogue. */
export const taggingTargets = (): readonly string[] => [
  ...Object.entries(onCreation).map(([service, action]) => `${service}:${action}`),
  ...Object.values(iamKinds).map((action) => `iam:${action}`),
];
