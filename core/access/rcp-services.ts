/**
 * The services whose actions resource control policies limit; they limit no others. AWS adds to them now and then.
 * Source: AWS Organizations User Guide, "Resource control policies (RCPs)", list of AWS services that support RCPs,
 * as of 2026-09-26.
 */
const services = `
  aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data
  codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical
  compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift health
  inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
  personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf
  textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
`;

/** Of these services the actions that are outside all the same. */
const exempt = new Set(['kms:retiregrant']);

const known = new Set(services.trim().split(/\s+/));

/** Whether resource control policies limit the action. */
export function isUnderRcps(action: string): boolean {
  const lower = action.toLowerCase();
  return known.has(lower.slice(0, lower.indexOf(':'))) && !exempt.has(lower);
}
