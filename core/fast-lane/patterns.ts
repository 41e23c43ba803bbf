import { federationCalls } from '../identity/federation-change.ts';
import { leaverCalls, leaverSources } from '../identity/leaver.ts';
import type { EventPattern, Fields, Filter } from './event-pattern.ts';
import { type CallName, type Calls, changesThatMatter, readsOfParameters, readsOfSecrets } from './prompt-calls.ts';

/**
 * How wide the fast lane is. `prompt`: what must be known at once; `changes`: every change besides, for those whose trail
 * delivers late; `everything`: every management event, for those who have no trail bucket.
 */
export type Width = 'prompt' | 'changes' | 'everything';

export interface FastLane {
  width: Width;
  /**
   * ARNs of roles that read secrets and parameters all day: these reads of theirs come with the trail's files, minutes
   * later. Whatever else they do takes the fast lane.
   */
  constantReaders: readonly string[];
}

/** What EventBridge takes for one rule while no quota is raised, in characters of JSON. */
const longestPattern = 2048;

const consoleTypes = ['AWS Console Sign In via CloudTrail', 'AWS Console Action via CloudTrail'] as const;
const callTypes = ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'] as const;
const iam = 'iam.amazonaws.com';
/** PutEvents refuses such sources to everybody but AWS. Partners' events, `aws.partner/…`, reach no default bus. */
const fromAws: readonly Filter[] = [{ prefix: 'aws.' }];

/** Whatever CloudTrail tells. On the central bus nothing narrower is needed: its policy says who may put events there. */
export const everythingPattern: EventPattern = { source: fromAws, 'detail-type': [...callTypes, ...consoleTypes] };

const consoleOnly: EventPattern = { source: fromAws, 'detail-type': consoleTypes };

/** Whoever is deleted or disabled there keeps nothing that was lent to them. */
const leavers: Fields = { eventSource: leaverSources, eventName: leaverCalls };

const signIns: readonly Fields[] = [
  { eventSource: ['signin.amazonaws.com'] },
  { eventSource: ['sso.amazonaws.com'], eventName: ['Authenticate', 'Federate', 'GetRoleCredentials'] },
  // Identity Center lives in one region, which need not be one that is used otherwise.
  leavers,
];

/** What of it ends leases, on the central bus. */
export const leaverPattern: EventPattern = {
  source: fromAws,
  'detail-type': callTypes,
  detail: { ...leavers, errorCode: [{ exists: false }] },
};

/** What of it freezes enrolments, on the central bus. */
export const federationPattern: EventPattern = {
  source: fromAws,
  'detail-type': callTypes,
  detail: { eventSource: [iam], eventName: federationCalls, errorCode: [{ exists: false }] },
};

/** Sign-ins, which the endpoint of any region may take; what opens a session through Identity Center, and who left it. */
export const signInPatterns: readonly EventPattern[] = [consoleOnly, calls(signIns)];

/** Services assume their own roles all day; who stands behind a session is never one of them. */
const assumptions: Fields = {
  eventSource: ['sts.amazonaws.com'],
  eventName: [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'GetFederationToken',
    'GetSessionToken',
  ],
  userIdentity: { type: [{ 'anything-but': 'AWSService' }] },
};

/** Every change of identities, ordinary ones too: the inventory is kept current by them. */
const identityChanges: Fields = { eventSource: [iam], readOnly: [false] };

/** The patterns of the fast lane's rules, one a rule, generated from the privilege classes of the catalogue. */
export function fastLanePatterns({ width, constantReaders }: FastLane): readonly EventPattern[] {
  if (width === 'everything') return [everythingPattern];
  const always = [...signInPatterns, ...reads(constantReaders)];
  if (width === 'changes') return [...always, calls([assumptions, { readOnly: [false] }])];
  const { anywhere, bound } = changesThatMatter();
  return [
    ...always,
    calls([assumptions, identityChanges]),
    ...packed(anywhere.map(nameFilter), named),
    ...packed(bound.map(callOf), (some) => calls(some)),
  ];
}

function reads(constantReaders: readonly string[]): EventPattern[] {
  const branches = [
    ...readsOfSecrets().map(callOf),
    ...readsOfParameters().flatMap((each) => [
      { ...callOf(each), requestParameters: { withDecryption: [true] } },
      // A refused call tells no parameters.
      { ...callOf(each), errorCode: ['AccessDenied', 'AccessDeniedException'] },
    ]),
  ];
  const readers = constantReaders.length === 0 ? [{}] : otherThan(constantReaders);
  return readers.flatMap((who) => packed(branches, (some) => calls(some, who)));
}

/** Everybody but sessions of these roles. `anything-but` wants the field to be there, which for users it is not. */
function otherThan(roles: readonly string[]): Fields[] {
  const issuedBy = (filter: Filter): Fields => ({
    userIdentity: { sessionContext: { sessionIssuer: { arn: [filter] } } },
  });
  return [issuedBy({ exists: false }), issuedBy({ 'anything-but': roles })];
}

/** As many parts to a pattern as EventBridge takes. A part that is too long by itself is a fault of ours. */
function packed<Part>(parts: readonly Part[], patternOf: (parts: readonly Part[]) => EventPattern): EventPattern[] {
  const patterns: EventPattern[] = [];
  let taken: Part[] = [];
  for (const part of parts) {
    if (taken.length > 0 && !fits(patternOf([...taken, part]))) {
      patterns.push(patternOf(taken));
      taken = [];
    }
    taken.push(part);
  }
  if (taken.length > 0) patterns.push(patternOf(taken));
  if (!patterns.every(fits)) throw new RangeError('a part of the fast lane is longer than one rule of EventBridge');
  return patterns;
}

const fits = (pattern: EventPattern): boolean => JSON.stringify(pattern).length <= longestPattern;

const callOf = ({ sources, names }: Calls): Fields => ({ eventSource: sources, eventName: names.map(nameFilter) });

const nameFilter = ({ name, versioned }: CallName): Filter => (versioned ? { prefix: name } : name);

function calls(branches: readonly Fields[], also: Fields = {}): EventPattern {
  // EventBridge wants two patterns at least to choose from.
  const wanted = branches.length === 1 ? branches[0] : { $or: branches };
  return { source: fromAws, 'detail-type': callTypes, detail: { ...also, ...wanted } };
}

function named(eventName: readonly Filter[]): EventPattern {
  return { source: fromAws, 'detail-type': callTypes, detail: { eventSource: [{ 'anything-but': iam }], eventName } };
}
