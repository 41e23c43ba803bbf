import { isEveryday } from '../../catalogue/everyday.ts';
import { privilegeClassOf } from '../../catalogue/privilege-class.ts';
import { administratorPolicy } from './administrator-policy.ts';
import { asList, member, textOf } from './parameters.ts';
import { allowStatementsIn, type Statement } from './policy-documents.ts';
import type { SignalRule } from './rule.ts';

/** AWS's own policies that only let somebody look. */
const looksOnly =
  /:iam::aws:policy\/(?:job-function\/ViewOnlyAccess|SecurityAudit|[A-Za-z]*ReadOnlyAccess|[A-Za-z]*ReadOnly)$/;
/** What services' own roles need; each is narrow by itself. */
const ofServices = /:iam::aws:policy\/service-role\//;
const reads = /^[a-z0-9-]+:(?:BatchGet|Describe|Get|Head|List|Lookup|Search|View)[A-Za-z]*\*?$/;
const changes = new Set(['privilege-escalation', 'persistence', 'defense-evasion', 'exfiltration']);

/**
 * More is given to an identity than one can overlook: a managed policy that does more than look, a pattern of actions
 * that change things, or a serious action that is nobody's everyday.
 */
export const broadPolicy: SignalRule = {
  kind: 'broad-policy',
  names: [
    'AttachRolePolicy',
    'AttachUserPolicy',
    'AttachGroupPolicy',
    'PutRolePolicy',
    'PutUserPolicy',
    'PutGroupPolicy',
    'CreatePolicy',
    'CreatePolicyVersion',
  ],
  matches(event, actions) {
    if (administratorPolicy.matches(event, actions)) return false;
    const { requestParameters } = event;
    const arn = textOf(requestParameters, 'policyArn') ?? '';
    const isManaged = arn !== '' && allowStatementsIn(requestParameters).length === 0;
    if (isManaged && !looksOnly.test(arn) && !ofServices.test(arn)) return true;
    return allowStatementsIn(requestParameters).some(givesMuch);
  },
};

function givesMuch(statement: Statement): boolean {
  if (member(statement, 'NotAction') !== undefined) return true;
  return asList(member(statement, 'Action')).some((action) => typeof action !== 'string' || isMuch(action));
}

function isMuch(action: string): boolean {
  if (reads.test(action)) return false;
  return /[*?]/.test(action) || (changes.has(privilegeClassOf(action)) && !isEveryday(action));
}
