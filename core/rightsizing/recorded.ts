/**
 * Services whose calls CloudTrail records as management events from which the action follows, by what they say of it
 * themselves. `except`: what has no API call of its own, or is done by something of AWS's with the caller's credentials
 * unseen. `only`: where most of a service is one of these, the rest by name. Data events and actions that no call has are
 * told by other tables.
 */
const recorded: Readonly<Record<string, { only?: string; except?: string }>> = {
  'access-analyzer': {},
  acm: { except: 'UpdateCertificate' },
  'acm-pca': {},
  athena: {
    except:
      'CancelQueryExecution GetCatalogs GetExecutionEngine GetExecutionEngines GetNamespace GetNamespaces GetQueryExecutions GetQueryResultsStream GetResourceDashboard GetSessionEndpoint GetTable GetTables RunQuery',
  },
  autoscaling: { except: 'DescribeAccountSettings PutAccountSetting' },
  backup: {},
  batch: {},
  cloudformation: {
    except:
      'CancelResourceRequest CreateResource CreateUploadBucket DeleteResource GetResource GetResourceRequestStatus ListAllHookResults ListResourceRequests ListResources UpdateResource',
  },
  cloudfront: { except: 'DeleteResourcePolicy GetResourcePolicy PutResourcePolicy' },
  cloudtrail: {
    only: 'CreateTrail DeleteTrail DescribeTrails GetEventSelectors GetTrailStatus ListTrails LookupEvents PutEventSelectors StartLogging StopLogging UpdateTrail',
  },
  cloudwatch: { only: 'DeleteAlarms DisableAlarmActions EnableAlarmActions PutMetricAlarm SetAlarmState' },
  codebuild: {},
  codecommit: { except: 'GetBlobDifferences GitPull GitPush' },
  codedeploy: {},
  codepipeline: {},
  config: { except: 'StartRemediationExecution' },
  datasync: {},
  detective: {},
  directconnect: {},
  dms: {},
  dynamodb: {
    only: 'CreateBackup CreateTable DeleteBackup DeleteResourcePolicy DeleteTable DescribeBackup DescribeContinuousBackups DescribeTable ListBackups ListTables PutResourcePolicy RestoreTableFromBackup RestoreTableToPointInTime UpdateContinuousBackups UpdateTable UpdateTimeToLive',
  },
  ec2: {
    except:
      'AssignPrivateIpAddresses AssociateVerifiedAccessInstanceWebAcl AttachApplianceToNatGateway AttachResourcesToPlacementGroup CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission CreateNetworkInterface CreateNetworkInterfacePermission CreateOdbNetworkPeering DeleteCoipPoolPermission DeleteLocalGatewayRouteTablePermission DeleteNetworkInterface DeleteOdbNetworkPeering DeleteResourcePolicy DescribeLocalGatewayRouteTablePermissions DescribeNetworkInterfaces DescribeVerifiedAccessInstanceWebAclAssociations DetachApplianceFromNatGateway DetachResourcesFromPlacementGroup DisassociateVerifiedAccessInstanceWebAcl GetResourcePolicy GetVerifiedAccessInstanceWebAcl ImportByoipCidrToIpam InjectApiError InjectVolumeIOLatency ModifyOdbNetworkPeering PauseVolumeIO PutResourcePolicy SendSpotInstanceInterruptions UnassignPrivateIpAddresses',
  },
  // Replication and pulling through happen in the caller's name.
  ecr: { except: 'BatchImportUpstreamImage ReplicateImage' },
  // What the agent on an instance does.
  ecs: {
    except:
      'AllowVendedLogDeliveryForResource DeregisterContainerInstance DiscoverPollEndpoint Poll PutSystemLogEvents RegisterContainerInstance StartTelemetrySession SubmitAttachmentStateChanges SubmitContainerStateChange SubmitTaskStateChange UpdateContainerAgent UpdateContainerInstancesState',
  },
  eks: { except: 'AccessKubernetesApi ListDashboardData ListDashboardResources MutateViaKubernetesApi' },
  elasticache: { except: 'Connect' },
  elasticbeanstalk: { except: 'PutInstanceStatistics' },
  elasticfilesystem: {},
  elasticloadbalancing: {
    except:
      'AllowVendedLogDeliveryForResource CreateWebACLAssociation DeleteWebACLAssociation DescribeWebACLAssociation GetLoadBalancerWebACL SetWebAcl',
  },
  events: {
    only: 'DeleteEventBus DeleteRule DescribeEventBus DescribeRule DisableRule EnableRule ListRules ListTargetsByRule PutRule PutTargets RemoveTargets',
  },
  fsx: {},
  globalaccelerator: {},
  // What the catalogue's tables and partitions are asked for, other services ask in the caller's name.
  glue: {
    only: 'CreateCrawler CreateDevEndpoint CreateJob CreateSecurityConfiguration CreateTrigger CreateWorkflow DeleteCrawler DeleteDevEndpoint DeleteJob DeleteResourcePolicy DeleteSecurityConfiguration DeleteTrigger DeleteWorkflow PutResourcePolicy StartCrawler StartJobRun StartTrigger StartWorkflowRun StopCrawler StopTrigger UpdateCrawler UpdateDevEndpoint UpdateJob UpdateTrigger UpdateWorkflow',
  },
  guardduty: { except: 'SendSecurityTelemetry' },
  iam: {
    except:
      'CreateServiceLinkedRole DeleteCloudFrontPublicKey GetAccountEmailAddress GetAccountName GetCloudFrontPublicKey ListCloudFrontPublicKeys ListSTSRegionalEndpointsStatus PassRole SetSTSRegionalEndpointStatus UpdateAccountEmailAddress UpdateAccountName UpdateCloudFrontPublicKey UploadCloudFrontPublicKey',
  },
  imagebuilder: {},
  inspector2: {},
  kafka: {},
  kms: {
    only: 'CancelKeyDeletion CreateAlias CreateKey DeleteAlias DeleteImportedKeyMaterial DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy ImportKeyMaterial ListAliases ListKeys PutKeyPolicy ScheduleKeyDeletion UpdateAlias UpdateKeyDescription',
  },
  lambda: {
    only: 'AddLayerVersionPermission AddPermission CreateAlias CreateEventSourceMapping CreateFunction CreateFunctionUrlConfig DeleteAlias DeleteCodeSigningConfig DeleteEventSourceMapping DeleteFunction DeleteFunctionConcurrency DeleteFunctionUrlConfig DeleteProvisionedConcurrencyConfig GetAlias GetEventSourceMapping GetFunction GetFunctionConfiguration GetFunctionUrlConfig GetLayerVersionPolicy GetPolicy ListEventSourceMappings ListFunctionUrlConfigs ListFunctions PublishLayerVersion PublishVersion PutFunctionCodeSigningConfig PutFunctionConcurrency PutFunctionEventInvokeConfig PutProvisionedConcurrencyConfig PutRuntimeManagementConfig RemovePermission UpdateAlias UpdateCodeSigningConfig UpdateEventSourceMapping UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig UpdateFunctionUrlConfig',
  },
  logs: {
    only: 'DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteResourcePolicy DeleteRetentionPolicy DeleteSubscriptionFilter DescribeLogGroups PutMetricFilter PutResourcePolicy PutRetentionPolicy PutSubscriptionFilter',
  },
  macie2: {},
  memorydb: { except: 'Connect' },
  mq: {},
  organizations: {},
  ram: {},
  rds: {
    except:
      'CopyCustomDBEngineVersion CrossRegionCommunication DescribeRecommendationGroups DescribeRecommendations DownloadCompleteDBLogFile ModifyRecommendation',
  },
  redshift: { except: 'CreateClusterUser GetIdentityCenterAuthToken JoinGroup' },
  route53: {},
  route53domains: {},
  route53resolver: {},
  s3: {
    only: 'CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetBucketPolicy ListAllMyBuckets PutBucketAcl PutBucketLogging PutBucketNotification PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketCORS PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketRequestPayment PutIntelligentTieringConfiguration PutInventoryConfiguration PutMetricsConfiguration',
  },
  secretsmanager: {},
  servicecatalog: {},
  servicequotas: {},
  shield: {},
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
  storagegateway: { except: 'BypassGovernanceRetention' },
  sts: { only: 'AssumeRole DecodeAuthorizationMessage GetFederationToken' },
  transfer: {},
  'waf-regional': {},
  wafv2: {},
};

const namesOf = (list: string | undefined): ReadonlySet<string> | undefined =>
  list === undefined ? undefined : new Set(list.split(' '));
const tables = new Map(
  Object.entries(recorded).map(([service, { only, except }]) => [
    service,
    { only: namesOf(only), except: namesOf(except) },
  ]),
);

/** Whether AWS says that a trail of management events records every call of the action. */
export function isRecorded(service: string, name: string): boolean {
  const table = tables.get(service);
  if (!table) return false;
  return table.only ? table.only.has(name) : table.except?.has(name) !== true;
}

/** The services and names of the table, so that a test can hold them against the catalogue. */
export const recordedNames = (): readonly string[] =>
  [...tables].flatMap(([service, { only, except }]) =>
    [...(only ?? []), ...(except ?? [])].map((name) => `${service}:${name}`),
  );

/** The table's services. */
export const recordedServices = (): readonly string[] => [...tables.keys()];
