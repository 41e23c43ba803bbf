import { asList, asObject, member, someValue, textOf } from './parameters.ts';
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
  const object = asObject(parameters);
  return (
    isAdded(object?.createVolumePermission) ||
    isAdded(object?.launchPermission) ||
    asList(object?.valuesToAdd).includes('all')
  );
}

const isAdded = (permission: unknown): boolean =>
  permission !== undefined && someValue(member(permission, 'add'), (value) => textOf(value, 'group') === 'all');
