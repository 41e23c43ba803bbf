import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { besidePolicy } from '../beside-policy.ts';
import { type Bearing, bearingOf, withCaveats } from '../caveats.ts';
import type { Decision } from '../decision.ts';
import type { Organization, Question } from '../organization.ts';
import { accountOf, policyHolderOf } from '../places.ts';
import { evaluateKnown } from '../reference/evaluate.ts';
import type { Situation } from '../situation.ts';
import { createSituations } from '../situations.ts';
import type { OpenQuestion } from './survey.ts';
import type { Able } from './who-can.ts';

/** Resources whose bearing is remembered. */
const most = 50_000;

interface Caveated {
  /** A decision with what bears on it and was not read. */
  decision(question: Question, decision: Decision): Decision;
  /** Everybody who may, with the same. */
  able(question: OpenQuestion, able: readonly Able[]): Able[];
}

/**
 * Adds to compiled answers what the plain evaluator adds to its own. Of nearly all resources nothing is left to add, and
 * which these are is remembered; the others are rare enough to be asked about the plain way.
 */
export function caveatedIn(organization: Organization): Caveated {
  const bearingOn = bearingsIn(organization);
  let situations: ((question: Question) => Situation) | undefined;
  const again = (question: Question) => (change: (situation: Situation) => Partial<Situation>) => {
    situations ??= createSituations(organization);
    const situation = situations(question);
    return evaluateKnown({ ...situation, ...change(situation) });
  };
  const caveated = (bearing: Bearing, question: Question, decision: Decision): Decision =>
    withCaveats(bearing, question, decision, again(question));
  return {
    decision: (question, decision) => {
      const bearing = bearingOn(question);
      return bearing ? caveated(bearing, question, decision) : decision;
    },
    able: (question, able) => {
      const bearing = bearingOn(question);
      if (!bearing) return [...able];
      const known = new Map(able.map((each) => [each.principal, each]));
      const principals = organization.inventories.flatMap((inventory) => inventory.principals);
      return principals.flatMap(({ arn }): Able[] => {
        const each = known.get(arn);
        if (!each && !mayBeLetIn(bearing, arn)) return [];
        const asked: Question = { ...question, ...plainly, principal: arn };
        const decision = each ? { ...silent, ...each, because: [] } : again(asked)(() => ({}));
        const { outcome, when } = caveated(bearing, asked, decision);
        if (outcome === 'implicit-deny' || outcome === 'explicit-deny') return [];
        if (each && outcome === each.outcome && when === each.when) return [each];
        const because = () =>
          caveated(
            bearing,
            asked,
            again(asked)(() => ({})),
          ).because;
        return [{ principal: arn, outcome, when, because }];
      });
    },
  };
}

const plainly = { principalKind: null, principalRoleArn: null, federatingUserArn: null, sessionPolicies: null };
const silent: Pick<Decision, 'invalid'> = { invalid: [] };

/** Whether somebody whom no policy lets in may be let in all the same. */
const mayBeLetIn = ({ isPolicyUnread, mayBeManaged, mayHaveLists, owner }: Bearing, arn: string): boolean =>
  isPolicyUnread || mayBeManaged || (mayHaveLists && accountOf(arn) !== owner);

type BearingOn = (asked: Pick<Question, 'resource' | 'isSample'>) => Bearing | null;

function bearingsIn({ resources }: Organization): BearingOn {
  const byArn = new Map(resources.map((each) => [each.arn, each]));
  const named = new Map<ResourcePolicy, Bearing | null>();
  const known = new Map<string, Bearing | null>();
  const find = (resource: string): Bearing | null => {
    const guarded = byArn.get(policyHolderOf(resource));
    if (!guarded) return bearingFor(resource, undefined);
    const earlier = named.get(guarded);
    const bearing = earlier === undefined ? bearingFor(guarded.arn, guarded) : earlier;
    named.set(guarded, bearing);
    return bearing;
  };
  return ({ resource, isSample = false }) => {
    if (isSample && !byArn.has(policyHolderOf(resource))) return null;
    const earlier = known.get(resource);
    if (earlier !== undefined) return earlier;
    if (known.size >= most) known.clear();
    const bearing = find(resource);
    known.set(resource, bearing);
    return bearing;
  };
}

function bearingFor(resource: string, guarded: ResourcePolicy | undefined): Bearing | null {
  const policy = guarded?.policy == null ? null : parsePolicy(guarded.policy, 'resource');
  const owner = guarded?.account ?? (accountOf(resource) || null);
  const document = policy?.ok ? policy.value : null;
  return bearingOf({ resource, owner, document, ...besidePolicy(resource, guarded) });
}
