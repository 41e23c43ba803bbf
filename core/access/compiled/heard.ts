import type { Because } from '../decision.ts';
import { namedBy, type Named as PlainNamed } from '../reference/principals.ts';
import type { CompiledStatement } from './documents.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { everybody, type Named, namedIn } from './principals.ts';
import type { Heard, Spoken } from './spoken.ts';

/** A statement that speaks of what is asked. */
export interface Match {
  readonly statement: CompiledStatement;
  /** A variable decides whether the resource is meant. */
  readonly depends: boolean;
  /** It needs a request's context or its principal. */
  readonly open: boolean;
  readonly because: Because;
}

export const silence: Heard = { id: 1, allow: never, deny: never, spoken: [] };

export function heardOf(spoken: readonly Spoken[], { residuals: { formulas } }: Environment): Heard {
  const allow: Formula[] = [];
  const deny: Formula[] = [];
  for (const { because, when } of spoken) (because.effect === 'Allow' ? allow : deny).push(when);
  return { id: 0, allow: formulas.any(allow), deny: formulas.any(deny), spoken };
}

export function spokenIn(matches: readonly Match[], environment: Environment): Spoken[] {
  const spoken: Spoken[] = [];
  for (const match of matches) {
    const named = nameIn(match.statement, environment);
    const isNamed = environment.residuals.formulas.any([named.itself, named.behind, named.account]);
    if (isNamed === never) continue;
    const holds = match.open ? environment.whenOf(match.statement, match.depends) : always;
    const when = isNamed === always ? holds : environment.residuals.formulas.all([isNamed, holds]);
    if (when !== never) spoken.push({ because: match.because, when, named });
  }
  return spoken;
}

function nameIn({ names, principals, effect }: CompiledStatement, { profile, residuals }: Environment): Named {
  if (names === 'everybody') return everybody;
  if (names !== 'rare') return namedIn(names, profile.caller);
  const hasBoundary = profile.holder?.boundary != null;
  const named: PlainNamed = namedBy(principals!, profile.caller, { effect, hasBoundary });
  return {
    itself: residuals.fromTree(named.itself),
    behind: residuals.fromTree(named.behind),
    account: residuals.fromTree(named.account),
  };
}
