/** The account of the hub: both emulators fall back to it. */
export const hub = '123456789012';
export const members = { orders: '222222222222', reports: '333333333333' } as const;
export const management = '444444444444';
export const region = 'us-east-1';
export const trailBucket = 'leastwise-local-trail';

/** An organization of four accounts, of which the emulators know nothing until the stacks are deployed. */
export const configuration = {
  version: 1,
  organization: { id: 'o-localexample' },
  securityAccount: hub,
  homeRegion: region,
  regions: [region],
  accounts: [
    { id: hub, name: 'security' },
    { id: members.orders, name: 'orders' },
    { id: members.reports, name: 'reports' },
    { id: management, name: 'management' },
  ],
  trail: { bucket: trailBucket, prefix: '', logFileValidation: false },
  slack: { team: 'T0LOCAL', app: 'A0LOCAL', channel: 'C0LOCAL' },
  people: ['ada', 'bruno', 'cleo'].map((id) => ({
    id,
    name: id[0]!.toUpperCase() + id.slice(1),
    slack: { team: 'T0LOCAL', user: `U0${id.toUpperCase()}` },
    actors: [`arn:aws:iam::${members.orders}:user/${id}`],
  })),
  rules: [{ name: 'everything', approvers: ['ada', 'bruno'], quorum: 1 }],
  breakGlass: [`arn:aws:iam::${members.orders}:role/break-glass`],
  windowDays: 2,
  rightsizing: { trialDays: 1 },
  lending: { maxHours: 8 },
  decideWithinHours: 24,
  deployment: { managementAccount: management, leaseRoles: true },
} as const;
