import { isForKeyOwner, isOnBucketPolicy } from '../owners.ts';
import { isUnderRcps } from '../rcp-services.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';

/** What an action's name says by itself. */
export interface NamedAction {
  /** In lower case. */
  readonly lower: string;
  /** The catalogue's number of it; the number of actions that the catalogue knows for all others. */
  readonly number: number;
  readonly traits: ActionTraits;
}

/** What is the same for many actions: one for all that are alike. */
export interface ActionTraits {
  readonly number: number;
  readonly isSts: boolean;
  readonly isKms: boolean;
  readonly isRetiring: boolean;
  readonly isUnderRcps: boolean;
  /** On a key it is for the owner's own principals only. */
  readonly isForKeyOwner: boolean;
  /** No bucket policy denies it to the owner's root user. */
  readonly isOnBucketPolicy: boolean;
  /** Whoever of an account needs no permission for it. */
  readonly isFreeFor: 'all' | 'users' | null;
}

/** Names that are remembered as they were asked for. */
const most = 50_000;

/** Reads each name once. */
export class NamedActions {
  readonly #numbers: ActionNumbers = actionNumbers();
  readonly #byName = new Map<string, NamedAction>();
  readonly #traits = new Map<string, ActionTraits>();

  named(action: string): NamedAction {
    return this.#byName.get(action) ?? this.#read(action);
  }

  #read(action: string): NamedAction {
    const lower = action.toLowerCase();
    const made: NamedAction = {
      lower,
      number: this.#numbers.byName.get(lower) ?? this.#numbers.known,
      traits: this.#traitsOf(lower),
    };
    if (this.#byName.size >= most) this.#byName.clear();
    this.#byName.set(action, made);
    return made;
  }

  #traitsOf(lower: string): ActionTraits {
    const traits = traitsOf(lower);
    const name = Object.values(traits).join();
    const made = this.#traits.get(name) ?? { number: this.#traits.size, ...traits };
    this.#traits.set(name, made);
    return made;
  }
}

function traitsOf(lower: string): Omit<ActionTraits, 'number'> {
  return {
    isSts: lower.startsWith('sts:'),
    isKms: lower.startsWith('kms:'),
    isRetiring: lower === 'kms:retiregrant',
    isUnderRcps: isUnderRcps(lower),
    isForKeyOwner: isForKeyOwner(lower),
    isOnBucketPolicy: isOnBucketPolicy(lower),
    isFreeFor: lower === 'sts:getcalleridentity' ? 'all' : lower === 'sts:getsessiontoken' ? 'users' : null,
  };
}
