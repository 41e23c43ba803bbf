import { isEveryday } from '../catalogue/everyday.ts';
import { privilegeClassOf, type Tactic, tacticOf } from '../catalogue/privilege-class.ts';
import type { Instant } from '../time.ts';
import type { Facet } from '../usage/item.ts';
import type { Find, Moment } from './novelty.ts';
import type { Sighting, World } from './patterns/pattern.ts';
import { patterns } from './patterns/patterns.ts';
import { isJudged } from './signals/judged.ts';
import { alwaysTold, unknownSignal, type Weights } from './weights.ts';

/** What surrounds a call. */
type ContextKind = 'new-network' | 'new-region' | 'new-agent' | 'no-mfa';

/** What one find, or one circumstance, gave. Points are after the caps. */
export interface Contribution {
  kind: Find['kind'] | 'denied-spread' | 'secret-spread' | 'no-mfa' | 'pattern';
  facet: Facet;
  moment: Moment;
  find: Find | null;
  /** What it weighs alone, before the caps: this is what people are shown. */
  raw: number;
  points: number;
  /** Of patterns. */
  pattern?: { kind: string; words: string };
}

export interface SessionScore {
  /** The most that stood together at one time. */
  peak: number;
  contributions: readonly Contribution[];
  alwaysTold: boolean;
  /** Two serious tactics, one of them grave. */
  twoTactics: boolean;
  /** Rules in shadow that had something to say, ascending. */
  shadows: readonly string[];
}

export interface SessionOptions {
  /** The identity is in its first days. */
  cold: boolean;
  weights: Weights;
  world: World;
  /** Rules in shadow count as if they were none. */
  withShadows: boolean;
  /** Whether the actor's signal of that kind on that action was called "not us" before. */
  notUs(find: Find, moment: Moment): boolean;
}

/** Scores the moments of one session, in order of time. Points live in pools, each with its cap, and halve with time. */
export function scoreSession(moments: readonly Moment[], options: SessionOptions): SessionScore {
  const board = new Board(options);
  for (const moment of moments) board.play(moment);
  return board.result();
}

