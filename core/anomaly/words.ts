import type { Find } from './novelty.ts';
import type { Contribution } from './session.ts';
import { signalKind } from './session.ts';
import type { Weights } from './weights.ts';

/** One sentence about why something counted, for somebody who does not know the model. */
export function wordsFor(
  contribution: Contribution,
  who: string,
  { spread, secretSpread }: Pick<Weights, 'spread' | 'secretSpread'>,
): string {
  const { kind, find, facet, moment } = contribution;
  const value = cut(facet.value ?? '');
  switch (kind) {
    case 'first-use':
      return `first time ${who} ${deed(find!.action)}${circumstances(contribution)}`;
    case 'returned':
      return `${who} ${deed(find!.action)} again after ${find!.rested} days without${circumstances(contribution)}`;
    case 'denied':
      return `${who} was denied ${find!.action}${find!.novelty === 0 ? ', which was allowed before' : ''}${circumstances(contribution)}`;
    case 'signal':
      return `${who} ${signalled(signalKind(facet), find!)}${circumstances(contribution)}`;
    case 'new-resource':
      return `first time ${who} used ${cut(find!.action)} on ${lastOf(value)}${circumstances(contribution)}`;
    case 'secret-spread':
      return `${who} read ${secretSpread.secrets} secrets or more for the first time within one session`;
    case 'pattern':
      return `${who} ${cut(contribution.pattern?.words ?? '')}`;
    case 'new-network':
      return `${who} came from the network ${value} for the first time`;
    case 'new-region':
      return `${who} worked in ${value} for the first time`;
    case 'new-agent':
      return `${who} used the client ${value} for the first time`;
    case 'new-assumed-role':
      return `${who} assumed ${value} for the first time`;
    case 'denied-spread':
      return `${who} was denied ${spread.actions} different actions of ${spread.services} services or more within one session`;
    case 'no-mfa':
      return `${who} did this without a second factor (${moment.use.action})`;
  }
}

function signalled(kind: string, { action, attempt }: Find): string {
  if (kind === 'always-alert') return `${attempt ? `was denied ${cut(action)}` : deed(action)}, which is always told`;
  return `${signalWords[kind] ?? `gave the signal ${kind}`} (${cut(action)})`;
}

const signalWords: Readonly<Record<string, string>> = {
  'root-use': 'acted as the root user',
  'external-account': 'gave another account access',
  'sibling-account': 'gave another account of the organization access',
  'public-principal': 'gave everybody access',
  'administrator-policy': 'gave out administrator permissions',
  'open-ingress': 'opened a port to every address',
  'public-acl': 'made data public by an access control list',
  'public-access-unblocked': 'took down the barrier against public access',
  'logging-disabled': 'stopped or narrowed logging',
  'login-profile': 'set a console password for somebody else',
  'access-key-for-another': 'made an access key for somebody else',
  'sign-in-without-mfa': 'signed in to the console without a second factor',
  'external-layer': 'made a function load code of another account',
  'instance-user-data': 'replaced what an instance runs at its start',
  'broad-policy': 'gave an identity wide permissions',
  'function-rewired': 'gave a function other code around it, or another role',
  'federated-trust': 'let an identity provider vouch for who may assume a role',
  'bulk-secret-read': 'read many secrets with one call',
  'costly-instances': 'launched, or tried to launch, many or costly machines',
  'unread-parameters': 'made a call whose parameters are not in the log',
};

/** What else was new about the same event, so that the sentence stands alone. */
function circumstances({ moment }: Contribution): string {
  const kinds = new Set(moment.finds.map(({ kind }) => kind));
  const words = [
    kinds.has('new-network') ? 'from a network never used before' : '',
    kinds.has('new-region') ? `in ${moment.use.region} for the first time` : '',
    kinds.has('new-agent') ? 'with a client never used before' : '',
  ].filter((text) => text !== '');
  return words.length === 0 ? '' : `; ${words.join(', ')}`;
}

/** `iam:CreateAccessKey` → `created an access key (iam:CreateAccessKey)`; what has no known verb is named as it is. */
export function deed(action: string): string {
  if (action.startsWith('sign-in:')) return `signed in (${cut(action.slice(8))})`;
  const name = action
    .slice(action.lastIndexOf(action.startsWith('unmapped:') ? '/' : ':') + 1)
    .replace(/\d{8}(?:v\d+)?$/, '');
  const [verb = '', ...rest] = name.match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+/g) ?? [];
  const past = verbs[verb] ?? (regular.has(verb) ? pastOf(verb.toLowerCase()) : undefined);
  if (past === undefined || rest.length === 0) return `used ${cut(action)}`;
  const noun = rest
    .map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase()))
    .join(' ');
  return `${past} ${article(noun)}${cut(noun)} (${cut(action)})`;
}

const verbs: Readonly<Record<string, string>> = {
  Begin: 'began',
  Get: 'read',
  Head: 'looked at',
  List: 'listed',
  Describe: 'looked at',
  Lookup: 'looked up',
  Put: 'set',
  Run: 'ran',
  Send: 'sent',
  Set: 'set',
  Reset: 'reset',
  Leave: 'left',
  Stop: 'stopped',
};

const regular = new Set(
  'Accept Add Allocate Assign Associate Assume Attach Authorize Cancel Change Copy Create Deactivate Decrypt Delete Deregister Detach Disable Disassociate Enable Encrypt Execute Export Generate Import Invoke Launch Modify Move Pass Publish Purchase Reboot Register Release Remove Replace Request Restore Revoke Rotate Schedule Share Start Tag Terminate Untag Update Upload Verify'.split(
    ' ',
  ),
);

const pastOf = (verb: string): string => {
  if (verb === 'stop') return 'stopped';
  if (verb === 'tag' || verb === 'untag') return `${verb}ged`;
  if (verb.endsWith('e')) return `${verb}d`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`;
};

const uncounted = /(?:s|ing|ingress|egress|access|data|attribute values|information|acl|config|code|in|up)$/;

const article = (noun: string): string =>
  uncounted.test(noun) ? '' : /^(?:[aeio]|u(?!se|ni))/i.test(noun) ? 'an ' : 'a ';

/** The part of an ARN that people know. */
const lastOf = (arn: string): string => arn.split(':').slice(5).join(':') || arn;

const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);
