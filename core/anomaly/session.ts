import { privilegeClassOf, type Tactic, tacticOf } from '../catalogue/privilege-class.ts';
import type { Facet } from '../usage/item.ts';
import type { Find, Moment } from './novelty.ts';
import {
  afterNotUs,
  type ContextKind,
  caps,
  classWeights,
  coldStart,
  context,
  deniedFactor,
  session as limits,
  serious,
  signals,
  spread,
  surprise,
  twoTactics,
  unknownSignal,
} from './weights.ts';

/** What one find, or one circumstance, gave. Points are after the caps. */
export interface Contribution {
  kind: Find['kind'] | 'denied-spread' | 'no-mfa';
  facet: Facet;
  moment: Moment;
  find: Find | null;
  /** What it weighs alone, before the caps: this is what people are shown. */
  raw: number;
  points: number;
}

export interface SessionScore {
  /** The most that stood together at one time. */
  peak: number;
  contributions: readonly Contribution[];
  alwaysTold: boolean;
  /** Two serious tactics, one of them grave. */
  twoTactics: boolean;
}

export interface SessionOptions {
  /** The identity is in its first days. */
  cold: boolean;
  /** Whether the actor's signal of that kind on that action was called "not us" before. */
  notUs(find: Find, moment: Moment): boolean;
}

const weightOf = (action: string): number => classWeights[privilegeClassOf(action)];

/** Scores the moments of one session, in order of time. Points live in pools, each with its cap, and halve with time. */
export function scoreSession(moments: readonly Moment[], options: SessionOptions): SessionScore {
  const board = new Board(options);
  for (const moment of moments) board.play(moment);
  return board.result();
}

interface Pool {
  name: string;
  cap: number;
}

class Board {
  private readonly pools = new Map<string, number>();
  private readonly contributions: Contribution[] = [];
  private readonly tactics = new Map<Tactic, number>();
  private readonly fresh = new Map<string, Contribution>();
  private readonly credited = new Map<ContextKind, number>();
  private readonly doors = new Set<string>();
  private spreadTold = false;
  private alwaysTold = false;
  private peak = 0;
  private at: number | undefined;
  private readonly options: SessionOptions;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  play(moment: Moment): void {
    this.decayTo(Date.parse(moment.use.time) / 1000);
    for (const find of moment.finds) this.score(moment, find);
    this.scoreContext(moment);
    this.peak = Math.max(
      this.peak,
      [...this.pools.values()].reduce((sum, points) => sum + points, 0),
    );
  }

  result(): SessionScore {
    const told = [...this.tactics].filter(([, points]) => points >= twoTactics.points).map(([tactic]) => tactic);
    return {
      peak: this.peak,
      contributions: this.contributions,
      alwaysTold: this.alwaysTold,
      twoTactics: told.length > 1 && told.some((tactic) => twoTactics.grave.includes(tactic)),
    };
  }

  private decayTo(at: number): void {
    const factor = this.at === undefined ? 1 : 2 ** ((this.at - at) / limits.halfLife);
    for (const [name, points] of this.pools) this.pools.set(name, points * factor);
    this.at = at;
  }

  /** Puts what fits into the pool and says how much that was. */
  private pour(pool: Pool, points: number): number {
    const held = this.pools.get(pool.name) ?? 0;
    const poured = Math.max(0, Math.min(points, pool.cap - held));
    this.pools.set(pool.name, held + poured);
    return poured;
  }

  private note(contribution: Contribution): Contribution {
    this.contributions.push(contribution);
    return contribution;
  }

  private score(moment: Moment, find: Find): void {
    if (find.kind === 'signal') this.scoreSignal(moment, find);
    else if (find.kind === 'denied') this.scoreDenial(moment, find);
    else if (find.kind === 'first-use' || find.kind === 'returned') {
      const raw = this.surpriseOf(find);
      const points = this.pour(this.poolOf(find.action), raw);
      this.note({ kind: find.kind, facet: find.facet, moment, find, raw, points });
      if (weightOf(find.action) >= serious) this.countTactic(tacticOf(privilegeClassOf(find.action)), points);
    } else {
      const contribution = this.note({ kind: find.kind, facet: find.facet, moment, find, raw: 0, points: 0 });
      if (find.kind === 'new-assumed-role') this.scoreRole(contribution);
      else this.fresh.set(freshKey(find.kind, find.facet.value), contribution);
    }
  }

