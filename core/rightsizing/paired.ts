/** Actions that undo others: whoever is seen to do the one needs the other one day, often long after. */
const pairs = {
  'create-delete': ['create', 'delete'],
  'attach-detach': ['attach', 'detach'],
  'tag-untag': ['tag', 'untag'],
} as const;

/** The rules by name; each can be left out. */
export type PairRule = keyof typeof pairs;
export const pairRules = Object.keys(pairs) as readonly PairRule[];

/** The action, in lower case, whose use keeps this one by one of the rules: `ec2:createvolume` for `ec2:DeleteVolume`. */
export function partnerOf(action: string, rules: readonly PairRule[]): string | undefined {
  const lower = action.toLowerCase();
  const [service, name] = [lower.slice(0, lower.indexOf(':') + 1), lower.slice(lower.indexOf(':') + 1)];
  const rule = rules.find((each) => name.startsWith(pairs[each][1]));
  if (rule === undefined) return undefined;
  const [does, undoes] = pairs[rule];
  return `${service}${does}${name.slice(undoes.length)}`;
}
