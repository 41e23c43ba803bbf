import { isForeign } from './accounts.ts';
import { member, textOf, valuesIn } from './parameters.ts';
import { allowStatementsIn, awsPrincipalsOf } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

/** Members that name whom something is shared with, outside of policy documents. */
const granted = ['principal', 'granteePrincipal', 'valuesToAdd', 'accountIds', 'aWSAccountIds', 'layerPrincipal'];

/**
 * Somebody outside the account is let in: a trust or resource policy, a permission, a grant, or a snapshot or image
 * shared with another account.
 */
export const externalAccount: SignalRule = {
  kind: 'external-account',
  matches(event) {
    const parameters = event.requestParameters;
    const inPolicies = () => allowStatementsIn(parameters).flatMap(awsPrincipalsOf);
    return [...sharedWith(parameters), ...inPolicies()].some((name) => isForeign(event, name));
  },
};

function sharedWith(parameters: unknown): readonly string[] {
  const direct = granted.flatMap((name) => texts(member(parameters, name)));
  const volumes = [...valuesIn(member(member(parameters, 'createVolumePermission'), 'add'))];
  const launches = [...valuesIn(member(member(parameters, 'launchPermission'), 'add'))];
  const users = [...volumes, ...launches].map((value) => textOf(value, 'userId'));
  return [...direct, ...users.filter((user): user is string => user !== undefined)];
}

const texts = (value: unknown): readonly string[] =>
  [...valuesIn(value)].filter((inner): inner is string => typeof inner === 'string');