  private surpriseOf({ action, novelty }: Find): number {
    const weight = weightOf(action);
    const cold = this.options.cold && weight < serious ? coldStart.factor : 1;
    return weight * surprise * novelty * cold;
  }

  private scoreSignal(moment: Moment, find: Find): void {
    const {
      points: base,
      tactic,
      alwaysTold,
    } = signals[signalKind(find.facet)] ?? { ...unknownSignal, alwaysTold: false };
    const raw = base + (this.options.notUs(find, moment) ? afterNotUs : 0);
    const points = this.pour({ name: `signal ${signalKind(find.facet)}`, cap: caps.signal }, raw);
    this.note({ kind: 'signal', facet: find.facet, moment, find, raw, points });
    if (alwaysTold) this.alwaysTold = true;
    this.countTactic(tactic, points);
  }

  private scoreDenial(moment: Moment, find: Find): void {
    const raw = this.surpriseOf(find) * deniedFactor + (context.base + weightOf(find.action)) * context.denied;
    const points = this.pour(this.poolOf(find.action), raw);
    this.note({ kind: 'denied', facet: find.facet, moment, find, raw, points });
    this.doors.add(find.action);
    const services = new Set([...this.doors].map((action) => action.slice(0, action.indexOf(':'))));
    if (this.spreadTold || this.doors.size < spread.actions || services.size < spread.services) return;
    this.spreadTold = true;
    const given = this.pour({ name: 'denied-spread', cap: spread.points }, spread.points);
    this.note({ kind: 'denied-spread', facet: find.facet, moment, find: null, raw: spread.points, points: given });
  }

  private scoreRole(contribution: Contribution): void {
    const action = contribution.find!.action;
    contribution.raw = (context.base + weightOf(action)) * context['new-assumed-role'];
    contribution.points = this.pour({ name: 'roles', cap: caps.roles }, contribution.raw);
  }

  /** A new network, region or agent weighs as much as the weightiest thing done from there in the session. */
  private scoreContext(moment: Moment): void {
    const weight = Math.max(...moment.finds.map(({ action }) => weightOf(action)));
    const { network, region, agent, mfa, federated } = moment.use;
    this.credit('new-network', weight, this.fresh.get(freshKey('new-network', network)));
    this.credit('new-region', weight, this.fresh.get(freshKey('new-region', region)));
    this.credit('new-agent', weight, this.fresh.get(freshKey('new-agent', agent)));
    if (mfa !== false || federated || weight < serious || moment.arn?.includes(':user/') !== true) return;
    const key = freshKey('no-mfa', '');
    const noMfa =
      this.fresh.get(key) ??
      this.note({ kind: 'no-mfa', facet: moment.finds[0]!.facet, moment, find: null, raw: 0, points: 0 });
    this.fresh.set(key, noMfa);
    this.credit('no-mfa', weight, noMfa);
  }

  private credit(kind: ContextKind, weight: number, contribution: Contribution | undefined): void {
    if (contribution === undefined) return;
    const due = (context.base + weight) * context[kind];
    const more = due - (this.credited.get(kind) ?? 0);
    if (more <= 0) return;
    this.credited.set(kind, due);
    contribution.raw += more;
    contribution.points += this.pour({ name: kind, cap: due }, more);
  }

  private countTactic(tactic: Tactic | null, points: number): void {
    if (tactic !== null) this.tactics.set(tactic, (this.tactics.get(tactic) ?? 0) + points);
  }

  private poolOf(action: string): Pool {
    const weight = weightOf(action);
    const cold = this.options.cold ? coldStart.factor : 1;
    if (weight >= serious) return { name: `tactic ${tacticOf(privilegeClassOf(action)) ?? 'none'}`, cap: caps.tactic };
    return weight >= classWeights.write
      ? { name: 'writing', cap: caps.writing * cold }
      : { name: 'looking', cap: caps.looking * cold };
  }
}

/** `KIND` of a signal's `KIND@HOUR`. */
export const signalKind = ({ value }: Facet): string => value?.split('@', 1)[0] ?? '';

const freshKey = (kind: string, value: string | null | undefined): string => `${kind} ${value ?? ''}`;
