/** The role in every account that forwards events to the security account's bus. */
export const forwardingRole = 'leastwise-forward';

/** Reads that must be known at once: secrets, parameters, password data, role assumption. */
const promptReads = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetSecretValue',
  'BatchGetSecretValue',
  'GetParameter',
  'GetParameters',
  'GetParametersByPath',
  'GetPasswordData',
  'GetFederationToken',
  'GetSessionToken',
  'GetAuthorizationToken',
  'GetRoleCredentials',
];

/**
 * What takes the fast lane: every change, every sign-in, and the reads above. CloudTrail's detail-types are named and
 * the source must be an AWS service, since PutEvents refuses `aws.` sources to everybody but AWS.
 */
export const fastLanePattern = {
  source: [{ prefix: 'aws.' }] as unknown as string[],
  detailType: ['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail', 'AWS Service Event via CloudTrail'],
  detail: {
    $or: [{ readOnly: [false] }, { eventName: promptReads }, { readOnly: [{ exists: false }] }],
  },
};
