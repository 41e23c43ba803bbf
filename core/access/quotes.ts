import type { Because, Layer } from './decision.ts';
import type { Engine } from './engine.ts';
import { guardrailsOf, type Organization, type Question } from './organization.ts';
import { accountOf, policyHolderOf } from './places.ts';
import type { Policy, Situation } from './situation.ts';

/** A statement that took part in a decision, with the policy it stands in. */
export interface Quote {
  layer: Layer;
  /** ARN of a managed policy, else its name or what it stands on. */
  policy: string;
  /** Whose it is: the identity, the group, the unit of the organization, the resource. */
  on: string;
  effect: 'Allow' | 'Deny';
  sid: string | null;
  /** As it is written. */
  statement: unknown;
}

interface Named {
  policy: string;
  on: string;
}

/** Finds the words behind a decision's `because`. */
export function quoterOf(
  organization: Organization,
  { situationOf }: Pick<Engine, 'situationOf'>,
): (question: Question, because: readonly Because[]) => Quote[] {
  const names = namerOf(organization);
  return (question, because) => {
    const situation = situationOf(question);
    const named = names(question, situation);
    return because.map(({ layer, policy, statement, effect }) => {
      const [level, place] =
        typeof policy === 'number' ? [0, policy] : (policy.split('.').map(Number) as [number, number]);
      const written = statementAt(policyAt(situation, layer, level, place), statement) ?? null;
      const grant = layer === 'kmsGrants' ? situation.kmsGrants[place] : undefined;
      const sid = (written as { Sid?: string } | null)?.Sid ?? null;
      return { layer, ...named(layer, level, place), effect, sid, statement: grant ?? written };
    });
  };
}

function policyAt(situation: Situation, layer: Layer, level: number, place: number): Policy | null | undefined {
  switch (layer) {
    case 'scps':
    case 'rcps':
      return situation[layer]?.[level]?.[place];
    case 'permissionsBoundary':
    case 'resourcePolicy':
      return situation[layer];
    case 'kmsGrants':
      return null;
    default:
      return situation[layer]?.[place];
  }
}

function statementAt(policy: Policy | null | undefined, index: number): unknown {
  if (!policy?.ok) return undefined;
  const { Statement } = JSON.parse(policy.value.text) as { Statement: unknown };
  return Array.isArray(Statement) ? Statement[index] : Statement;
}

/** Names in the order in which the situation holds the policies. */
function namerOf({ inventories, tree }: Organization) {
  const principals = new Map(inventories.flatMap((each) => each.principals.map((one) => [one.arn, one] as const)));
  const groups = new Map(
    inventories.flatMap(({ account, groups }) => groups.map((group) => [`${account}/${group.name}`, group] as const)),
  );
  const guardrails = guardrailsOf(tree);
  const controls = new Map(tree?.policies.map((each) => [each.id, each.name]));
  const held = (of: { arn: string; inline: readonly { name: string }[]; attached: readonly string[] }): Named[] =>
    [...of.inline.map(({ name }) => name), ...of.attached].map((policy) => ({ policy, on: of.arn }));
  return (question: Question, { request }: Situation) => {
    const holder = principals.get(request.principalRoleArn ?? request.federatingUserArn ?? request.principal);
    const inGroups = (holder?.groups ?? []).flatMap((name) => {
      const group = groups.get(`${accountOf(holder!.arn)}/${name}`);
      return group ? held(group) : [];
    });
    const levelled = (layer: 'scps' | 'rcps', account: string, level: number, place: number): Named => {
      const above = guardrails.get(account);
      const id = above?.[layer]?.[level]?.[place] ?? '';
      const units = above?.path.split('/').slice(1, -1) ?? [];
      return { policy: `${controls.get(id) ?? ''} (${id})`.trim(), on: units[level] ?? account };
    };
    return (layer: Layer, level: number, place: number): Named => {
      const on = policyHolderOf(request.resource);
      switch (layer) {
        case 'identityPolicies':
          return (holder && held(holder)[place]) ?? { policy: `${place}`, on: request.principal };
        case 'groupPolicies':
          return inGroups[place] ?? { policy: `${place}`, on: request.principal };
        case 'permissionsBoundary':
          return { policy: holder?.boundary ?? '', on: holder?.arn ?? request.principal };
        case 'scps':
          return levelled(layer, accountOf(request.principal), level, place);
        case 'rcps':
          return levelled(layer, request.resourceAccount ?? '', level, place);
        case 'resourcePolicy':
          return { policy: principals.get(on)?.trust === undefined ? 'resource policy' : 'trust policy', on };
        case 'kmsGrants':
          return { policy: `grant ${place}`, on };
        default:
          return { policy: `${layer} ${place}`, on: question.principal };
      }
    };
  };
}
