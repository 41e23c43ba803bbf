import { findAction } from '../catalogue/catalogue.ts';

/** How an action shows when it is used: only what a management trail surely records can be called unused. */
export type Observability = 'observable' | 'unobservable' | 'unknown-action';

/** What an account's own log shows of how its trail is set up. */
export interface TrailTraits {
  /** Services with at least one recorded call. */
  services: ReadonlySet<string>;
  /** Calls that only read were recorded: a trail can be set to writes alone. */
  reads: boolean;
}

/**
 * Services whose calls CloudTrail records as management events from which the action follows. `except`: no API call of
 * its own (PassRole), a data event, or something that an AWS service does with the role's credentials unseen. `only`:
 * where most of a service is one of these, the rest by name.
 */
const recorded: Readonly<Record<string, { only?: string; except?: string }>> = {
  acm: { except: 'UpdateCertificate' },
  autoscaling: { except: 'DescribeAccountSettings PutAccountSetting' },
  cloudformation: {
    except:
      'CancelResourceRequest CreateResource CreateUploadBucket DeleteResource GetResource GetResourceRequestStatus ListAllHookResults ListResourceRequests ListResources UpdateResource',
  },
  cloudfront: {
    only: 'CreateDistribution CreateInvalidation DeleteDistribution GetDistribution GetInvalidation ListDistributions ListInvalidations UpdateDistribution',
  },
  cloudtrail: {
    only: 'CreateTrail DeleteTrail DescribeTrails GetEventSelectors GetTrailStatus ListTrails LookupEvents PutEventSelectors StartLogging StopLogging UpdateTrail',
  },
  cloudwatch: { only: 'DeleteAlarms DisableAlarmActions EnableAlarmActions PutMetricAlarm SetAlarmState' },
  config: {
    only: 'DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel DescribeConfigRules PutConfigRule PutConfigurationRecorder PutDeliveryChannel StartConfigurationRecorder StopConfigurationRecorder',
  },
  dynamodb: {
    only: 'CreateBackup CreateTable DeleteBackup DeleteResourcePolicy DeleteTable DescribeBackup DescribeContinuousBackups DescribeTable ListBackups ListTables PutResourcePolicy RestoreTableFromBackup RestoreTableToPointInTime UpdateContinuousBackups UpdateTable UpdateTimeToLive',
  },
  ec2: {
    except:
      'AssignPrivateIpAddresses AssociateVerifiedAccessInstanceWebAcl AttachApplianceToNatGateway AttachResourcesToPlacementGroup CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission CreateNetworkInterface CreateNetworkInterfacePermission CreateOdbNetworkPeering DeleteCoipPoolPermission DeleteLocalGatewayRouteTablePermission DeleteNetworkInterface DeleteOdbNetworkPeering DeleteResourcePolicy DescribeLocalGatewayRouteTablePermissions DescribeNetworkInterfaces DescribeVerifiedAccessInstanceWebAclAssociations DetachApplianceFromNatGateway DetachResourcesFromPlacementGroup DisassociateVerifiedAccessInstanceWebAcl GetResourcePolicy GetVerifiedAccessInstanceWebAcl ImportByoipCidrToIpam InjectApiError InjectVolumeIOLatency ModifyOdbNetworkPeering PauseVolumeIO PutResourcePolicy SendSpotInstanceInterruptions UnassignPrivateIpAddresses',
  },
  ecr: {
    only: 'CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeRepositories GetRepositoryPolicy PutLifecyclePolicy SetRepositoryPolicy',
  },
  ecs: {
    only: 'CreateCluster CreateService DeleteCluster DeleteService DeregisterTaskDefinition DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks ListClusters ListServices ListTasks RegisterTaskDefinition RunTask StartTask StopTask UpdateCluster UpdateService',
  },
  eks: { except: 'AccessKubernetesApi ListDashboardData ListDashboardResources MutateViaKubernetesApi' },
  elasticloadbalancing: {
    except:
      'AllowVendedLogDeliveryForResource CreateWebACLAssociation DeleteWebACLAssociation DescribeWebACLAssociation GetLoadBalancerWebACL SetWebAcl',
  },
  events: {
    only: 'DeleteEventBus DeleteRule DescribeEventBus DescribeRule DisableRule EnableRule ListRules ListTargetsByRule PutRule PutTargets RemoveTargets',
  },
  guardduty: { except: 'SendSecurityTelemetry' },
  iam: {
    except:
      'CreateServiceLinkedRole DeleteCloudFrontPublicKey GetAccountEmailAddress GetAccountName GetCloudFrontPublicKey ListCloudFrontPublicKeys ListSTSRegionalEndpointsStatus PassRole SetSTSRegionalEndpointStatus UpdateAccountEmailAddress UpdateAccountName UpdateCloudFrontPublicKey UploadCloudFrontPublicKey',
  },
  kms: {
    only: 'CancelKeyDeletion CreateAlias CreateKey DeleteAlias DeleteImportedKeyMaterial DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy ImportKeyMaterial ListAliases ListKeys PutKeyPolicy ScheduleKeyDeletion UpdateAlias UpdateKeyDescription',
  },
  lambda: {
    only: 'AddPermission CreateAlias CreateEventSourceMapping CreateFunction DeleteAlias DeleteEventSourceMapping DeleteFunction GetFunction GetPolicy ListFunctions PublishVersion RemovePermission UpdateAlias UpdateEventSourceMapping UpdateFunctionCode UpdateFunctionConfiguration',
  },
  logs: {
    only: 'DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteResourcePolicy DeleteRetentionPolicy DeleteSubscriptionFilter DescribeLogGroups PutMetricFilter PutResourcePolicy PutRetentionPolicy PutSubscriptionFilter',
  },
  organizations: {},
  rds: {
    except:
      'CopyCustomDBEngineVersion CrossRegionCommunication DescribeRecommendationGroups DescribeRecommendations DownloadCompleteDBLogFile ModifyRecommendation',
  },
  route53: {},
  s3: {
    only: 'CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetBucketPolicy ListAllMyBuckets PutBucketAcl PutBucketLogging PutBucketNotification PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration',
  },
  secretsmanager: {},
  sns: {
    only: 'AddPermission CreateTopic DeleteTopic GetTopicAttributes ListSubscriptions ListSubscriptionsByTopic ListTopics RemovePermission SetTopicAttributes Subscribe Unsubscribe',
  },
  sqs: { only: 'AddPermission CreateQueue DeleteQueue ListQueues PurgeQueue RemovePermission SetQueueAttributes' },
  ssm: {
    only: 'CreateDocument DeleteDocument DeleteParameter DeleteParameters GetParameter GetParameters PutParameter SendCommand StartSession UpdateDocument',
  },
  states: {
    only: 'CreateStateMachine DeleteStateMachine DescribeStateMachine ListStateMachines StartExecution StopExecution UpdateStateMachine',
  },
  sts: { only: 'AssumeRole DecodeAuthorizationMessage GetFederationToken' },
};

