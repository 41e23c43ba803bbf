import { member } from './parameters.ts';
import { allowStatementsIn } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

/** A role lets in whom an identity provider vouches for. */
export const federatedTrust: SignalRule = {
  kind: 'federated-trust',
  names: ['CreateRole', 'UpdateAssumeRolePolicy'],
  matches: ({ requestParameters }) =>
    allowStatementsIn(requestParameters).some(
      (statement) => member(member(statement, 'Principal'), 'Federated') !== undefined,
    ),
};
