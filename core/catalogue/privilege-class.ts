import { type AccessLevel, type CatalogueAction, findAction } from './catalogue.ts';
import { alwaysAlerted, type DecidedClass, privilegeOverrides } from './privilege-overrides.ts';

/**
 * What an action is worth to whoever misuses it, in ATT&CK's words. `metadata-read` looks at one known thing,
 * `discovery` looks around or reads data, `secret-read` gives credentials, `write` changes something ordinary.
 */
export const privilegeClasses = [
  'metadata-read',
  'discovery',
  'write',
  'secret-read',
  'privilege-escalation',
  'persistence',
  'defense-evasion',
  'exfiltration',
  'impact',
] as const;
export type PrivilegeClass = (typeof privilegeClasses)[number];

/** A tactic of MITRE ATT&CK, in its spelling for files. The classes serve all of these but the first two. */
export type Tactic =
  | 'initial-access'
  | 'execution'
  | 'persistence'
  | 'privilege-escalation'
  | 'defense-evasion'
  | 'credential-access'
  | 'discovery'
  | 'exfiltration'
  | 'impact';

const classByLevel: Record<AccessLevel, PrivilegeClass> = {
  List: 'discovery',
  Read: 'metadata-read',
  Tagging: 'write',
  Write: 'write',
  'Permissions management': 'privilege-escalation',
};
const tactics: Record<PrivilegeClass, Tactic | null> = {
  'metadata-read': 'discovery',
  discovery: 'discovery',
  write: null,
  'secret-read': 'credential-access',
  'privilege-escalation': 'privilege-escalation',
  persistence: 'persistence',
  'defense-evasion': 'defense-evasion',
  exfiltration: 'exfiltration',
  impact: 'impact',
};
/** Taking rights away gives none, except where what is taken can be a restriction. */
const takesAway = /^(?:Deauthorize|Delete|Deregister|Detach|Disassociate|Dissociate|Reject|Remove|Retire|Revoke)/;
const holdsRestrictions = new Set(['iam', 'organizations', 'sso', 's3']);
/** Lets AWS deliver logs: the opposite of hiding. */
const logDelivery = 'AllowVendedLogDeliveryForResource';
/** AWS files a few dozen reads under permissions management. */
const readsByName = /^(?:BatchGet|Describe|Get|List|Search|Validate|View)/;

const overrides = new Map<string, PrivilegeClass>();
for (const [privilegeClass, services] of Object.entries(privilegeOverrides)) {
  for (const [service, names] of Object.entries(services)) {
    for (const name of names.split(' ')) overrides.set(`${service}:${name}`, privilegeClass as DecidedClass);
  }
}
const always = new Set(alwaysAlerted);

/**
 * The class of an action in the catalogue's spelling. One that the catalogue does not know (`unmapped:…`, or newer than
 * the catalogue) counts as `write`: unknown must not pass for harmless.
 */
export function privilegeClassOf(action: string): PrivilegeClass {
  const override = overrides.get(action);
  if (override) return override;
  const known = findAction(action);
  if (!known) return 'write';
  return known.accessLevel === 'Permissions management' ? classOfPermission(known) : classByLevel[known.accessLevel];
}

function classOfPermission({ service, name }: Pick<CatalogueAction, 'service' | 'name'>): PrivilegeClass {
  if (readsByName.test(name)) return 'metadata-read';
  if (name === logDelivery || (takesAway.test(name) && !holdsRestrictions.has(service))) return 'write';
  return 'privilege-escalation';
}

const ordinary = new Set<PrivilegeClass>(['metadata-read', 'discovery', 'write']);
const seriousness = new Map<string, boolean>();

/** Whether misuse of the action is worth something by itself; remembered, since every event asks. */
export function isSerious(action: string): boolean {
  const known = seriousness.get(action);
  if (known !== undefined) return known;
  const serious = !ordinary.has(privilegeClassOf(action));
  if (seriousness.size < 50_000) seriousness.set(action, serious);
  return serious;
}

/** The ATT&CK tactic that a class serves; null for ordinary writes, which serve none by themselves. */
export const tacticOf = (privilegeClass: PrivilegeClass): Tactic | null => tactics[privilegeClass];

/** Whether an action is told whoever does it and however often. */
export const isAlwaysAlerted = (action: string): boolean => always.has(action);

/** Those actions, ascending. */
export const alwaysAlertedActions: readonly string[] = alwaysAlerted;
