import type { PrivilegeClass, Tactic } from '../catalogue/privilege-class.ts';

/**
 * Version of the model and its weights, part of every case's id. Changing either changes the scores of everything seen so
 * far: raise it with them.
 */
export const modelVersion = '3';

/** Points of a kind of signal, and the tactic that it is evidence of. */
export interface SignalWeight {
  points: number;
  tactic: Tactic | null;
}

/** Points of a pattern (core/anomaly/patterns), which names its own tactic. */
interface PatternWeight {
  points: number;
}

/** Every number of the model. docs/anomaly.md says where they come from; the configuration may replace any of them. */
export interface Weights {
  /** How much a first use of an action of that class may mean, between 0 and 1. */
  classes: Readonly<Record<PrivilegeClass, number>>;
  /** At and above this weight an action alone is worth a look, and the first days of an identity do not excuse it. */
  serious: number;
  /**
   * Points of a first use of weight 1: `A = w · surprise · kinship · (1 − n_eff)`. Of what is not serious always
   * `ordinary`. Of the serious, `perBit · log2((days active + 1) / (serious first uses so far + ½))` between `least` and
   * `most`: whoever never does anything new surprises more than whoever does so every week.
   */
  surprise: { ordinary: number; perBit: number; least: number; most: number; rare: number };
  /**
   * A first use counts `1 − discount` of its points where the actor does other things of the same tactic: after `days`
   * days of them in full, in proportion before. Only actions known for `settled` days count, and days fade by `rest`.
   */
  kinship: { discount: number; days: number; settled: number };
  /** A use that was denied tells an intention, not a deed. */
  denied: number;
  /** What was used before and comes back after a rest is half known, unless it is rare and serious. */
  returned: number;
  /** `n_eff = min(days used, most) · 2^(−days rested / halfLife)`, counted over the `span` before the return. */
  rest: { halfLife: number; most: number; span: number };
  /**
   * Context: `(base + w) × points`, once a session and kind, with the weightiest action that shares it. A new network by
   * the bit, as `surprise` counts them: `log2((days active + 1) / (networks known − ½))`, at most `networkBits`.
   */
  context: {
    base: number;
    'new-network': number;
    networkBits: number;
    'new-region': number;
    'new-agent': number;
    'new-assumed-role': number;
    /** By the bit, as networks are counted: a thing that a serious action was never used on. */
    'new-resource': number;
    denied: number;
    'no-mfa': number;
  };
  /** So many denied actions over so many services: somebody tries doors. */
  spread: { actions: number; services: number; points: number };
  /** So many secrets never read before, in one session: somebody collects. */
  secretSpread: { secrets: number; points: number };
  /** By kind: what no single event tells. */
  patterns: Readonly<Record<string, PatternWeight>>;
  /**
   * Rules that are tried out first: of whatever kind (of signal, of pattern, `secret-spread`) stands here as 1, nobody is
   * told, and it counts for nothing; what it would have told is counted (docs/anomaly.md).
   */
  shadow: Readonly<Record<string, number>>;
  /** By kind. One that lets somebody in or blinds somebody reaches the digest by itself. */
  signals: Readonly<Record<string, SignalWeight>>;
  /** A signal that the actor gave on so many days of history, each faded by `rest`, tells nothing any more. */
  signalHabit: { days: number; settled: number };
  /** The same signal again in a case that people answered with "not us". */
  afterNotUs: number;
  /** The most that each pool of a session's points holds at one time. */
  caps: {
    looking: number;
    writing: number;
    /** Of one tactic, by what hardly anybody does every week. */
    tactic: number;
    /** Of all serious actions that are somebody's every week, together. */
    everyday: number;
    /** Of one kind: the same thing done to many resources is one thing. */
    signal: number;
    roles: number;
  };
  /** Sessions, in seconds: a gap ends one, and so does its length; points halve as it goes on. */
  session: { gap: number; length: number; halfLife: number };
  /** Score from which on it is a case, and from which on a message by itself. */
  thresholds: { digest: number; message: number };
  /** Two tactics make a message when each was worth that many points, and one of them is of these. */
  twoTactics: { points: number; grave: readonly Tactic[] };
  /**
   * Days in which everything is new: what is not serious counts `factor`, nothing is more than a digest, and a serious first
   * use is worth `surprise` at least, since nothing is known that would excuse it.
   */
  coldStart: { days: number; factor: number; surprise: number };
}

