import { member, textOf, valuesIn } from './parameters.ts';
import { allowStatementsIn, awsPrincipalsOf, isConditional } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

/** Everybody is let in: `*` as principal without a condition, or a snapshot or image for all. */
export const publicPrincipal: SignalRule = {
  kind: 'public-principal',
  matches({ requestParameters, name }) {
    if (allowStatementsIn(requestParameters).some((s) => awsPrincipalsOf(s).includes('*') && !isConditional(s)))
      return true;
    if (name.startsWith('AddPermission') && isUnrestrictedPermission(requestParameters)) return true;
    if (name.includes('FunctionUrlConfig') && textOf(requestParameters, 'authType') === 'NONE') return true;
    return isSharedWithAll(requestParameters);
  },
};

/** Lambda narrows a permission by members of the call, not by a condition. */
const isUnrestrictedPermission = (parameters: unknown): boolean =>
  textOf(parameters, 'principal') === '*' &&
  ['sourceArn', 'sourceAccount', 'principalOrgID'].every((name) => member(parameters, name) === undefined);

function isSharedWithAll(parameters: unknown): boolean {
  const added = ['createVolumePermission', 'launchPermission'].flatMap((name) => [
    ...valuesIn(member(member(parameters, name), 'add')),
  ]);
  if (added.some((value) => textOf(value, 'group') === 'all')) return true;
  return [...valuesIn(member(parameters, 'valuesToAdd'))].includes('all');
}
