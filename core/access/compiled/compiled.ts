import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { guardrailsOf, type Organization, type PolicyPlace } from '../organization.ts';
import { type AccountGuard, createAccountGuards } from './accounts.ts';
import { Callers } from './callers.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createGroups, createLists, type GroupOf, type ListOf, type PolicyList } from './lists.ts';
import { NamedActions } from './named-actions.ts';
import { Population } from './population.ts';
import { Residuals } from './residuals.ts';
import { Targets } from './targets.ts';
import { Verdicts } from './verdicts.ts';
import { Voices } from './voices.ts';

/** An organization, ready to be asked. */
export interface Compiled {
  readonly documents: Documents;
  readonly listOf: ListOf;
  readonly groupOf: GroupOf;
  readonly guardOf: (account: string) => AccountGuard;
  readonly callers: Callers;
  readonly populationOf: () => Population;
  readonly resources: ReadonlyMap<string, ResourcePolicy>;
  readonly residuals: Residuals;
  readonly noEndpoint: PolicyList;
  readonly actions: NamedActions;
  readonly targets: Targets;
  readonly voices: Voices;
  readonly verdicts: Verdicts;
}

/** What outlives a change of some policies: documents that were read, lists and solved formulas. */
export type Shared = Pick<
  Compiled,
  'documents' | 'listOf' | 'groupOf' | 'residuals' | 'actions' | 'voices' | 'verdicts'
>;

export function createShared(): Shared {
  const documents = createDocuments();
  return {
    documents,
    listOf: createLists(),
    groupOf: createGroups(),
    residuals: new Residuals(),
    actions: new NamedActions(),
    voices: new Voices(documents),
    verdicts: new Verdicts(),
  };
}

/** Reads an organization; where it is another with one policy replaced, only what that touches. */
export function compileWith(
  shared: Shared,
  { tree, resources, inventories }: Organization,
  before: { compiled: Compiled; place: PolicyPlace } | null = null,
): Compiled {
  const { documents, listOf, groupOf } = shared;
  const isGuarded = before !== null && before.place.kind !== 'control';
  const controls = new Map(tree?.policies.map((policy) => [policy.id, policy]));
  const guardOf = isGuarded
    ? before.compiled.guardOf
    : createAccountGuards(guardrailsOf(tree), controls, documents, listOf, groupOf);
  const managementAccount = tree?.managementAccount ?? null;
  const callers = new Callers(
    { documents, listOf, groupOf, guardOf, inventories, managementAccount },
    before && { callers: before.compiled.callers, place: before.place },
  );
  const byArn = new Map(resources.map((resource) => [resource.arn, resource]));
  const trustOf = (arn: string): string | null => callers.recordOf(arn)?.trust ?? null;
  let population: Population | undefined;
  const populationOf = (): Population => {
    population ??= new Population(callers, documents.spoken);
    return population;
  };
  return {
    ...shared,
    guardOf,
    callers,
    populationOf,
    resources: byArn,
    targets: new Targets({ documents, listOf, groupOf, guardOf, resources: byArn, trustOf }),
    noEndpoint: listOf('vpcEndpointPolicies', []),
  };
}
