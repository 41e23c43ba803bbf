import type { LargeReader, OpenPart, Said } from './at-large.ts';
import { type Bits, bitsFor, hasBit, intersect, unite } from './bits.ts';
import type { CallerProfile } from './callers.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, type Formulas, never } from './formula.ts';
import type { PolicyList } from './lists.ts';

/** One thing that must allow beside the identity's own policies: a boundary, a level of SCPs, the RCPs. */
interface Side extends Said {
  readonly isBoundary: boolean;
}

/** What stands above callers at Resource `*`, the same for all who are under the same policies. */
export interface Above {
  readonly sides: readonly Side[];
  /** What all of them allow, for certain or under a condition. */
  readonly may: Bits;
  /** What one of them denies whatever the context. */
  readonly deny: Bits;
  /** What some condition of them is about. */
  readonly touched: Bits;
  /** When they let an action through. */
  passes(action: number): Formula;
}

/** Sets that are kept; everything is forgotten when there are more. */
const most = 512;

/** Finds what stands above a caller; callers of one account and boundary mostly share it. */
export class Aboves {
  readonly #reader: LargeReader;
  readonly #formulas: Formulas;
  readonly #known = new Map<string, Above>();

  constructor(reader: LargeReader, formulas: Formulas) {
    this.#reader = reader;
    this.#formulas = formulas;
  }

  of({ own, guard, holder, isManagement, isSpared }: CallerProfile, environment: Environment): Above {
    const [, , boundary, ...scps] = own.lists;
    const layers = [
      ...(holder?.boundary ? [{ lists: [boundary!], isBoundary: true, isLimit: false }] : []),
      ...scps.map((level) => ({ lists: [level], isBoundary: false, isLimit: false })),
      ...(isSpared || isManagement ? [] : [{ lists: guard.rcps.lists, isBoundary: false, isLimit: true }]),
    ].map((layer) => ({ ...layer, whens: this.#reader.whens(layer.lists, environment) }));
    const name = layers.map(nameOf).join('|');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= most) this.#known.clear();
    const made = aboveOf(
      layers.map((layer) => this.#sideOf(layer)),
      this.#reader.size,
      this.#formulas,
    );
    this.#known.set(name, made);
    return made;
  }

  #sideOf({ lists, whens, isBoundary, isLimit }: Layer): Side {
    const { size, underRcps } = this.#reader;
    const said = { allow: bitsFor(size), deny: bitsFor(size), open: [] as OpenPart[] };
    this.#reader.tell(lists, whens, said);
    if (!isLimit) return { ...said, isBoundary };
    // RCPs allow everything and limit some services only.
    intersect(said.deny, underRcps);
    const open = said.open.map((part) => {
      const bits = part.bits.slice();
      intersect(bits, underRcps);
      return { ...part, bits };
    });
    return { allow: everything(size), deny: said.deny, open, isBoundary };
  }
}

interface Layer {
  lists: readonly PolicyList[];
  whens: readonly Formula[];
  isBoundary: boolean;
  isLimit: boolean;
}

const nameOf = ({ lists, whens, isBoundary, isLimit }: Layer): string =>
  `${isBoundary ? 'b' : isLimit ? 'r' : ''}${lists.map(({ number }) => number).join(' ')}:${whens.join(' ')}`;

const everything = (size: number): Bits => bitsFor(size).fill(0xffffffff);

function aboveOf(sides: readonly Side[], size: number, formulas: Formulas): Above {
  const [may, deny, touched] = [everything(size), bitsFor(size), bitsFor(size)];
  for (const side of sides) {
    const allow = side.allow.slice();
    for (const { bits, effect } of side.open) {
      unite(touched, bits);
      if (effect === 'Allow') unite(allow, bits);
    }
    intersect(may, allow);
    unite(deny, side.deny);
  }
  const known = new Map<string, Formula>();
  const byAction = new Int32Array(size).fill(-1);
  const passes = (action: number): Formula => {
    const earlier = byAction[action]!;
    if (earlier >= 0) return earlier;
    const name = signatureOf(action, sides);
    const found = known.get(name) ?? passesOf(action, sides, formulas);
    known.set(name, found);
    byAction[action] = found;
    return found;
  };
  return { sides, may, deny, touched, passes };
}

/** Actions that the same statements speak of are alike. */
function signatureOf(action: number, sides: readonly Said[]): string {
  let name = '';
  for (const { allow, open } of sides) {
    name += hasBit(allow, action) ? '+' : '-';
    for (let i = 0; i < open.length; i++) if (hasBit(open[i]!.bits, action)) name += `${i} `;
  }
  return name;
}

const passesOf = (action: number, sides: readonly Said[], formulas: Formulas): Formula =>
  formulas.all(sides.flatMap((side) => [allowedBy(side, action, formulas), deniedNotBy(side, action, formulas)]));

/** When what is said allows the action; denials are not looked at. */
export function allowedBy({ allow, open }: Said, action: number, formulas: Formulas): Formula {
  let may = hasBit(allow, action) ? always : never;
  for (const { bits, when, effect } of open) {
    if (effect === 'Allow' && may !== always && hasBit(bits, action)) may = formulas.either(may, when);
  }
  return may;
}

/** When no condition of what is said denies the action. */
export function deniedNotBy({ open }: Said, action: number, formulas: Formulas): Formula {
  let passes: Formula = always;
  for (const { bits, when, effect } of open) {
    if (effect === 'Deny' && hasBit(bits, action)) passes = formulas.both(passes, formulas.not(when));
  }
  return passes;
}
