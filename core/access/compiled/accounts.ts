import type { ControlPolicy } from '../../identity/organization-tree.ts';
import type { PolicyKind } from '../../policy/kinds.ts';
import type { InvalidIn } from '../decision.ts';
import { knownOfResource } from '../known-context.ts';
import type { Guardrails } from '../organization.ts';
import type { ContextValue } from '../situation.ts';
import type { Document, Documents } from './documents.ts';
import type { GroupOf, ListGroup, ListOf, PolicyList } from './lists.ts';

/** What stands above the principals and the resources of one account. */
export interface AccountGuard {
  readonly guardrails: Guardrails | undefined;
  /** One a level, root first. */
  readonly scps: readonly PolicyList[];
  readonly rcps: ListGroup;
  readonly invalidScps: readonly InvalidIn[];
  readonly invalidRcps: readonly InvalidIn[];
  /** An RCP over its resources cannot be read. */
  readonly isInvalid: boolean;
  /** What its resources' requests are known to carry. */
  readonly known: ReadonlyMap<string, ContextValue>;
}

/** Accounts under the same path share the lists of its levels. */
export function createAccountGuards(
  guardrails: ReadonlyMap<string, Guardrails>,
  controls: ReadonlyMap<string, ControlPolicy>,
  documents: Documents,
  listOf: ListOf,
  groupOf: GroupOf,
): (account: string) => AccountGuard {
  const guards = new Map<string, AccountGuard>();
  const levels = (layer: 'scps' | 'rcps', kind: PolicyKind, ids: Guardrails['scps']): PolicyList[] =>
    (ids ?? []).map((level, index) => {
      const held = level.map((id): Document => documents.documentOf(controls.get(id)?.text, kind));
      return listOf(layer, held, index);
    });
  return (account) => {
    const earlier = guards.get(account);
    if (earlier) return earlier;
    const own = guardrails.get(account);
    const scps = levels('scps', 'scp', own?.scps ?? null);
    const rcps = levels('rcps', 'rcp', own?.rcps ?? null);
    const invalidRcps = rcps.flatMap(({ invalid }) => invalid);
    const guard: AccountGuard = {
      guardrails: own,
      scps,
      rcps: groupOf(rcps),
      invalidScps: scps.flatMap(({ invalid }) => invalid),
      invalidRcps,
      isInvalid: invalidRcps.length > 0,
      known: new Map(knownOfResource(own)),
    };
    guards.set(account, guard);
    return guard;
  };
}
