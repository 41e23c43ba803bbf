import type { PrivilegeClass, Tactic } from '../catalogue/privilege-class.ts';

/**
 * Every number of the model stands here (docs/detection.md says where they come from). Changing one changes the scores
 * of everything seen so far: raise `modelVersion` with it.
 */
export const modelVersion = '1';

/** How much a first use of such an action may mean, between 0 and 1. */
export const classWeights: Readonly<Record<PrivilegeClass, number>> = {
  'metadata-read': 0.05,
  discovery: 0.2,
  write: 0.35,
  'secret-read': 0.9,
  'privilege-escalation': 1,
  persistence: 1,
  'defense-evasion': 1,
  exfiltration: 1,
  impact: 1,
};

/** At and above this weight an action alone is worth a look, and the first days of an identity do not excuse it. */
export const serious = 0.9;

/** Points of a first use of weight 1: `A = w · surprise · (1 − n_eff)`. */
export const surprise = 14;

/** A use that was denied tells an intention, not a deed. */
export const deniedFactor = 0.6;

/** `n_eff = min(days used, most) · 2^(−days rested / halfLife)`, counted over the `span` before the return. */
export const rest = { halfLife: 45, most: 4, span: 200 } as const;

/** Context: `(0.3 + w) × points`, once a session and kind, with the weightiest action that shares it. */
export const context = {
  base: 0.3,
  'new-network': 3,
  'new-region': 3,
  'new-agent': 1.5,
  'new-assumed-role': 3,
  denied: 1,
  'no-mfa': 2,
} as const;

export type ContextKind = Exclude<keyof typeof context, 'base'>;

/** Five or more denied actions over three or more services: somebody tries doors. */
export const spread = { actions: 5, services: 3, points: 8 } as const;

/**
 * Signals: points, and the tactic that it is evidence of. One that lets somebody in or blinds somebody reaches the
 * digest by itself, since the action may have been used every day. `alwaysTold` is a message whatever the score.
 */
export const signals: Readonly<Record<string, { points: number; tactic: Tactic | null; alwaysTold?: true }>> = {
  'always-alert': { points: 20, tactic: null, alwaysTold: true },
  'root-use': { points: 20, tactic: null, alwaysTold: true },
  'external-account': { points: 8, tactic: 'exfiltration' },
  'public-principal': { points: 8, tactic: 'exfiltration' },
  'administrator-policy': { points: 8, tactic: 'privilege-escalation' },
  'open-ingress': { points: 8, tactic: 'defense-evasion' },
  'public-acl': { points: 8, tactic: 'exfiltration' },
  'public-access-unblocked': { points: 6, tactic: 'exfiltration' },
  'logging-disabled': { points: 8, tactic: 'defense-evasion' },
  'login-profile': { points: 8, tactic: 'persistence' },
  'access-key-for-another': { points: 8, tactic: 'persistence' },
  'sign-in-without-mfa': { points: 8, tactic: 'initial-access' },
  'external-layer': { points: 8, tactic: 'persistence' },
  'instance-user-data': { points: 8, tactic: 'execution' },
};

/** A kind that an older ledger holds and no rule gives any more. */
export const unknownSignal = { points: 6, tactic: null };

/** The same risky thing again in a case that people answered with "not us". */
export const afterNotUs = 6;

/**
 * The most that each pool of a session's points holds at one time. Reading around alone never makes a case, ordinary
 * writing alone never a message, and one serious tactic alone only together with its context.
 */
export const caps = {
  looking: 7,
  writing: 12,
  tactic: 18,
  /** Of one kind: the same thing done to many resources is one thing. */
  signal: 20,
  roles: 6,
} as const;

/** Sessions: seconds. A gap ends one, and so does its length; points halve as it goes on. */
export const session = { gap: 30 * 60, length: 4 * 3600, halfLife: 30 * 60 } as const;

/** Score from which on it is a case, and from which on a message by itself. */
export const thresholds = { digest: 8, message: 20 } as const;

/** Two tactics make a message when each was worth that many points, and one of them is of these. */
export const twoTactics = {
  points: 4,
  grave: ['privilege-escalation', 'credential-access', 'defense-evasion'] as readonly Tactic[],
} as const;

/**
 * The first days of an identity: everything is new, so what is not serious counts a quarter, and nothing but what is
 * always told is more than a digest.
 */
export const coldStart = { days: 7, factor: 0.25 } as const;

/** What a case keeps: whoever does much at once costs a bounded row. */
export const kept = { moments: 200, facets: 200, reasons: 50, keys: 64, principals: 64 } as const;
