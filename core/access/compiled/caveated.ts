import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { kindOfPolicyOn } from '../../policy/kinds.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { besidePolicy } from '../beside-policy.ts';
import { type Bearing, bearingOf, withCaveats } from '../caveats.ts';
import type { Decision } from '../decision.ts';
import type { Organization, Question } from '../organization.ts';
import { accountOf, policyHolderOf, serviceOf } from '../places.ts';
import { carries, mayCarryPolicy } from '../policy-carriers.ts';
import { evaluateKnown } from '../reference/evaluate.ts';
import type { Situation } from '../situation.ts';
import { createSituations } from '../situations.ts';
import type { OpenQuestion } from './survey.ts';
import type { Place } from './targets.ts';
import type { Able } from './who-can.ts';

export interface Caveated {
  /** What bears on a resource: the same for organizations with the same resources. */
  readonly bearingOn: BearingOn;
  /** A decision with what bears on it and was not read. */
  decision(question: Question, decision: Decision, place: Place): Decision;
  /** Everybody who may, with the same. */
  able(question: OpenQuestion, able: readonly Able[]): Able[];
}

/**
 * Adds to compiled answers what the plain evaluator adds to its own. Of nearly all resources nothing is left to add, and
 * its service mostly tells; the others are rare enough to be asked about the plain way.
 */
export function caveatedIn(organization: Organization, bearingOn = bearingsIn(organization)): Caveated {
  let situations: ((question: Question) => Situation) | undefined;
  const again = (question: Question) => (change: (situation: Situation) => Partial<Situation>) => {
    situations ??= createSituations(organization);
    const situation = situations(question);
    return evaluateKnown({ ...situation, ...change(situation) });
  };
  /** The same for everything under one policy. */
  const bearingAt = ({ resource, site }: Place): Bearing | null => {
    if (!site.guarded) return bearingOn({ resource });
    if (site.bearing === undefined) site.bearing = bearingOn({ resource });
    return site.bearing;
  };
  const caveated = (bearing: Bearing, question: Question, decision: Decision): Decision =>
    withCaveats(bearing, question, decision, again(question));
  return {
    bearingOn,
    decision: (question, decision, place) => {
      if (place.bearing === undefined) place.bearing = bearingAt(place);
      const bearing = question.isSample ? bearingOn(question) : place.bearing;
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

/** On nearly every resource nothing bears, and its service tells so at once. */
function bearingsIn({ resources }: Organization): BearingOn {
  let found: ReturnType<typeof namedIn> | undefined;
  return ({ resource, isSample = false }) => {
    found ??= namedIn(resources);
    const service = serviceOf(resource);
    const isCarrier = carries(service) && !isOfBucket(service, resource);
    // Where nothing is told of the service, only what may carry a policy of its own is left.
    if (!found.services.has(service) && !(isCarrier && mayCarryPolicy(resource))) return null;
    const holder = policyHolderOf(resource);
    if (found.arns.has(holder)) return found.bearings.get(holder) ?? null;
    return isCarrier && !isSample ? bearingFor(resource, undefined) : null;
  };
}

/** The ARNs of buckets and objects name neither region nor account, those of access points do. */
const isOfBucket = (service: string, resource: string): boolean => service === 's3' && resource.includes(':::');

/** What bears on the resources that are named; `services`: of which on some something does. */
function namedIn(resources: readonly ResourcePolicy[]) {
  const bearings = new Map<string, Bearing>();
  for (const each of resources) {
    const bearing = bearingFor(each.arn, each);
    if (bearing) bearings.set(each.arn, bearing);
  }
  const arns = new Set(resources.map(({ arn }) => arn));
  return { arns, bearings, services: new Set([...bearings.keys()].map(serviceOf)) };
}

function bearingFor(resource: string, guarded: ResourcePolicy | undefined): Bearing | null {
  const policy = guarded?.policy == null ? null : parsePolicy(guarded.policy, kindOfPolicyOn(resource));
  const owner = guarded?.account ?? (accountOf(resource) || null);
  const document = policy?.ok ? policy.value : null;
  return bearingOf({ resource, owner, document, ...besidePolicy(resource, guarded) });
}
