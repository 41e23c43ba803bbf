import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import type { PolicyChange } from './pack.ts';

/** What owns a principal and would undo whatever is changed beside it. */
export interface Source {
  kind: 'CloudFormation' | 'CDK' | 'Terraform';
  /** The stack and its resource, or the tag that says so. */
  name: string;
}

const stackTag = 'aws:cloudformation:stack-name';
const resourceTag = 'aws:cloudformation:logical-id';

/** Who writes these tags means that Terraform makes what carries them; there is no convention, so all of the usual ones count. */
const terraform = /^(?:terraform|open_?tofu)$/i;
const ownerKeys = /^(?:managed[-_ ]?by|provisioned[-_ ]?by|created[-_ ]?by|provisioner|deployed[-_ ]?by|iac)$/i;

/** The source of a principal, by its tags; undefined where they name none. */
function sourceOf({ tags }: Pick<PrincipalRecord, 'tags'>): Source | undefined {
  const stack = tags[stackTag];
  if (stack !== undefined) {
    const kind = Object.keys(tags).some((key) => key.startsWith('aws-cdk:')) ? 'CDK' : 'CloudFormation';
    return { kind, name: [stack, tags[resourceTag]].filter(Boolean).join(' ') };
  }
  for (const [key, value] of Object.entries(tags)) {
    const isTerraform = terraform.test(key) ? value !== 'false' : ownerKeys.test(key) && terraform.test(value);
    if (isTerraform || /^tf[-_:](?:module|workspace|state)/i.test(key)) {
      return { kind: 'Terraform', name: `${key}=${value}` };
    }
  }
  return undefined;
}

/** The source of whomever a proposal reaches: the principal, or another holder of a policy that would change for all. */
export function sourceReached(
  principal: string,
  policies: readonly PolicyChange[],
  { principals }: Inventory,
): Source | undefined {
  const edited = policies.filter(({ kind, before, after }) => kind === 'managed' && before !== null && after !== null);
  const changed = new Set(edited.map(({ arn }) => arn));
  const isReached = ({ arn, attached }: PrincipalRecord) =>
    arn === principal || attached.some((each) => changed.has(each));
  return principals
    .filter(isReached)
    .map(sourceOf)
    .find((source) => source !== undefined);
}

/**
 * The inventory to judge by, as if nobody but people owned what is in it: whoever a stack owns is judged like everybody
 * else, so that its owner gets the patch, and is not edited.
 */
export const withoutStacks = (inventory: Inventory): Inventory => ({
  ...inventory,
  principals: inventory.principals.map((principal) => {
    const { [stackTag]: stack, ...tags } = principal.tags;
    return stack === undefined ? principal : { ...principal, tags };
  }),
});
