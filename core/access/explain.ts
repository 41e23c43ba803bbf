import { everyActionOf } from '../usage/actions/actions-of.ts';
import type { UsageEvent } from '../usage/event.ts';
import type { Decision } from './decision.ts';
import { type DenialMessage, parseDenialMessage } from './denial-message.ts';
import type { Engine } from './engine.ts';
import type { Organization, Question } from './organization.ts';
import { roleOfSession } from './places.ts';
import type { ContextValue } from './situation.ts';
import { type MissingGrant, smallestGrant } from './smallest-grant.ts';

/**
 * Why a call was denied. `denied`: a statement denies it, and no grant helps while it stands. `not-granted`: nothing
 * allows it, and `grant` would. `depends`: it depends on context that the event does not show. `not-explained`: what is
 * known allows it, or AWS names a Deny that is not known. `unknown-principal`: the inventory does not hold the caller.
 */
export type Why = 'denied' | 'not-granted' | 'depends' | 'not-explained' | 'unknown-principal';

export interface Explanation {
  question: Question;
  why: Why;
  /** null where the caller is not known. */
  decision: Decision | null;
  /** What AWS said, where its message says it. */
  said: DenialMessage['reason'];
  /** The fewest statements that would have allowed it; null where none can help or none is needed. */
  grant: readonly MissingGrant[] | null;
}

/** Explains a denied event: one explanation for each action that the call needed. */
export function explain(event: UsageEvent, engine: Engine, organization: Organization): readonly Explanation[] {
  const message = parseDenialMessage(event.errorMessage);
  return neededBy(event, message).map(({ action, resource }) => {
    const question = questionOf(event, action, resource);
    const said = message?.reason ?? null;
    return explainQuestion(question, { said, known: isKnown(event, organization), engine });
  });
}

/** What is known of a denial besides the question: what AWS said, and whether the inventory holds the caller. */
interface DenialKnown {
  said: DenialMessage['reason'];
  known: boolean;
  engine: Engine;
}

/** Explains why something is not allowed, by what is known now. */
export function explainQuestion(question: Question, { said, known, engine }: DenialKnown): Explanation {
  if (!known) return { question, why: 'unknown-principal', decision: null, said, grant: null };
  const decision = engine.decide(question);
  const base = { question, decision, said };
  if (decision.outcome === 'explicit-deny') return { ...base, why: 'denied', grant: null };
  if (decision.outcome === 'conditional') return { ...base, why: 'depends', grant: null };
  if (decision.outcome !== 'implicit-deny' || said?.kind === 'explicit')
    return { ...base, why: 'not-explained', grant: null };
  return { ...base, why: 'not-granted', grant: smallestGrant(engine.situationOf(question), engine) ?? null };
}

/** AWS's own message names the action and the resource best; else what the call is known to need. */
function neededBy(event: UsageEvent, message: DenialMessage | undefined): { action: string; resource: string }[] {
  const mapped = everyActionOf(event).actions;
  if (message) {
    const resources =
      mapped.find(({ action }) => action.toLowerCase() === message.action.toLowerCase())?.resources ?? [];
    const said = message.resource?.startsWith('arn:') || message.resource === '*' ? message.resource : null;
    return [{ action: message.action, resource: said ?? resources[0] ?? '*' }];
  }
  return mapped.flatMap(({ action, resources }) =>
    (resources.length === 0 ? ['*'] : resources).map((resource) => ({ action, resource })),
  );
}

/** The request as far as the event shows it; every other key is unknown. */
function questionOf(event: UsageEvent, action: string, resource: string): Question {
  const { caller } = event;
  const name = /^(arn:[^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(caller.arn ?? '');
  const session =
    name && caller.session ? `${name[1]}:sts::${name[2]}:assumed-role/${name[3]}/${caller.session}` : null;
  return {
    principal: session ?? caller.arn ?? caller.principal,
    principalKind: caller.isService ? 'service' : null,
    principalRoleArn: name ? caller.arn : null,
    federatingUserArn: null,
    action,
    resource,
    resourceAccount: resource === '*' ? (caller.account ?? event.account) : null,
    context: contextOf(event),
    unknown: 'all',
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  };
}

function contextOf({ time, region, sourceAddress, userAgent, caller }: UsageEvent): ReadonlyMap<string, ContextValue> {
  const shown: Record<string, string | null> = {
    'aws:currenttime': time,
    'aws:requestedregion': region === 'unknown' ? null : region,
    'aws:sourceip':
      sourceAddress !== null && /^(\d+\.){3}\d+$|^[0-9a-f]*:[0-9a-f:]+$/i.test(sourceAddress) ? sourceAddress : null,
    'aws:useragent': userAgent,
    'aws:viaawsservice': caller.invokedBy === null ? null : 'true',
    'aws:multifactorauthpresent': caller.mfa === null ? null : String(caller.mfa),
  };
  return new Map(Object.entries(shown).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Root and services have no policies of their own. */
function isKnown({ caller }: UsageEvent, { inventories }: Organization): boolean {
  if (caller.isService || caller.arn?.endsWith(':root')) return true;
  const session = roleOfSession(caller.arn ?? '');
  return inventories.some(({ principals }) =>
    principals.some(({ arn, name }) => arn === caller.arn || (session !== undefined && name === session.role)),
  );
}
