import { allActions } from '../catalogue/catalogue.ts';
import { type PrivilegeClass, privilegeClassOf } from '../catalogue/privilege-class.ts';
import { renames } from '../usage/actions/renames.ts';
import { prefixBySource } from '../usage/actions/source-prefix.ts';

/** Calls of one service as CloudTrail names them. */
export interface Calls {
  /** `eventSource`s of the service. */
  sources: readonly string[];
  /** `eventName`s, ascending. */
  names: readonly CallName[];
}

/** `versioned`: a version of the API follows the name (`AddPermission20150331v2`). */
export interface CallName {
  name: string;
  versioned: boolean;
}

/** Classes whose changes must be known at once. Ordinary writes, discovery and reads of metadata wait for the files. */
const promptChanges: ReadonlySet<PrivilegeClass> = new Set([
  'privilege-escalation',
  'persistence',
  'defense-evasion',
  'exfiltration',
  'impact',
]);
const reading: ReadonlySet<PrivilegeClass> = new Set(['metadata-read', 'discovery', 'secret-read']);

/**
 * Changes that matter, by the catalogue's privilege classes. `anywhere`: names that belong to such a change in some
 * service and nowhere to a call that only reads, so that the name alone will do; a change of the same name in another
 * service comes along. `bound`: names that are something else elsewhere.
 */
export function changesThatMatter(): { anywhere: readonly CallName[]; bound: readonly Calls[] } {
  const calls = callsOf(({ cls, service }) => promptChanges.has(cls) && service !== 'sts' && service !== 'iam');
  const elsewhere = namesThatRead();
  const isBound = ({ name }: CallName) => elsewhere.has(name) || name.length < shortest;
  const anywhere = new Map<string, CallName>();
  for (const call of calls.flatMap(({ names }) => names)) {
    const known = anywhere.get(call.name);
    if (!isBound(call)) anywhere.set(call.name, { ...call, versioned: call.versioned || known?.versioned === true });
  }
  return {
    anywhere: [...anywhere.values()].sort(byName),
    bound: calls.flatMap(({ sources, names }) => {
      const bound = names.filter(isBound);
      return bound.length === 0 ? [] : [{ sources, names: bound }];
    }),
  };
}

/** A name of fewer characters says too little by itself: `Invoke`, `GET`, `Disable`. */
const shortest = 8;

/** Reads whose answers are credentials; STS is left to role assumption, parameters to `readsOfParameters`. */
export const readsOfSecrets = (): readonly Calls[] =>
  callsOf(({ cls, service }) => cls === 'secret-read' && service !== 'sts' && service !== 'ssm');

/** Reads of parameters, which are secret only where they are decrypted. */
export const readsOfParameters = (): readonly Calls[] =>
  callsOf(({ cls, service }) => cls === 'secret-read' && service === 'ssm');

/** Services that write the version of their API behind the name of the event. */
const versionedServices: ReadonlySet<string> = new Set(['lambda', 'cloudfront']);

/** Actions that authorise something inside another call: no event has their name. */
const neverCalled: ReadonlySet<string> = new Set([
  'iam:PassRole',
  'rds-db:connect',
  's3:BypassGovernanceRetention',
  's3:ObjectOwnerOverrideToBucketOwner',
]);

/** Whether a call can have the name of this action. */
export const isCalled = (action: string): boolean =>
  !neverCalled.has(action) && !action.endsWith(':AllowVendedLogDeliveryForResource');

interface Named {
  service: string;
  cls: PrivilegeClass;
}

function callsOf(wanted: (named: Named) => boolean): readonly Calls[] {
  const byService = new Map<string, Set<string>>();
  for (const action of allActions()) {
    const [service, name] = action.split(':') as [string, string];
    if (!isCalled(action) || !wanted({ service, cls: privilegeClassOf(action) })) continue;
    const names = byService.get(service) ?? new Set();
    for (const each of eventNamesOf(service, name)) names.add(each);
    byService.set(service, names);
  }
  return [...byService].map(([service, names]) => ({
    sources: sourcesOf(service),
    names: [...names].map((name) => ({ name, versioned: versionedServices.has(service) })).sort(byName),
  }));
}

/** The action's own name, and those of the events that are called otherwise. */
function eventNamesOf(service: string, action: string): string[] {
  const others = Object.entries(renames[service] ?? {}).filter(([, actions]) => actions.split(' ').includes(action));
  return [action, ...others.map(([event]) => event)];
}

/** Names of calls that only read, in any service. */
function namesThatRead(): ReadonlySet<string> {
  return new Set(callsOf(({ cls }) => reading.has(cls)).flatMap(({ names }) => names.map(({ name }) => name)));
}

const sourcesOf = (service: string): string[] => [
  `${service}.amazonaws.com`,
  ...Object.keys(prefixBySource)
    .filter((source) => prefixBySource[source] === service)
    .map((source) => `${source}.amazonaws.com`),
];

const byName = (a: CallName, b: CallName): number => (a.name < b.name ? -1 : 1);
