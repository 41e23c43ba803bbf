import { secondsOf } from '../../time.ts';
import type { FirstUse } from '../../usage/item.ts';
import { isPublic } from './networks.ts';
import type { Pattern } from './pattern.ts';

/** People move while a session lives, and not within the hour. */
const near = 3600;

/**
 * The same short-lived credentials, or the same instance's, in two networks. Only what left a trace of its own in the
 * ledger in both places can be seen.
 */
export const twoPlaces: Pattern = {
  kind: 'two-places',
  tactic: 'credential-access',
  sees({ kind }, { use }, { usesBy }) {
    if (kind !== 'new-network' || use.network === null || !isPublic(use.network)) return undefined;
    const other = credentialsOf(use)
      .flatMap((id) => usesBy.get(id) ?? [])
      .find((each) => isElsewhere(each, use) && (isInstance(each) || isNear(each, use)));
    if (other === undefined) return undefined;
    return { share: 1, words: `used one session's credentials in ${other.network} and in ${use.network}` };
  },
};

/** Names under which a use's credentials are found again: a temporary key, and the session of an instance. */
export function credentialsOf(use: FirstUse): readonly string[] {
  const names: string[] = [];
  if (use.accessKeyId?.startsWith('ASIA')) names.push(use.accessKeyId);
  if (isInstance(use)) names.push(`${use.account}/${use.session}`);
  return names;
}

const isInstance = ({ session }: FirstUse): boolean => /^i-[0-9a-f]{8,17}$/.test(session ?? '');

const isNear = (a: FirstUse, b: FirstUse): boolean => Math.abs(secondsOf(a.time) - secondsOf(b.time)) <= near;

/** Addresses of both families, and private ones behind an endpoint, are one place's as often as not. */
const isElsewhere = (a: FirstUse, b: FirstUse): boolean =>
  a.network !== null &&
  a.network !== b.network &&
  isPublic(a.network) &&
  a.network.includes(':') === b.network!.includes(':');
