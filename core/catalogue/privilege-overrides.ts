/** The classes that some actions have by decision rather than by access level (privilege-class.ts explains them). */
export type DecidedClass =
  | 'write'
  | 'discovery'
  | 'secret-read'
  | 'privilege-escalation'
  | 'persistence'
  | 'defense-evasion'
  | 'exfiltration'
  | 'impact';

/**
 * Actions whose class their access level does not tell, by class, service and name (separated by spaces). The reason
 * for a group stands above it. An action that everyday work repeats (s3:DeleteObject, kms:Decrypt, sts:AssumeRole)
 * keeps the class of its level: what is risky about it lies in who, where and with what parameters.
 */
export const privilegeOverrides: Readonly<Record<DecidedClass, Readonly<Record<string, string>>>> = {
  write: {
    // Everyday settings that AWS files under permissions management. The policy that may be among them is read from the
    // request (core/anomaly/signals).
    apigateway: 'AddCertificateToDomain RemoveCertificateFromDomain SetWebACL',
    appsync: 'SetWebACL',
    cloudformation: 'SetStackPolicy',
    ec2: 'AttachApplianceToNatGateway AttachResourcesToPlacementGroup EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess',
    sns: 'SetTopicAttributes',
    sqs: 'SetQueueAttributes',
    waf: 'CreateWebACL UpdateWebACL',
    'waf-regional': 'CreateWebACL UpdateWebACL',
    xray: 'PutEncryptionConfig',
  },
  discovery: {
    // Whole-account pictures and data reads, which AWS counts as plain reads.
    account: 'GetAccountInformation GetContactInformation',
    athena: 'GetQueryResults GetQueryResultsStream',
    ce: 'GetCostAndUsage GetCostForecast',
    cloudformation: 'GetTemplate',
    cloudtrail: 'DescribeTrails GetEventSelectors GetTrailStatus LookupEvents',
    codecommit: 'GetFile GetFolder GitPull',
    config: 'SelectAggregateResourceConfig SelectResourceConfig',
    dynamodb: 'BatchGetItem GetItem GetRecords PartiQLSelect Query Scan',
    ec2: 'GetConsoleOutput GetConsoleScreenshot GetLaunchTemplateData',
    guardduty: 'GetDetector GetFindings',
    iam: 'GenerateCredentialReport GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary GetCredentialReport SimulateCustomPolicy SimulatePrincipalPolicy',
    kinesis: 'GetRecords',
    lambda: 'GetFunction GetFunctionConfiguration',
    organizations: 'DescribeOrganization',
    'resource-explorer-2': 'Search',
    s3: 'GetObject GetObjectVersion',
    ses: 'GetAccount GetAccountSendingEnabled GetSendQuota',
    sts: 'DecodeAuthorizationMessage',
  },
  'secret-read': {
    // Answers that are credentials, or that usually carry some.
    airflow: 'CreateCliToken CreateWebLoginToken',
    appsync: 'ListApiKeys',
    codeartifact: 'GetAuthorizationToken',
    'cognito-identity': 'GetCredentialsForIdentity GetOpenIdToken GetOpenIdTokenForDeveloperIdentity',
    connect: 'GetFederationToken',
    // User data holds passwords more often than it should.
    ec2: 'DescribeInstanceAttribute GetPasswordData',
    gamelift: 'GetComputeAuthToken GetInstanceAccess',
    glue: 'GetConnection GetConnections',
    lightsail:
      'DownloadDefaultKeyPair GetBucketAccessKeys GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword',
    'rds-db': 'connect',
    redshift: 'GetClusterCredentials GetClusterCredentialsWithIAM GetIdentityCenterAuthToken',
    'redshift-serverless': 'GetCredentials GetIdentityCenterAuthToken',
    secretsmanager: 'BatchGetSecretValue GetSecretValue',
    ssm: 'GetAccessToken GetParameter GetParameterHistory GetParameters GetParametersByPath',
    sts: 'GetSessionToken',
    'bedrock-agentcore':
      'GetResourceApiKey GetResourceOauth2Token GetWorkloadAccessToken GetWorkloadAccessTokenForJWT GetWorkloadAccessTokenForUserId',
    cloud9: 'CreateEnvironmentToken',
    codeconnections: 'GetConnectionToken GetIndividualAccessToken',
    'codestar-connections': 'GetConnectionToken GetIndividualAccessToken',
    'cognito-idp': 'ListUserPoolClientSecrets',
    datazone: 'GetDomainExecutionRoleCredentials GetEnvironmentCredentials',
    elasticmapreduce: 'GetClusterSessionCredentials',
    'emr-containers': 'GetManagedEndpointSessionCredentials',
    events: 'RetrieveConnectionCredentials',
    'finspace-api': 'GetProgrammaticAccessCredentials',
    lakeformation: 'GetTemporaryGluePartitionCredentials GetTemporaryGlueTableCredentials',
    'pca-connector-scep': 'GetChallengePassword',
    states: 'RevealSecrets',
    storagegateway: 'DescribeChapCredentials',
    deadline:
      'AssumeFleetRoleForRead AssumeFleetRoleForWorker AssumeQueueRoleForRead AssumeQueueRoleForUser AssumeQueueRoleForWorker',
  },
  'privilege-escalation': {
    // Gives oneself rights, or a shell or code under somebody else's. Permissions management is here by its level.
    cloudformation: 'CreateStackInstances UpdateStackSet',
    'cognito-identity': 'SetIdentityPoolRoles',
    datapipeline: 'PutPipelineDefinition',
    ec2: 'AssociateIamInstanceProfile EnableSerialConsoleAccess ModifyInstanceAttribute ReplaceIamInstanceProfileAssociation',
    'ec2-instance-connect': 'OpenTunnel SendSSHPublicKey SendSerialConsoleSSHPublicKey',
    ecs: 'ExecuteCommand',
    eks: 'AssociateAccessPolicy CreateAccessEntry CreatePodIdentityAssociation UpdateAccessEntry UpdatePodIdentityAssociation',
    glue: 'CreateDevEndpoint UpdateDevEndpoint',
    iam: 'AddRoleToInstanceProfile AddUserToGroup PassRole RemoveUserFromGroup',
    identitystore: 'CreateGroupMembership',
    iot: 'CreateRoleAlias',
    sagemaker:
      'CreateNotebookInstanceLifecycleConfig CreatePresignedDomainUrl CreatePresignedNotebookInstanceUrl UpdateNotebookInstanceLifecycleConfig',
    ssm: 'CreateAssociation RegisterTaskWithMaintenanceWindow ResumeSession SendCommand StartAutomationExecution StartSession',
    sso: 'CreateAccountAssignment ProvisionPermissionSet PutInlinePolicyToPermissionSet',
    'sso-directory': 'AddMemberToGroup',
    sts: 'AssumeRoot',
    codebuild: 'UpdateProject',
  },
  persistence: {
    // New identities, credentials, trust and code that stay.
    apigateway: 'UpdateRestApiPolicy',
    appsync: 'CreateApiKey',
    ec2: 'CreateInstanceConnectEndpoint CreateKeyPair ImportKeyPair',
    iam: 'AddClientIDToOpenIDConnectProvider CreateAccessKey CreateLoginProfile CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice EnableMFADevice EnableOutboundWebIdentityFederation ResetServiceSpecificCredential ResyncMFADevice UpdateAccessKey UpdateAssumeRolePolicy UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider UpdateSSHPublicKey UpdateServiceSpecificCredential UpdateSigningCertificate UploadSSHPublicKey UploadSigningCertificate',
    identitystore: 'CreateUser',
    iot: 'CreateCertificateFromCsr CreateKeysAndCertificate RegisterCACertificate RegisterCertificate RegisterCertificateWithoutCA',
    lambda:
      'AddLayerVersionPermission AddPermission CreateEventSourceMapping CreateFunctionUrlConfig UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionUrlConfig',
    organizations: 'CreateAccount InviteAccountToOrganization RegisterDelegatedAdministrator',
    rolesanywhere: 'CreateProfile CreateTrustAnchor EnableProfile EnableTrustAnchor UpdateProfile UpdateTrustAnchor',
    ssm: 'CreateActivation',
    sso: 'CreateTrustedTokenIssuer',
    'sso-directory': 'CreateUser',
    sts: 'GetFederationToken',
    transfer: 'CreateUser ImportSshPublicKey',
    'cognito-idp': 'AdminSetUserPassword',
    ds: 'CreateTrust ResetUserPassword',
    codebuild: 'ImportSourceCredentials',
    grafana: 'CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken',
    lightsail: 'CreateKeyPair ImportKeyPair',
  },
  'defense-evasion': {
    // Logs, detectors, guardrails and firewalls switched off or opened.
    'access-analyzer': 'CreateArchiveRule DeleteAnalyzer',
    account: 'EnableRegion',
    bedrock: 'DeleteModelInvocationLoggingConfiguration PutModelInvocationLoggingConfiguration',
    cloudtrail:
      'DeleteEventDataStore DeleteTrail DeregisterOrganizationDelegatedAdmin PutEventSelectors PutInsightSelectors StopEventDataStoreIngestion StopLogging UpdateEventDataStore UpdateTrail',
    cloudwatch: 'DeleteAlarms DisableAlarmActions',
    config:
      'DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel DeleteOrganizationConfigRule StopConfigurationRecorder',
    detective: 'DeleteGraph DeleteMembers DisassociateMembership',
    ec2: 'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateNetworkAclEntry CreateVpcBlockPublicAccessExclusion DeleteFlowLogs DeleteNetworkAclEntry DisableEbsEncryptionByDefault DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess ModifyInstanceMetadataOptions ModifySecurityGroupRules ModifyVpcBlockPublicAccessOptions ReplaceNetworkAclEntry',
    events: 'DeleteRule DisableRule RemoveTargets',
    guardduty:
      'ArchiveFindings CreateFilter CreateIPSet CreateTrustedEntitySet DeleteDetector DeleteIPSet DeleteMembers DeletePublishingDestination DeleteTrustedEntitySet DisableOrganizationAdminAccount DisassociateFromAdministratorAccount DisassociateMembers StopMonitoringMembers UpdateDetector UpdateFilter UpdateIPSet UpdateTrustedEntitySet',
    iam: 'DeactivateMFADevice DeleteAccountPasswordPolicy DeleteVirtualMFADevice UpdateAccountPasswordPolicy',
    inspector2: 'Disable DisassociateMember',
    logs: 'DeleteDestination DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteSubscriptionFilter PutRetentionPolicy',
    macie2: 'CreateFindingsFilter DeleteMember DisableMacie DisassociateMember UpdateMacieSession',
    'network-firewall': 'DeleteFirewall UpdateLoggingConfiguration',
    organizations:
      'AttachPolicy DeletePolicy DeregisterDelegatedAdministrator DetachPolicy DisableAWSServiceAccess DisablePolicyType LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy',
    route53resolver: 'DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig',
    // Lifecycle rules delete logs silently.
    s3: 'DeleteBucketPolicy PutAccountPublicAccessBlock PutBucketLogging PutBucketPublicAccessBlock PutLifecycleConfiguration',
    securityhub:
      'BatchDisableStandards BatchUpdateFindings DeleteMembers DisableSecurityHub DisassociateFromAdministratorAccount DisassociateMembers UpdateStandardsControl',
    wafv2: 'DeleteLoggingConfiguration DeleteWebACL DisassociateWebACL',
    aps: 'DeleteLoggingConfiguration DeleteQueryLoggingConfiguration',
    fms: 'DeletePolicy',
    iot: 'DeleteV2LoggingLevel SetLoggingOptions SetV2LoggingOptions',
    securitylake: 'DeleteAwsLogSource DeleteDataLake DeleteSubscriber',
    shield: 'DeleteProtection DeleteSubscription',
    'vpc-lattice': 'DeleteAccessLogSubscription',
  },
  exfiltration: {
    // Data shared with, copied or streamed to somebody else, and the resource policies that allow it.
    backup: 'PutBackupVaultAccessPolicy StartCopyJob',
    datasync: 'StartTaskExecution',
    dynamodb: 'ExportTableToPointInTime PutResourcePolicy',
    ebs: 'GetSnapshotBlock ListSnapshotBlocks',
    ec2: 'AcceptVpcPeeringConnection CreateInstanceExportTask CreateStoreImageTask CreateTrafficMirrorSession CreateVpcPeeringConnection ExportImage ModifyImageAttribute ModifySnapshotAttribute ModifyVpcEndpointServicePermissions',
    ecr: 'PutRegistryPolicy PutReplicationConfiguration SetRepositoryPolicy',
    elasticfilesystem: 'PutFileSystemPolicy',
    events: 'PutPermission',
    glacier: 'SetVaultAccessPolicy',
    glue: 'PutResourcePolicy',
    logs: 'CreateExportTask PutDestination PutSubscriptionFilter',
    ram: 'AssociateResourceShare CreateResourceShare',
    rds: 'ModifyDBClusterSnapshotAttribute ModifyDBSnapshotAttribute StartExportTask',
    redshift: 'AuthorizeDataShare AuthorizeSnapshotAccess',
    s3: 'CreateAccessGrant PutAccessPointPolicy PutBucketAcl PutBucketPolicy PutBucketWebsite PutMultiRegionAccessPointPolicy PutObjectAcl PutObjectVersionAcl PutReplicationConfiguration',
    secretsmanager: 'PutResourcePolicy ReplicateSecretToRegions',
    sns: 'AddPermission',
    sqs: 'AddPermission',
    ssm: 'ModifyDocumentPermission',
    transfer: 'CreateServer',
    appstream: 'UpdateImagePermissions',
    codeartifact: 'PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy',
    cloudtrail: 'PutResourcePolicy',
    dsql: 'PutClusterPolicy',
    fsx: 'UpdateSharedVpcConfiguration',
    lambda: 'PutResourcePolicy',
    servicecatalog: 'CreatePortfolioShare',
    workspaces: 'UpdateWorkspaceImagePermission',
  },
  impact: {
    // What cannot be undone, and what runs up a bill: machines launched by somebody who mines on them (T1496), and out
    // of sight (T1578.002).
    account: 'CloseAccount',
    backup: 'DeleteBackupVault DeleteBackupVaultLockConfiguration DeleteRecoveryPoint',
    bedrock:
      'CreateFoundationModelAgreement InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement PutUseCaseForModelAccess',
    cloudformation: 'DeleteStack DeleteStackSet',
    dynamodb: 'DeleteBackup DeleteTable DeleteTableReplica UpdateContinuousBackups',
    ec2: 'CreateFleet DeleteSnapshot DeleteVolume DeregisterImage RequestSpotFleet RequestSpotInstances RunInstances RunScheduledInstances TerminateInstances',
    eks: 'DeleteCluster',
    elasticfilesystem: 'DeleteFileSystem',
    fsx: 'DeleteBackup DeleteFileSystem',
    glacier: 'DeleteArchive',
    kms: 'DeleteImportedKeyMaterial DisableKey ScheduleKeyDeletion',
    organizations: 'CloseAccount DeleteOrganization',
    rds: 'DeleteDBCluster DeleteDBClusterSnapshot DeleteDBInstance DeleteDBInstanceAutomatedBackup DeleteDBSnapshot DeleteGlobalCluster',
    redshift: 'DeleteCluster DeleteClusterSnapshot',
    route53: 'DeleteHostedZone',
    route53domains: 'DeleteDomain DisableDomainTransferLock TransferDomainToAnotherAwsAccount',
    s3: 'DeleteBucket DeleteObjectVersion PutBucketVersioning',
    secretsmanager: 'DeleteSecret',
    servicequotas: 'RequestServiceQuotaIncrease',
    ses: 'UpdateAccountSendingEnabled VerifyEmailIdentity',
    codecommit: 'DeleteRepository',
    ecr: 'DeleteRepository',
    elasticache: 'DeleteReplicationGroup DeleteServerlessCache DeleteSnapshot',
    es: 'DeleteDomain DeleteElasticsearchDomain',
    glue: 'DeleteDatabase',
    kinesis: 'DeleteStream',
    lightsail:
      'CreateInstances CreateInstancesFromSnapshot DeleteDisk DeleteDiskSnapshot DeleteInstance DeleteInstanceSnapshot DeleteRelationalDatabase',
    memorydb: 'DeleteCluster DeleteSnapshot',
    'neptune-graph': 'DeleteGraph DeleteGraphSnapshot',
    'redshift-serverless': 'DeleteNamespace DeleteSnapshot',
    timestream: 'DeleteDatabase DeleteTable',
    workspaces: 'TerminateWorkspaces',
  },
};

/** Told whoever does it and however often, attempts included: ends the record of what happens, or the account. */
export const alwaysAlerted: readonly string[] = [
  'account:CloseAccount',
  'cloudtrail:DeleteEventDataStore',
  'cloudtrail:DeleteTrail',
  'cloudtrail:StopEventDataStoreIngestion',
  'cloudtrail:StopLogging',
  'config:DeleteConfigurationRecorder',
  'config:StopConfigurationRecorder',
  'guardduty:DeleteDetector',
  'organizations:CloseAccount',
  'organizations:DeleteOrganization',
  'organizations:LeaveOrganization',
  'organizations:RemoveAccountFromOrganization',
  'securityhub:DisableSecurityHub',
];
