import { asList, member, textOf } from './parameters.ts';
import { allowStatementsIn, type Statement } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

const administrative = /^arn:[^:]*:iam::aws:policy\/(?:AdministratorAccess|IAMFullAccess)$/;

/** Everything, or everything about identities, is given to somebody. */
export const administratorPolicy: SignalRule = {
  kind: 'administrator-policy',
  matches({ requestParameters, source }) {
    if (source !== 'iam.amazonaws.com' && source !== 'sso.amazonaws.com') return false;
    const arn = textOf(requestParameters, 'policyArn') ?? textOf(requestParameters, 'managedPolicyArn') ?? '';
    return administrative.test(arn) || allowStatementsIn(requestParameters).some(givesEverything);
  },
};

const givesEverything = (statement: Statement): boolean =>
  asList(member(statement, 'Resource')).includes('*') &&
  asList(member(statement, 'Action')).some((action) => action === '*' || action === '*:*' || action === 'iam:*');