/** `rare`: serious, and hardly anybody's week; `everyday`: serious, but somebody's week; `plain`: all else. */
type Gravity = 'rare' | 'everyday' | 'plain';

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
  private readonly secrets = new Set<string>();
  private readonly shadows = new Set<string>();
  private readonly sightings = new Map<string, number>();
  private spreadTold = false;
  private alwaysTold = false;
  private heaviest: Find | undefined;
  private peak = 0;
  private at: number | undefined;
  private readonly options: SessionOptions;
  private readonly weights: Weights;
  /** The session's first event: habits are those from before it. */
  private readonly start: Instant;
  private readonly habits: World['habits'];

  constructor(options: SessionOptions) {
    this.start = options.world.start;
    this.habits = options.world.habits;
    this.options = options;
    this.weights = options.weights;
  }

  private weightOf(action: string): number {
    return this.weights.classes[privilegeClassOf(action)];
  }

  private isSerious(action: string): boolean {
    return this.weightOf(action) >= this.weights.serious;
  }

  play(moment: Moment): void {
    this.decayTo(Date.parse(moment.use.time) / 1000);
    this.heaviest = this.heaviestOf(moment);
    for (const find of moment.finds) {
      this.score(moment, find);
      for (const { kind, tactic, sees } of patterns) {
        const seen = sees(find, moment, this.options.world);
        if (seen !== undefined) this.scorePattern({ kind, tactic }, seen, { moment, find });
      }
    }
    this.scoreContext(moment);
    this.peak = Math.max(
      this.peak,
      [...this.pools.values()].reduce((sum, points) => sum + points, 0),
    );
  }

  /** A call that needs several permissions (a role is passed with it) is one new thing: its weightiest. */
  private heaviestOf(moment: Moment): Find | undefined {
    const firsts = moment.finds.filter(({ kind }) => kind === 'first-use' || kind === 'returned');
    if (firsts.length < 2) return undefined;
    const points = (find: Find): number => this.surpriseOf(find, this.gravityOf(find, moment));
    return firsts.reduce((most, find) => (points(find) > points(most) ? find : most));
  }

  result(): SessionScore {
    const { twoTactics } = this.weights;
    const told = [...this.tactics].filter(([, points]) => points >= twoTactics.points).map(([tactic]) => tactic);
    return {
      peak: this.peak,
      contributions: this.contributions,
      alwaysTold: this.alwaysTold,
      twoTactics: told.length > 1 && told.some((tactic) => twoTactics.grave.includes(tactic)),
      shadows: [...this.shadows].sort(),
    };
  }

  private decayTo(at: number): void {
    const factor = this.at === undefined ? 1 : 2 ** ((this.at - at) / this.weights.session.halfLife);
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
    else if (find.kind === 'new-resource') this.scoreResource(moment, find);
    else if (find.kind === 'first-use' || find.kind === 'returned') {
      const gravity = this.gravityOf(find, moment);
      const raw = this.heaviest === undefined || this.heaviest === find ? this.surpriseOf(find, gravity) : 0;
      const points = this.pour(this.poolOf(find.action, gravity), raw);
      this.note({ kind: find.kind, facet: find.facet, moment, find, raw, points });
      if (gravity !== 'plain') this.countTactic(tacticOf(privilegeClassOf(find.action)), points);
    } else {
      const contribution = this.note({ kind: find.kind, facet: find.facet, moment, find, raw: 0, points: 0 });
      if (find.kind === 'new-assumed-role') this.scoreRole(contribution);
      else this.fresh.set(freshKey(find.kind, find.facet.value), contribution);
    }
  }

  /** A call whose parameters were all looked at, with nothing found, is an ordinary change whatever its name. */
  private gravityOf({ kind, action }: Find, { finds }: Moment): Gravity {
    if (!this.isSerious(action)) return 'plain';
    const isClean = !finds.some((find) => find.kind === 'signal' && find.action === action);
    if (kind !== 'denied' && isClean && isJudged(action)) return 'plain';
    return isEveryday(action) ? 'everyday' : 'rare';
  }

  private surpriseOf({ kind, action, novelty }: Find, gravity: Gravity): number {
    const { classes, surprise, coldStart, returned } = this.weights;
    const { cold } = this.options;
    const share = novelty * (kind === 'returned' && gravity !== 'rare' ? returned : 1);
    if (gravity === 'plain') {
      const weight = Math.min(this.weightOf(action), classes.write);
      return weight * share * surprise.ordinary * (cold ? coldStart.factor : 1);
    }
    const due = this.weightOf(action) * share;
    const points = due * this.habits.surprise(this.start);
    if (gravity === 'rare') return Math.max(points, due * surprise.rare);
    return points * this.habits.kinship(tacticOf(privilegeClassOf(action)), this.start);
  }

  private scoreSignal(moment: Moment, find: Find): void {
    const kind = signalKind(find.facet);
    if (this.isInShadow(kind)) return;
    const { points: base, tactic } = this.weights.signals[kind] ?? unknownSignal;
    const isToldAnyway = alwaysTold.has(kind);
    const news = isToldAnyway ? 1 : this.habits.signalNews(kind, find.action, this.start);
    const raw = base * news + (this.options.notUs(find, moment) ? this.weights.afterNotUs : 0);
    const points = this.pour({ name: `signal ${kind}`, cap: this.weights.caps.signal }, raw);
    this.note({ kind: 'signal', facet: find.facet, moment, find, raw, points });
    if (isToldAnyway) this.alwaysTold = true;
    this.countTactic(tactic, points);
  }

  private scoreDenial(moment: Moment, find: Find): void {
    const { denied, context, spread } = this.weights;
    const gravity = this.gravityOf(find, moment);
    const raw = this.surpriseOf(find, gravity) * denied + (context.base + this.weightOf(find.action)) * context.denied;
    const points = this.pour(this.poolOf(find.action, gravity), raw);
    this.note({ kind: 'denied', facet: find.facet, moment, find, raw, points });
    this.doors.add(find.action);
    const services = new Set([...this.doors].map((action) => action.slice(0, action.indexOf(':'))));
    if (this.spreadTold || this.doors.size < spread.actions || services.size < spread.services) return;
    this.spreadTold = true;
    const given = this.pour({ name: 'denied-spread', cap: spread.points }, spread.points);
    this.note({ kind: 'denied-spread', facet: find.facet, moment, find: null, raw: spread.points, points: given });
  }

  /** Something that a serious action was never used on, by the bit; and many secrets, however many were read before. */
  private scoreResource(moment: Moment, find: Find): void {
    const { context, secretSpread, caps } = this.weights;
    const gravity = this.gravityOf(find, moment);
    const bits = find.novelty * this.habits.resourceBits(find.action, this.start);
    const raw = gravity === 'plain' ? 0 : this.weightOf(find.action) * context['new-resource'] * bits;
    const points = this.pour({ name: 'everyday', cap: caps.everyday }, raw);
    this.note({ kind: 'new-resource', facet: find.facet, moment, find, raw, points });
    if (privilegeClassOf(find.action) !== 'secret-read') return;
    this.secrets.add(find.facet.value!);
    if (this.secrets.size !== secretSpread.secrets || this.isInShadow('secret-spread')) return;
    const given = this.pour({ name: 'secret-spread', cap: secretSpread.points }, secretSpread.points);
    this.note({
      kind: 'secret-spread',
      facet: find.facet,
      moment,
      find: null,
      raw: secretSpread.points,
      points: given,
    });
    this.countTactic('credential-access', given);
  }

  /** Each pattern counts once a session, as much as the clearest sight of it. */
  private scorePattern(
    { kind, tactic }: { kind: string; tactic: Tactic | null },
    { share, words }: Sighting,
    { moment, find }: { moment: Moment; find: Find },
  ): void {
    if (this.isInShadow(kind)) return;
    const most = this.weights.patterns[kind]?.points ?? 0;
    const raw = most * share;
    const more = raw - (this.sightings.get(kind) ?? 0);
    if (more <= 0) return;
    this.sightings.set(kind, raw);
    const points = this.pour({ name: `pattern ${kind}`, cap: most }, more);
    this.note({ kind: 'pattern', facet: find.facet, moment, find, raw: more, points, pattern: { kind, words } });
    this.countTactic(tactic, points);
  }

  /** A rule in shadow is counted and told to nobody. What is always told cannot be put there. */
  private isInShadow(kind: string): boolean {
    if (this.options.withShadows || alwaysTold.has(kind) || !((this.weights.shadow[kind] ?? 0) > 0)) return false;
    this.shadows.add(kind);
    return true;
  }

  private scoreRole(contribution: Contribution): void {
    const { context, caps } = this.weights;
    contribution.raw = (context.base + this.weightOf(contribution.find!.action)) * context['new-assumed-role'];
    contribution.points = this.pour({ name: 'roles', cap: caps.roles }, contribution.raw);
  }

  /** A new network, region or agent weighs as much as the weightiest thing done from there in the session. */
  private scoreContext(moment: Moment): void {
    const { classes, serious } = this.weights;
    const isRisky = moment.finds.some(({ kind }) => kind === 'signal');
    const weight = Math.max(
      isRisky ? classes.persistence : 0,
      ...moment.finds.map(({ action }) => this.weightOf(action)),
    );
    const { network, region, agent, mfa, federated } = moment.use;
    this.credit('new-network', weight, this.fresh.get(freshKey('new-network', network)));
    if (!isGlobal(moment.use)) this.credit('new-region', weight, this.fresh.get(freshKey('new-region', region)));
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
    const { context } = this.weights;
    const bits = kind === 'new-network' ? this.habits.networkBits(this.start) : 1;
    const due = (context.base + weight) * context[kind] * bits;
    const more = due - (this.credited.get(kind) ?? 0);
    if (more <= 0) return;
    this.credited.set(kind, due);
    contribution.raw += more;
    contribution.points += this.pour({ name: kind, cap: due }, more);
  }

  private countTactic(tactic: Tactic | null, points: number): void {
    if (tactic !== null) this.tactics.set(tactic, (this.tactics.get(tactic) ?? 0) + points);
  }

  private poolOf(action: string, gravity: Gravity): Pool {
    const { caps, classes, coldStart } = this.weights;
    const cold = this.options.cold ? coldStart.factor : 1;
    if (gravity === 'rare') return { name: `tactic ${tacticOf(privilegeClassOf(action)) ?? 'none'}`, cap: caps.tactic };
    if (gravity === 'everyday') return { name: 'everyday', cap: caps.everyday };
    return this.weightOf(action) >= classes.write
      ? { name: 'writing', cap: caps.writing * cold }
      : { name: 'looking', cap: caps.looking * cold };
  }
}

/** Their calls are recorded in one region, wherever the caller works. */
const globalServices = new Set(
  'account ce cloudfront globalaccelerator health iam organizations route53 shield sts support waf'.split(' '),
);

const isGlobal = ({ action, region }: Moment['use']): boolean =>
  region === 'us-east-1' && globalServices.has(action.slice(0, action.indexOf(':')));

/** `KIND` of a signal's `KIND@HOUR`. */
export const signalKind = ({ value }: Facet): string => value?.split('@', 1)[0] ?? '';

const freshKey = (kind: string, value: string | null | undefined): string => `${kind} ${value ?? ''}`;
