/** The classes that some actions have by decision rather than by access level (privilege-class.ts explains them). */
export type DecidedClass =
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
    'cognito-identity': 'GetCredentialsForIdentity',
    connect: 'GetFederationToken',
    // User data holds passwords more often than it should.
    ec2: 'DescribeInstanceAttribute GetPasswordData',
    gamelift: 'GetInstanceAccess',
    glue: 'GetConnection GetConnections',
    lightsail: 'DownloadDefaultKeyPair GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword',
    'rds-db': 'connect',
    redshift: 'GetClusterCredentials GetClusterCredentialsWithIAM',
    'redshift-serverless': 'GetCredentials',
    secretsmanager: 'BatchGetSecretValue GetSecretValue',
    ssm: 'GetParameter GetParameterHistory GetParameters GetParametersByPath',
    sts: 'GetSessionToken',
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
    iam: 'AddRoleToInstanceProfile AddUserToGroup PassRole',
    identitystore: 'CreateGroupMembership',
    iot: 'CreateRoleAlias',
    sagemaker: 'CreateNotebookInstanceLifecycleConfig CreatePresignedDomainUrl CreatePresignedNotebookInstanceUrl',
    ssm: 'CreateAssociation ResumeSession SendCommand StartAutomationExecution StartSession',
    sso: 'CreateAccountAssignment PutInlinePolicyToPermissionSet',
    'sso-directory': 'AddMemberToGroup',
    sts: 'AssumeRoot',
  },
  persistence: {
    // New identities, credentials, trust and code that stay.
    apigateway: 'UpdateRestApiPolicy',
    appsync: 'CreateApiKey',
    ec2: 'CreateInstanceConnectEndpoint CreateKeyPair ImportKeyPair',
    iam: 'AddClientIDToOpenIDConnectProvider CreateAccessKey CreateLoginProfile CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice EnableMFADevice ResetServiceSpecificCredential ResyncMFADevice UpdateAccessKey UpdateAssumeRolePolicy UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider UploadSSHPublicKey UploadSigningCertificate',
    identitystore: 'CreateUser',
    iot: 'CreateKeysAndCertificate',
    lambda:
      'AddLayerVersionPermission AddPermission CreateEventSourceMapping CreateFunctionUrlConfig UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionUrlConfig',
    organizations: 'CreateAccount InviteAccountToOrganization RegisterDelegatedAdministrator',
    rolesanywhere: 'CreateProfile CreateTrustAnchor EnableProfile EnableTrustAnchor UpdateProfile UpdateTrustAnchor',
    ssm: 'CreateActivation',
    sso: 'CreateTrustedTokenIssuer',
    'sso-directory': 'CreateUser',
    sts: 'GetFederationToken',
    transfer: 'CreateUser ImportSshPublicKey',
  },
  'defense-evasion': {
    // Logs, detectors, guardrails and firewalls switched off or opened.
    'access-analyzer': 'CreateArchiveRule DeleteAnalyzer',
    account: 'EnableRegion',
    bedrock: 'DeleteModelInvocationLoggingConfiguration',
    cloudtrail:
      'DeleteEventDataStore DeleteTrail DeregisterOrganizationDelegatedAdmin PutEventSelectors PutInsightSelectors StopEventDataStoreIngestion StopLogging UpdateEventDataStore UpdateTrail',
    cloudwatch: 'DeleteAlarms DisableAlarmActions',
    config:
      'DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel DeleteOrganizationConfigRule StopConfigurationRecorder',
    detective: 'DeleteGraph',
    ec2: 'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateNetworkAclEntry DeleteFlowLogs DeleteNetworkAclEntry DisableEbsEncryptionByDefault DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess ModifyInstanceMetadataOptions ModifySecurityGroupRules ReplaceNetworkAclEntry',
    events: 'DeleteRule DisableRule RemoveTargets',
    guardduty:
      'ArchiveFindings CreateFilter CreateIPSet DeleteDetector DeleteMembers DeletePublishingDestination DisableOrganizationAdminAccount DisassociateFromAdministratorAccount DisassociateMembers StopMonitoringMembers UpdateDetector UpdateFilter UpdateIPSet',
    iam: 'DeactivateMFADevice DeleteAccountPasswordPolicy DeleteVirtualMFADevice UpdateAccountPasswordPolicy',
    inspector2: 'Disable',
    logs: 'DeleteDestination DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteSubscriptionFilter PutRetentionPolicy',
    macie2: 'DisableMacie',
    'network-firewall': 'DeleteFirewall UpdateLoggingConfiguration',
    organizations:
      'AttachPolicy DeletePolicy DeregisterDelegatedAdministrator DetachPolicy DisableAWSServiceAccess DisablePolicyType LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy',
    route53resolver: 'DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig',
    // Lifecycle rules delete logs silently.
    s3: 'DeleteBucketPolicy PutAccountPublicAccessBlock PutBucketLogging PutBucketPublicAccessBlock PutLifecycleConfiguration',
    securityhub:
      'BatchDisableStandards BatchUpdateFindings DeleteMembers DisableSecurityHub DisassociateFromAdministratorAccount DisassociateMembers UpdateStandardsControl',
    wafv2: 'DeleteLoggingConfiguration DeleteWebACL DisassociateWebACL',
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
    s3: 'CreateAccessGrant PutAccessPointPolicy PutBucketAcl PutBucketPolicy PutMultiRegionAccessPointPolicy PutObjectAcl PutObjectVersionAcl PutReplicationConfiguration',
    secretsmanager: 'PutResourcePolicy ReplicateSecretToRegions',
    sns: 'AddPermission',
    sqs: 'AddPermission',
    ssm: 'ModifyDocumentPermission',
    transfer: 'CreateServer',
  },
  impact: {
    // What cannot be undone, and what runs up a bill.
    account: 'CloseAccount',
    backup: 'DeleteBackupVault DeleteBackupVaultLockConfiguration DeleteRecoveryPoint',
    bedrock:
      'CreateFoundationModelAgreement InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement PutUseCaseForModelAccess',
    cloudformation: 'DeleteStack DeleteStackSet',
    dynamodb: 'DeleteBackup DeleteTable',
    ec2: 'DeleteSnapshot DeleteVolume DeregisterImage TerminateInstances',
    eks: 'DeleteCluster',
    elasticfilesystem: 'DeleteFileSystem',
    fsx: 'DeleteBackup DeleteFileSystem',
    glacier: 'DeleteArchive',
    kms: 'DeleteImportedKeyMaterial DisableKey ScheduleKeyDeletion',
    organizations: 'CloseAccount DeleteOrganization',
    rds: 'DeleteDBCluster DeleteDBClusterSnapshot DeleteDBInstance DeleteDBInstanceAutomatedBackup DeleteDBSnapshot',
    redshift: 'DeleteCluster DeleteClusterSnapshot',
    route53: 'DeleteHostedZone',
    route53domains: 'DeleteDomain DisableDomainTransferLock TransferDomainToAnotherAwsAccount',
    s3: 'DeleteBucket DeleteObjectVersion PutBucketVersioning',
    secretsmanager: 'DeleteSecret',
    servicequotas: 'RequestServiceQuotaIncrease',
    ses: 'UpdateAccountSendingEnabled VerifyEmailIdentity',
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
