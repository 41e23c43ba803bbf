import type { ActorId } from '../identity/principal.ts';
import { fail, ok, type Result } from '../result.ts';
import type { LineageEdge } from '../usage/lineage.ts';
import type { Edit, Plan } from './change.ts';
import { cutPlaceholder } from './moments.ts';
import { type PlanRefusal, type PrincipalPlace, placeOf, undecided, withinReach } from './reach.ts';

/** Name of the inline policy that cuts a principal. */
export const quarantinePolicy = 'leastwise-quarantine';

interface Key {
  id: string;
  status: 'Active' | 'Inactive';
}

/** Everything that a quarantine is planned from, as IAM and the ledger have it now. */
export interface Suspicion {
  case: string;
  actor: ActorId;
  /** ARN of the principal whose policies authorised the calls. */
  target: string;
  /** The target's access keys; empty for roles. */
  keys: readonly Key[];
  /** What the slot of our Deny holds now. */
  policy: string | null;
  /** Direct edges into the session: who assumed the role, or who created the access key. */
  parents: readonly LineageEdge[];
  /** Keys of the parents that are IAM users, by ARN. */
  parentKeys: ReadonlyMap<string, readonly Key[]>;
  /** Other actors who use the same principal. */
  others: readonly ActorId[];
}

/** What cuts an IAM user, or the sessions that a role has issued until now, and the direct parent with it. */
export function planQuarantine(suspicion: Suspicion, breakGlass: readonly string[]): Result<Plan, PlanRefusal> {
  const { target } = suspicion;
  const reach = withinReach(target, breakGlass);
  if (!reach.ok) return reach;
  const place = reach.value;
  const parents = suspicion.parents.map((edge) => parentCut(edge, place, suspicion, breakGlass));
  const edits = [
    ...keyEdits(place, suspicion.keys),
    denyEdit(place, suspicion.policy),
    ...parents.flatMap((p) => p.edits),
  ];
  const changing = edits.filter(({ before, after }) => before !== after);
  if (changing.length === 0) return fail(undecided(`${place.name} is in quarantine already.`));
  return ok({
    kind: 'quarantine',
    account: place.account,
    target,
    edits: withoutRepeats(changing),
    terms: {
      kind: 'quarantine',
      case: suspicion.case,
      actor: suspicion.actor,
      // Known at approval; the plan's text holds the placeholder until then.
      cutBefore: null,
      alsoHit: [...new Set([...parents.flatMap(({ named }) => named), ...suspicion.others])].sort(),
    },
  });
}

/** Denies everything: to a user without condition, to a role in sessions issued before the cut. */
function denyEdit({ type, account, arn }: PrincipalPlace, before: string | null): Edit {
  const statement = { Sid: 'LeastwiseQuarantine', Effect: 'Deny', Action: '*', Resource: '*' };
  const cut = { Condition: { DateLessThan: { 'aws:TokenIssueTime': cutPlaceholder } } };
  const document = { Version: '2012-10-17', Statement: [type === 'role' ? { ...statement, ...cut } : statement] };
  const slot = { type: 'inline-policy' as const, account, principal: arn, name: quarantinePolicy };
  return { slot, before, after: JSON.stringify(document) };
}

const keyEdits = ({ type, account, arn }: PrincipalPlace, keys: readonly Key[]): Edit[] =>
  type === 'role'
    ? []
    : keys
        .filter(({ status }) => status === 'Active')
        .map(({ id }) => ({
          slot: { type: 'access-key', account, user: arn, key: id },
          before: 'Active',
          after: 'Inactive',
        }));

/**
 * The parent's key goes with it where it is a user's in the same account; any other parent is named, so that whoever
 * decides knows that the way back in is still open.
 */
function parentCut(
  { kind, parent }: LineageEdge,
  target: PrincipalPlace,
  { parentKeys }: Suspicion,
  breakGlass: readonly string[],
): { edits: Edit[]; named: string[] } {
  const { arn, actor, accessKeyId } = parent;
  const place = arn === null ? undefined : placeOf(arn);
  const named = [`${kind === 'assumed-role' ? 'assumed by' : 'key created by'} ${arn ?? actor}`];
  if (arn === null || place?.type !== 'user' || place.account !== target.account) return { edits: [], named };
  if (place.name === target.name && target.type === 'user') return { edits: [], named: [] };
  if (!withinReach(arn, breakGlass).ok) return { edits: [], named };
  const keys = (parentKeys.get(arn) ?? []).filter(({ id }) => id === accessKeyId);
  const edits = keyEdits(place, keys);
  return edits.length === 0 ? { edits, named } : { edits, named: [`access key ${accessKeyId} of ${arn}`] };
}

const withoutRepeats = (edits: readonly Edit[]): readonly Edit[] => [
  ...new Map(edits.map((edit) => [JSON.stringify(edit.slot), edit])).values(),
];
