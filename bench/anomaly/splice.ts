import { type Instant, plusSeconds } from '../../core/time.ts';
import type { Random } from '../../local/sample-organization/random.ts';
import type { Host, LentRecord } from './hosts.ts';
import type { Specimen } from './specimens.ts';

/** `same`: the attacker sits on the victim's machine. `new`: the stolen key is used from elsewhere. */
export type Network = 'same' | 'new';

/** Reserved for documentation; no host of the benchmark was ever there. */
const elsewhere = '192.0.2.66';

/** Nobody waits longer than this between two calls of one attack. */
const longestWait = 600;

/** A call that only a user with a password or keys of its own can make. */
const ofUsers = new Set(['ConsoleLogin', 'GetFederationToken']);

/** Whether AWS would let such a principal make these calls at all. */
export const canHost = (host: Host, { records }: Specimen): boolean =>
  isUser(host) || !records.some(({ eventName }) => ofUsers.has(eventName));

const isUser = ({ lends }: Host): boolean => lends[0]?.userIdentity.type === 'IAMUser';

/**
 * The attack's events as if this host had done them: its identity, agent, region and account, from its own or another
 * network, right after one of its own calls. What betrays the log it comes from (tool, account, region) is rewritten.
 */
export function splice(host: Host, { records }: Specimen, network: Network, random: Random): readonly unknown[] {
  const lent = random.pick(host.lends);
  let [at, before] = [plusSeconds(lent.eventTime, 20), records[0]!.eventTime];
  return records.map((record, i) => {
    const wait = (Date.parse(record.eventTime) - Date.parse(before)) / 1000;
    at = plusSeconds(at, Math.min(longestWait, Math.max(0, Math.round(wait))));
    before = record.eventTime;
    return rewritten(record, lent, { at, network, id: `attack-${String(i).padStart(4, '0')}` });
  });
}

interface Place {
  at: Instant;
  network: Network;
  id: string;
}

function rewritten(record: Readonly<Record<string, unknown>>, lent: LentRecord, { at, network, id }: Place): unknown {
  const accounts = new Set([record.recipientAccountId, identityOf(record).accountId]);
  let text = JSON.stringify(record);
  for (const account of accounts) {
    if (typeof account === 'string') text = text.replaceAll(account, lent.recipientAccountId);
  }
  return {
    ...(JSON.parse(text) as Record<string, unknown>),
    eventID: id,
    eventTime: at,
    awsRegion: lent.awsRegion,
    recipientAccountId: lent.recipientAccountId,
    userIdentity: lent.userIdentity,
    sourceIPAddress: network === 'new' ? elsewhere : lent.sourceIPAddress,
    userAgent: lent.userAgent,
  };
}

const identityOf = ({ userIdentity }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  (userIdentity ?? {}) as Readonly<Record<string, unknown>>;
