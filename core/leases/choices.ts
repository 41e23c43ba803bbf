import { allActions } from '../catalogue/catalogue.ts';
import type { Inventory } from '../identity/inventory.ts';
import { isLendableAction } from './form.ts';

/**
 * Actions that may be lent and that hold every word of what somebody typed, those first that begin with it; at most
 * `most`. Nothing typed: nothing to choose from, since there are thousands.
 */
export function actionChoices(typed: string, most: number): readonly string[] {
  const words = wordsIn(typed);
  if (words.length === 0) return [];
  const [first = ''] = words;
  const found = allActions().filter((action) => holds(action, words));
  const ranked = [...found].sort((a, b) => rank(a, first) - rank(b, first) || (a < b ? -1 : 1));
  const lendable: string[] = [];
  for (const action of ranked) {
    if (lendable.length >= most) break;
    if (isLendableAction(action)) lendable.push(action);
  }
  return lendable;
}

/** 0: the action or its name begins with it; 1: it is somewhere in it. */
function rank(action: string, word: string): number {
  const lower = action.toLowerCase();
  return lower.startsWith(word) || lower.slice(lower.indexOf(':') + 1).startsWith(word) ? 0 : 1;
}

/**
 * Resources that hold every word of what somebody typed: an ARN that was typed out first, then those that the accounts'
 * own policies and resources name; with `services`, those of these services alone. At most `most`.
 */
export function resourceChoices(
  typed: string,
  inventories: readonly Inventory[],
  services: ReadonlySet<string>,
  most: number,
): readonly string[] {
  const words = wordsIn(typed);
  const own = typed.trim();
  const named = inventories
    .flatMap(resourcesIn)
    .filter((arn) => services.size === 0 || services.has(arn.split(':')[2] ?? ''))
    .filter((arn) => holds(arn, words))
    .sort();
  const written = isArn(own) ? [own] : [];
  return [...new Set([...written, ...named, '*'])].slice(0, most);
}

/** What the inventory knows by its ARN: resources with policies, and what policies of its own name. */
function resourcesIn({ principals, groups, managed, resources = [] }: Inventory): readonly string[] {
  const texts = [
    ...principals.flatMap(({ inline }) => inline),
    ...groups.flatMap(({ inline }) => inline),
    ...[...managed.values()].filter(({ arn }) => !arn?.includes(':iam::aws:')),
  ];
  return [...resources.map(({ arn }) => arn), ...texts.flatMap(({ text }) => arnsNamed(text))];
}

/** Of a policy's text the resources; identities cannot be lent, and variables are nobody's. */
function arnsNamed(text: string): readonly string[] {
  const found = text.match(/"arn:aws[a-z-]*:[^"\s]+"/g) ?? [];
  return found.map((quoted) => quoted.slice(1, -1)).filter((arn) => isArn(arn) && !/^arn:[^:]+:(iam|sts):/.test(arn));
}

const isArn = (text: string): boolean =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S+$/.test(text) && !text.includes('${');

const wordsIn = (typed: string): string[] =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

const holds = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};