/** Trails may leave out this service's events altogether, so one of them must have been seen. */
const excludable = new Set(['kms']);

const namesOf = (list: string | undefined): ReadonlySet<string> | undefined =>
  list === undefined ? undefined : new Set(list.split(' '));
const tables = new Map(
  Object.entries(recorded).map(([service, { only, except }]) => [
    service,
    { only: namesOf(only), except: namesOf(except) },
  ]),
);

/**
 * Whether the use of an action would have shown. Tagging does not: tags given while something is created need the
 * tagging action and leave no event of their own.
 */
export function observability(action: string, trail: TrailTraits): Observability {
  const known = findAction(action);
  if (!known) return 'unknown-action';
  const table = tables.get(known.service);
  if (!table || known.accessLevel === 'Tagging') return 'unobservable';
  if (table.only ? !table.only.has(known.name) : table.except?.has(known.name)) return 'unobservable';
  if (excludable.has(known.service) && !trail.services.has(known.service)) return 'unobservable';
  const reads = known.accessLevel === 'List' || known.accessLevel === 'Read';
  return reads && !trail.reads ? 'unobservable' : 'observable';
}

/** The services and names of the table, so that a test can hold them against the catalogue. */
export const recordedNames = (): readonly string[] =>
  [...tables].flatMap(([service, { only, except }]) =>
    [...(only ?? []), ...(except ?? [])].map((name) => `${service}:${name}`),
  );
