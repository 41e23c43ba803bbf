/** The accounts of the sample organization. The ids are the ones that AWS's own documentation uses as examples. */
export const accounts = {
  security: '111122223333',
  production: '444455556666',
  staging: '777788889999',
  data: '222233334444',
  tooling: '555566667777',
} as const;

export type AccountName = keyof typeof accounts;
export const accountNames = Object.keys(accounts) as AccountName[];

export const organizationId = 'o-a1b2c3d4e5';
export const homeRegion = 'eu-central-1';
export const regions = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;
export const trailBucket = 'sample-organization-trail';

export const identityStore = `arn:aws:identitystore::${accounts.security}:identitystore/d-9067a1b2c3`;
export const slack = { team: 'T0SAMPLE001', app: 'A0SAMPLE001', channel: 'C0SAMPLE001' } as const;
