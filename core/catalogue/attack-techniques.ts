import { type PrivilegeClass, privilegeClassOf } from './privilege-class.ts';

/** What a class is in MITRE ATT&CK's cloud matrix where nothing closer is known of the action; null: no technique. */
const ofClass: Readonly<Record<PrivilegeClass, string | null>> = {
  'metadata-read': null,
  discovery: 'T1526',
  write: null,
  // Cloud secrets management stores.
  'secret-read': 'T1555.006',
  // Additional cloud roles.
  'privilege-escalation': 'T1098.003',
  // Account manipulation.
  persistence: 'T1098',
  // Disable or modify tools.
  'defense-evasion': 'T1562.001',
  // Transfer data to cloud account.
  exfiltration: 'T1537',
  // Data destruction.
  impact: 'T1485',
};

/** Closer techniques, by technique, service and action names separated by spaces. */
export const closerTechniques: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Additional cloud credentials.
  'T1098.001': {
    appsync: 'CreateApiKey',
    grafana: 'CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken',
    iam: 'CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential ResetServiceSpecificCredential UpdateAccessKey UpdateLoginProfile UpdateServiceSpecificCredential UpdateSigningCertificate UploadSigningCertificate',
    iot: 'CreateCertificateFromCsr CreateKeysAndCertificate RegisterCACertificate RegisterCertificate RegisterCertificateWithoutCA',
    rolesanywhere: 'CreateProfile CreateTrustAnchor EnableProfile EnableTrustAnchor UpdateProfile UpdateTrustAnchor',
    sts: 'GetFederationToken',
  },
  // SSH authorized keys.
  'T1098.004': {
    ec2: 'CreateKeyPair ImportKeyPair',
    iam: 'UpdateSSHPublicKey UploadSSHPublicKey',
    lightsail: 'CreateKeyPair ImportKeyPair',
    transfer: 'ImportSshPublicKey',
  },
  // Create a cloud account.
  'T1136.003': {
    iam: 'CreateRole CreateUser',
    identitystore: 'CreateUser',
    organizations: 'CreateAccount',
    'sso-directory': 'CreateUser',
    transfer: 'CreateUser',
  },
  // Trust modification.
  'T1484.002': {
    ds: 'CreateTrust',
    iam: 'AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider CreateSAMLProvider EnableOutboundWebIdentityFederation UpdateAssumeRolePolicy UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider',
    sso: 'CreateTrustedTokenIssuer',
  },
  // Multi-factor authentication.
  'T1556.006': {
    iam: 'CreateVirtualMFADevice DeactivateMFADevice DeleteVirtualMFADevice EnableMFADevice ResyncMFADevice',
  },
  // Event triggered execution, and code that stays in functions.
  T1546: {
    lambda:
      'AddPermission CreateEventSourceMapping CreateFunctionUrlConfig UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionUrlConfig',
  },
  // Cloud administration command.
  T1651: { ecs: 'ExecuteCommand', ssm: 'CreateAssociation SendCommand StartAutomationExecution' },
  // Direct cloud VM connections.
  'T1021.008': {
    ec2: 'EnableSerialConsoleAccess',
    'ec2-instance-connect': 'OpenTunnel SendSSHPublicKey SendSerialConsoleSSHPublicKey',
    ssm: 'ResumeSession StartSession',
  },
  // Create a cloud instance; resource hijacking (T1496) as often.
  'T1578.002': {
    ec2: 'CreateFleet RequestSpotFleet RequestSpotInstances RunInstances RunScheduledInstances',
    lightsail: 'CreateInstances CreateInstancesFromSnapshot',
  },
  // Modify cloud compute configurations.
  'T1578.005': {
    ec2: 'ModifyInstanceAttribute ModifyInstanceMetadataOptions',
    servicequotas: 'RequestServiceQuotaIncrease',
  },
  // Unsecured credentials.
  T1552: { ec2: 'DescribeInstanceAttribute GetPasswordData', glue: 'GetConnection GetConnections' },
  // Steal application access token.
  T1528: {
    codeartifact: 'GetAuthorizationToken',
    'cognito-identity': 'GetCredentialsForIdentity GetOpenIdToken GetOpenIdTokenForDeveloperIdentity',
    sts: 'GetSessionToken',
  },
  // Disable or modify cloud logs.
  'T1562.008': {
    bedrock: 'DeleteModelInvocationLoggingConfiguration PutModelInvocationLoggingConfiguration',
    cloudtrail:
      'DeleteEventDataStore DeleteTrail PutEventSelectors PutInsightSelectors StopEventDataStoreIngestion StopLogging UpdateEventDataStore UpdateTrail',
    config: 'DeleteConfigurationRecorder DeleteDeliveryChannel StopConfigurationRecorder',
    ec2: 'DeleteFlowLogs',
    logs: 'DeleteDestination DeleteLogGroup DeleteLogStream DeleteSubscriptionFilter PutRetentionPolicy',
    route53resolver: 'DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig',
    s3: 'PutBucketLogging PutLifecycleConfiguration',
    wafv2: 'DeleteLoggingConfiguration',
  },
  // Disable or modify cloud firewall.
  'T1562.007': {
    ec2: 'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateNetworkAclEntry DeleteNetworkAclEntry ModifySecurityGroupRules ReplaceNetworkAclEntry',
    'network-firewall': 'DeleteFirewall',
    wafv2: 'DeleteWebACL DisassociateWebACL',
  },
  // Modify the hierarchy of cloud resources.
  T1666: {
    organizations:
      'AttachPolicy DeletePolicy DetachPolicy DisablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy',
  },
  // Data from cloud storage.
  T1530: { dynamodb: 'BatchGetItem GetItem PartiQLSelect Query Scan', s3: 'GetObject GetObjectVersion' },
  // Cloud accounts and groups.
  'T1087.004': {
    iam: 'GetAccountAuthorizationDetails GetCredentialReport ListRoles ListUsers',
    organizations: 'ListAccounts',
  },
  'T1069.003': { iam: 'ListAttachedRolePolicies ListAttachedUserPolicies ListGroups ListGroupsForUser' },
  // Cloud infrastructure.
  T1580: { ec2: 'DescribeInstances DescribeSecurityGroups DescribeSnapshots DescribeVpcs', rds: 'DescribeDBInstances' },
  T1619: { s3: 'ListAllMyBuckets ListBucket' },
  // Inhibit system recovery.
  T1490: {
    backup: 'DeleteBackupVault DeleteBackupVaultLockConfiguration DeleteRecoveryPoint',
    dynamodb: 'DeleteBackup UpdateContinuousBackups',
    ec2: 'DeleteSnapshot',
    rds: 'DeleteDBClusterSnapshot DeleteDBInstanceAutomatedBackup DeleteDBSnapshot',
    s3: 'PutBucketVersioning',
  },
  // Resource hijacking.
  T1496: {
    bedrock: 'InvokeModel InvokeModelWithResponseStream',
    ses: 'UpdateAccountSendingEnabled VerifyEmailIdentity',
  },
};

const closer = new Map<string, string>();
for (const [technique, services] of Object.entries(closerTechniques)) {
  for (const [service, names] of Object.entries(services)) {
    for (const name of names.split(' ')) closer.set(`${service}:${name}`, technique);
  }
}

/** The ATT&CK technique that an action in the catalogue's spelling serves; null where it serves none by itself. */
export const techniqueOf = (action: string): string | null => closer.get(action) ?? ofClass[privilegeClassOf(action)];
