import type { GroupRecord, Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { ResourcePolicy } from '../identity/resource-policy.ts';
import { kindOfPolicyOn, type PolicyKind } from '../policy/kinds.ts';
import { type InvalidPolicy, parsePolicy } from '../policy/parse.ts';
import { fail } from '../result.ts';
import { besidePolicy } from './beside-policy.ts';
import { knownOfCaller, knownOfResource } from './known-context.ts';
import { type Guardrails, guardrailsOf, type Organization, type Question } from './organization.ts';
import { accountOf, arnParts, policyHolderOf, roleOfSession } from './places.ts';
import { taggability, withoutTags } from './session-tags.ts';
import type { ContextValue, Policy, Request, Situation } from './situation.ts';

/** What stands for a policy that is attached and that the organization does not hold: nothing can be said about it. */
export const missingPolicy: InvalidPolicy = {
  error: 'invalid-policy',
  place: 'document',
  detail: 'is not in the inventory',
};

/** Looks up everything that bears on a question. Each text is read once. */
export function createSituations(organization: Organization): (question: Question) => Situation {
  const found = indexOf(organization);
  const read = reader();
  const readMaybe = (text: string | undefined, kind: PolicyKind): Policy =>
    text === undefined ? fail(missingPolicy) : read(text, kind);
  const levels = (ids: readonly (readonly string[])[] | null | undefined, kind: PolicyKind) =>
    ids?.map((level) => level.map((id) => readMaybe(found.controls.get(id), kind))) ?? null;
  return (question) => {
    const holder = found.principals.get(holderOf(question, found));
    const request = requestOf(question, holder, found, organization.tree?.managementAccount ?? null);
    const inventory = holder && found.inventories.get(accountOf(holder.arn));
    const managed = (arn: string): Policy => readMaybe(inventory?.managed.get(arn)?.text, 'identity');
    const policiesOf = ({ inline, attached }: Pick<GroupRecord, 'inline' | 'attached'>): Policy[] => [
      ...inline.map(({ text }) => read(text, 'identity')),
      ...attached.map(managed),
    ];
    const groups = holder?.groups.map((name) => found.groups.get(`${accountOf(holder.arn)}/${name}`)) ?? [];
    const guarded = found.resources.get(policyHolderOf(request.resource));
    const own = policyOn(request, guarded, found);
    return {
      request,
      identityPolicies: holder ? policiesOf(holder) : [],
      groupPolicies: groups.flatMap((group) => (group ? policiesOf(group) : [])),
      permissionsBoundary: holder?.boundary ? managed(holder.boundary) : null,
      sessionPolicies: question.sessionPolicies?.map((text) => read(text, 'identity')) ?? null,
      resourcePolicy: own && read(own.text, own.kind),
      ...besidePolicy(request.resource, guarded, question.isSample),
      vpcEndpointPolicies: question.vpcEndpointPolicies.map((text) => read(text, 'endpoint')),
      kmsGrants: guarded?.grants ?? [],
      scps: levels(found.guardrails.get(accountOf(request.principal))?.scps, 'scp'),
      rcps: levels(found.guardrails.get(request.resourceAccount ?? '')?.rcps, 'rcp'),
    };
  };
}

interface Found {
  principals: ReadonlyMap<string, PrincipalRecord>;
  /** Role ARN by `account/name`. */
  roles: ReadonlyMap<string, string>;
  /** By `account/name`. */
  groups: ReadonlyMap<string, GroupRecord>;
  inventories: ReadonlyMap<string, Inventory>;
  resources: ReadonlyMap<string, ResourcePolicy>;
  guardrails: ReadonlyMap<string, Guardrails>;
  controls: ReadonlyMap<string, string>;
  isTaggable: ReturnType<typeof taggability>;
}

function indexOf({ inventories, resources, tree }: Organization): Found {
  const principals = inventories.flatMap((inventory) => inventory.principals);
  const roles = principals.filter(({ type }) => type === 'role');
  return {
    principals: new Map(principals.map((principal) => [principal.arn, principal])),
    roles: new Map(roles.map(({ arn, name }) => [`${accountOf(arn)}/${name}`, arn])),
    groups: new Map(
      inventories.flatMap(({ account, groups }) => groups.map((group) => [`${account}/${group.name}`, group])),
    ),
    inventories: new Map(inventories.map((inventory) => [inventory.account, inventory])),
    resources: new Map(resources.map((resource) => [resource.arn, resource])),
    guardrails: guardrailsOf(tree),
    controls: new Map(tree?.policies.map(({ id, text }) => [id, text])),
    isTaggable: taggability(),
  };
}

/** Whose policies are the caller's: the role's behind a session, the user's behind a federated-user session. */
function holderOf({ principal, principalRoleArn, federatingUserArn }: Question, { roles }: Found): string {
  const session = roleOfSession(principal);
  if (!session) return federatingUserArn ?? principal;
  return roles.get(`${session.account}/${session.role}`) ?? principalRoleArn ?? principal;
}

function requestOf(
  { sessionPolicies, vpcEndpointPolicies, isSample: _, ...request }: Question,
  holder: PrincipalRecord | undefined,
  found: Found,
  managementAccount: string | null,
): Request {
  const account = accountOf(request.principal);
  const owner = found.resources.get(policyHolderOf(request.resource))?.account ?? arnParts(request.resource)?.account;
  const resourceAccount = owner || request.resourceAccount;
  const known = knownOfCaller(holder, found.guardrails.get(account));
  return {
    ...request,
    principalRoleArn: holder?.type === 'role' ? holder.arn : request.principalRoleArn,
    resourceAccount,
    principalAccountIsManagement: managementAccount !== null && account === managementAccount,
    context: new Map<string, ContextValue>([
      ...knownOfResource(found.guardrails.get(resourceAccount ?? '')),
      ...(found.isTaggable(holder) ? withoutTags(known, request.unknown) : known),
      ...request.context,
    ]),
  };
}

/** A role's trust speaks about STS calls only. */
function policyOn(
  { action, resource }: Request,
  guarded: ResourcePolicy | undefined,
  found: Found,
): { text: string; kind: PolicyKind } | null {
  const trust = action.toLowerCase().startsWith('sts:') ? found.principals.get(resource)?.trust : undefined;
  if (trust != null) return { text: trust, kind: 'trust' };
  return guarded?.policy == null ? null : { text: guarded.policy, kind: kindOfPolicyOn(guarded.arn) };
}

function reader(): (text: string, kind: PolicyKind) => Policy {
  const known = new Map<string, Policy>();
  return (text, kind) => {
    const name = `${kind} ${text}`;
    const policy = known.get(name) ?? parsePolicy(text, kind);
    known.set(name, policy);
    return policy;
  };
}
