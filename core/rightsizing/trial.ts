import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { hasBit } from '../access/compiled/bits.ts';
import { canonicalHash } from '../audit/canonical.ts';
import { privilegeClasses, privilegeClassOf } from '../catalogue/privilege-class.ts';
import { ownPolicyPath } from '../changes/own-policies.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import { prefixOf } from '../usage/actions/source-prefix.ts';
import type { LedgerItem } from '../usage/item.ts';
import { givenByResources } from './given.ts';
import { allowedBy } from './granted.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { quotas, sizeOf } from './quotas.ts';

/** Why an action that is to go is not denied beforehand. */
export type Untried = 'resource-policy' | 'resource-policies-unread' | 'no-room';

/** What a trial denies, in one policy that one call takes off. */
export interface Overlay {
  text: string;
  /** Services that are denied whole. */
  services: readonly string[];
  /** Actions that are denied, those of whole services among them; in the catalogue's spelling, ascending. */
  tried: readonly string[];
}

export interface Trial {
  /** undefined: nothing can be tried. */
  overlay: Overlay | undefined;
  untried: readonly { action: string; why: Untried }[];
}

/** What a trial is made from. */
export interface ToTry {
  principal: PrincipalRecord;
  inventory: Inventory;
  /** What the principal did and tried, by anybody. */
  items: readonly LedgerItem[];
  /** Actions that the proposal takes away, in the catalogue's spelling. */
  removed: readonly string[];
}

/**
 * What can be denied before it is taken away. A service is denied whole only where all that is granted of it goes and
 * nobody ever called it; everything else by its name. What a resource's own policy or a grant of a key gives the principal
 * is left out: the proposal would not take it, and a Deny would. So is what anybody was seen to use.
 */
export function trialOf({ principal, inventory, items, removed }: ToTry): Trial {
  const touched = touchedIn(items);
  const given = givenByResources(principal, inventory);
  const untried: { action: string; why: Untried }[] = [];
  const deniable: string[] = [];
  for (const action of removed.filter((each) => !touched.actions.has(each.toLowerCase()))) {
    const why = given.whyOf(action);
    if (why === undefined) deniable.push(action);
    else untried.push({ action, why });
  }
  const granted = grantedActions(principal, inventory);
  const isWhole = (service: string): boolean => {
    const left = untried.some(({ action }) => serviceOf(action) === service);
    return (
      !left && !touched.services.has(service) && !given.anyOf(service) && coversService(service, granted, deniable)
    );
  };
  const packed = overlayOf(deniable, isWhole);
  return {
    overlay: packed.overlay,
    untried: [...untried, ...packed.left.map((action) => ({ action, why: 'no-room' as const }))],
  };
}

/** The overlay of an earlier trial without some of its actions; undefined where nothing is left to try. */
export function withoutActions(
  { tried, services }: Omit<Overlay, 'text'>,
  actions: ReadonlySet<string>,
): Overlay | undefined {
  const lower = new Set([...actions].map((action) => action.toLowerCase()));
  const touched = new Set([...lower].map(serviceOf));
  const whole = new Set(services.filter((service) => !touched.has(service)));
  const left = tried.filter((action) => !lower.has(action.toLowerCase()));
  return overlayOf(left, (service) => whole.has(service)).overlay;
}

/** ARN of the policy that holds an overlay: another text, another policy. */
export const overlayArn = ({ arn, name }: Pick<PrincipalRecord, 'arn' | 'name'>, text: string): string => {
  const [, partition, , , account] = arn.split(':') as [string, string, string, string, string];
  return `arn:${partition}:iam::${account}:policy${ownPolicyPath}trial-${name.slice(0, 64)}-${canonicalHash([arn, text]).slice(0, 12)}`;
};

/** Whether the overlay denies the action. */
export const deniesAction = ({ tried, services }: Omit<Overlay, 'text'>, action: string): boolean =>
  services.includes('*') ||
  services.includes(serviceOf(action)) ||
  tried.some((each) => each.toLowerCase() === action.toLowerCase());

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':')).toLowerCase();

/** Whatever anybody tried, allowed or not, and the services of calls whose action is not known. */
function touchedIn(items: readonly LedgerItem[]): { actions: ReadonlySet<string>; services: ReadonlySet<string> } {
  const actions = new Set<string>();
  const services = new Set<string>();
  for (const { action, outcome } of items) {
    if (action === null) continue;
    const source = /^unmapped:(.*)\//.exec(action)?.[1];
    services.add(source === undefined ? serviceOf(action) : prefixOf(source));
    if (outcome !== 'denied') actions.add(action.toLowerCase());
  }
  return { actions, services };
}

/** Everything that the principal's own policies and its groups' allow, in lower case. */
function grantedActions(principal: PrincipalRecord, { groups, managed }: Inventory): (action: string) => boolean {
  const own = groups.filter(({ name }) => principal.groups.includes(name));
  const texts = [principal, ...own].flatMap(({ inline, attached }) => [
    ...inline.map(({ text }) => text),
    ...attached.flatMap((arn) => managed.get(arn)?.text ?? []),
  ]);
  const bits = allowedBy(texts.flatMap((text) => parsedPolicy(text)?.statements ?? []));
  const { byName } = actionNumbers();
  return (action) => hasBit(bits, byName.get(action) as number);
}

function coversService(service: string, granted: (action: string) => boolean, denied: readonly string[]): boolean {
  const { lower, services } = actionNumbers();
  const [from, to] = services.get(service) ?? [0, 0];
  const goes = new Set(denied.map((action) => action.toLowerCase()));
  for (let number = from; number < to; number += 1) {
    const action = lower[number] as string;
    if (granted(action) && !goes.has(action)) return false;
  }
  return to > from;
}

/** As much as fits into one policy: whole services first, since they are short, then the most dangerous actions. */
function overlayOf(
  actions: readonly string[],
  isWhole: (service: string) => boolean,
): { overlay: Overlay | undefined; left: readonly string[] } {
  const services = [...new Set(actions.map(serviceOf))].filter(isWhole).sort();
  const whole = new Set(services);
  const single = actions.filter((action) => !whole.has(serviceOf(action))).sort(byDanger);
  let room = quotas.managed - sizeOf(textOf([]));
  const patterns: string[] = [];
  for (const pattern of [...services.map((service) => `${service}:*`), ...single]) {
    room -= JSON.stringify(pattern).length + 1;
    if (room < 0) break;
    patterns.push(pattern);
  }
  const denied = new Set(patterns);
  const isDenied = (action: string) => denied.has(action) || denied.has(`${serviceOf(action)}:*`);
  const tried = actions.filter(isDenied).sort();
  const left = actions.filter((action) => !isDenied(action)).sort();
  if (tried.length === 0) return { overlay: undefined, left };
  return {
    overlay: { text: textOf(patterns), services: services.filter((each) => denied.has(`${each}:*`)), tried },
    left,
  };
}

const textOf = (Action: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'LeastwiseTrial', Effect: 'Deny', Action, Resource: '*' }],
  });

const dangerOf = (action: string): number => privilegeClasses.indexOf(privilegeClassOf(action));
const byDanger = (a: string, b: string): number => dangerOf(b) - dangerOf(a) || (a < b ? -1 : 1);