const signals: Weights['signals'] = {
  'always-alert': { points: 20, tactic: null },
  'root-use': { points: 20, tactic: null },
  'external-account': { points: 12, tactic: 'exfiltration' },
  'sibling-account': { points: 4, tactic: 'exfiltration' },
  'public-principal': { points: 14, tactic: 'exfiltration' },
  'administrator-policy': { points: 9, tactic: 'privilege-escalation' },
  'open-ingress': { points: 9, tactic: 'defense-evasion' },
  'public-acl': { points: 9, tactic: 'exfiltration' },
  'public-access-unblocked': { points: 6, tactic: 'exfiltration' },
  'logging-disabled': { points: 9, tactic: 'defense-evasion' },
  'login-profile': { points: 9, tactic: 'persistence' },
  'access-key-for-another': { points: 9, tactic: 'persistence' },
  'sign-in-without-mfa': { points: 9, tactic: 'initial-access' },
  'external-layer': { points: 9, tactic: 'persistence' },
  'instance-user-data': { points: 9, tactic: 'execution' },
  'broad-policy': { points: 3, tactic: 'privilege-escalation' },
  'function-rewired': { points: 3, tactic: 'persistence' },
  'federated-trust': { points: 6, tactic: 'persistence' },
  'bulk-secret-read': { points: 9, tactic: 'credential-access' },
  'costly-instances': { points: 9, tactic: 'impact' },
  'unread-parameters': { points: 0, tactic: null },
};

const patterns: Weights['patterns'] = {
  'service-elsewhere': { points: 7 },
  'two-places': { points: 9 },
  'new-assumer': { points: 4 },
  'after-lease': { points: 9 },
  regrowth: { points: 9 },
};

/** None of the rules is on trial by itself. */
const shadow = Object.fromEntries(
  [...Object.keys(signals), ...Object.keys(patterns), 'secret-spread'].map((kind) => [kind, 0]),
);

export const defaultWeights: Weights = {
  classes: {
    'metadata-read': 0.05,
    discovery: 0.2,
    write: 0.35,
    'secret-read': 0.9,
    'privilege-escalation': 1,
    persistence: 1,
    'defense-evasion': 1,
    exfiltration: 1,
    impact: 1,
  },
  serious: 0.9,
  surprise: { ordinary: 14, perBit: 3.3, least: 6, most: 22, rare: 14 },
  kinship: { discount: 0.5, days: 4, settled: 7 },
  denied: 0.7,
  returned: 0.5,
  rest: { halfLife: 45, most: 4, span: 200 },
  context: {
    base: 0.3,
    'new-network': 1.85,
    networkBits: 6,
    'new-region': 3,
    'new-agent': 1.5,
    'new-assumed-role': 3,
    'new-resource': 2.2,
    denied: 1,
    'no-mfa': 2,
  },
  spread: { actions: 5, services: 3, points: 9 },
  secretSpread: { secrets: 8, points: 9 },
  patterns,
  shadow,
  signals,
  signalHabit: { days: 3, settled: 3 },
  afterNotUs: 6,
  caps: { looking: 2.9, writing: 4.5, tactic: 22, everyday: 12, signal: 20, roles: 6 },
  session: { gap: 30 * 60, length: 4 * 3600, halfLife: 30 * 60 },
  thresholds: { digest: 9, message: 20 },
  twoTactics: { points: 6, grave: ['privilege-escalation', 'credential-access', 'defense-evasion'] },
  coldStart: { days: 7, factor: 0.25, surprise: 10 },
};

/** A kind that an older ledger holds and no rule gives any more. */
export const unknownSignal: SignalWeight = { points: 6, tactic: null };

/** Kinds of signal that are a message whatever the score. No weight and no answer changes that. */
export const alwaysTold: ReadonlySet<string> = new Set(['always-alert', 'root-use']);

/** What a case keeps: whoever does much at once costs a bounded row. */
export const kept = { moments: 200, facets: 200, reasons: 50, keys: 64, principals: 64 } as const;
