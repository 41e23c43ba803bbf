import type { UsageEvent } from '../../usage/event.ts';
import { accessKeyForAnother } from './access-key-for-another.ts';
import { administratorPolicy } from './administrator-policy.ts';
import { alwaysAlert } from './always-alert.ts';
import { broadPolicy } from './broad-policy.ts';
import { bulkSecretRead } from './bulk-secret-read.ts';
import { costlyInstances } from './costly-instances.ts';
import { externalAccount, letsIn } from './external-account.ts';
import { externalLayer } from './external-layer.ts';
import { federatedTrust } from './federated-trust.ts';
import { functionRewired } from './function-rewired.ts';
import { instanceUserData } from './instance-user-data.ts';
import { loggingDisabled } from './logging-disabled.ts';
import { loginProfile } from './login-profile.ts';
import { openIngress } from './open-ingress.ts';
import { publicAccessUnblocked } from './public-access-unblocked.ts';
import { publicAcl } from './public-acl.ts';
import { publicPrincipal } from './public-principal.ts';
import { rootUse } from './root-use.ts';
import type { SignalRule } from './rule.ts';
import { signInWithoutMfa } from './sign-in-without-mfa.ts';
import { unreadParameters } from './unread-parameters.ts';

/** Every rule, in the order in which an event's signals are named. */
export const signalRules: readonly SignalRule[] = [
  alwaysAlert,
  rootUse,
  externalAccount,
  publicPrincipal,
  administratorPolicy,
  openIngress,
  publicAcl,
  publicAccessUnblocked,
  loggingDisabled,
  loginProfile,
  accessKeyForAnother,
  signInWithoutMfa,
  externalLayer,
  instanceUserData,
  broadPolicy,
  functionRewired,
  federatedTrust,
  bulkSecretRead,
  costlyInstances,
  unreadParameters,
];

const general = signalRules.filter((rule) => rule.names === undefined && rule.attempts === true);
const generalOfChanges = signalRules.filter((rule) => rule.names === undefined && rule.attempts !== true);
const named = new Map<string, readonly SignalRule[]>();
for (const rule of signalRules) {
  for (const name of rule.names ?? []) named.set(name, [...(named.get(name) ?? []), rule]);
}

const none: readonly string[] = [];

/**
 * The kinds of signal that an event gives, whether its action is new or not; mostly none. `actions` are the IAM actions
 * of the event. Signals are scored only where nobody's service forwarded the call, so forwarded events give them too.
 */
export function signalsOf(event: UsageEvent, actions: readonly string[]): readonly string[] {
  const rules = event.outcome === 'used' ? rulesFor(event.name) : attemptsAt(event.name);
  let kinds = none;
  for (const rule of rules) if (rule.matches(event, actions)) kinds = [...kinds, rule.kind];
  return kinds;
}

/** Rules by name that look at attempts too; nearly no event is one of theirs. */
function attemptsAt(name: string): readonly SignalRule[] {
  const own = named.get(name.replace(/\d{8}(?:v\d+)?$/, ''))?.filter((rule) => rule.attempts === true) ?? [];
  return own.length === 0 ? general : [...general, ...own];
}

/**
 * As `signalsOf`, for whoever knows the accounts of the organization: access given to one of these alone is `sibling-account`,
 * since moving things between one's own accounts is everyday work, and not `external-account`.
 */
export function signalsWithin(own: readonly string[]): typeof signalsOf {
  const siblings = new Set(own);
  if (siblings.size === 0) return signalsOf;
  return (event, actions) => {
    const kinds = signalsOf(event, actions);
    if (!kinds.includes(externalAccount.kind) || letsIn(event, (account) => !siblings.has(account))) return kinds;
    return kinds.map((kind) => (kind === externalAccount.kind ? siblingAccount : kind));
  };
}

/** The kind of what `signalsWithin` knows better; no rule gives it by itself. */
const siblingAccount = 'sibling-account';

const remembered = new Map<string, readonly SignalRule[]>();

/** Most events of a log share few names. */
function rulesFor(name: string): readonly SignalRule[] {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/\d{8}(?:v\d+)?$/, '');
  const rules = [...general, ...(readsOnly.test(plain) ? noRules : generalOfChanges), ...(named.get(plain) ?? [])];
  if (remembered.size > 10_000) remembered.clear();
  remembered.set(name, rules);
  return rules;
}

const noRules: readonly SignalRule[] = [];
const readsOnly = /^(?:Get|List|Describe|Head|Batch(?:Get|Describe)|Lookup|Search|Query|Scan|Select|Decrypt|Assume)/;
