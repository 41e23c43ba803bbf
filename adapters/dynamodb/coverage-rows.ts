import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../../core/identity/principal.ts';
import type { Day } from '../../core/time.ts';
import { type Coverage, joinCoverage } from '../../core/usage/coverage.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import type { Table } from './client.ts';
import { keyOf } from './keys.ts';
import { queryRows } from './query.ts';
import { remembered } from './remembered.ts';
import { mapLimited } from './retry.ts';

const coveragePk = (account: AccountId) => `#coverage|${keyOf([account, 100])}`;

/** The day, and the region where digests prove the hours; no region has more than 30 characters. */
const coverageSk = ({ day, region }: Coverage): string => (region === undefined ? day : `${day}|${region}`);

/** Behind every region of the day. */
const endOfDay = (day: Day): string => `${day}~`;

/** Hours are a number set: adding to it is the join itself, so these rows need no revision. */
export function coverageRows(table: Table): Pick<LedgerStore, 'joinCoverage' | 'coverage'> {
  const known = remembered<Coverage>(10_000);
  return {
    joinCoverage: async (coverage) => {
      const joined = new Map<string, Coverage>();
      for (const row of coverage) {
        const key = `${row.account} ${coverageSk(row)}`;
        const other = joined.get(key);
        joined.set(key, other === undefined ? row : joinCoverage(other, row));
      }
      await mapLimited([...joined], 16, async ([key, row]) => {
        const before = known.get(key)?.hours ?? 0;
        const added = row.hours & ~before;
        if (added === 0) return;
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: coveragePk(row.account), sk: coverageSk(row) },
            UpdateExpression: 'set #v = :v add #h :h',
            ExpressionAttributeNames: { '#v': 'v', '#h': 'h' },
            ExpressionAttributeValues: { ':v': 1, ':h': new Set(hoursOf(added)) },
          }),
        );
        known.set(key, { ...row, hours: before | added });
      });
    },
    coverage: async (account, from, to) => {
      const rows = await queryRows(table, coveragePk(account), { between: [from, endOfDay(to)] });
      return rows.map((row) => {
        const [day, region] = String(row.sk).split('|') as [Day, string?];
        return { v: 1, account, day, hours: bitsOf(row.h as Set<number>), ...(region !== undefined && { region }) };
      });
    },
  };
}

const hoursOf = (bits: number): number[] => Array.from({ length: 24 }, (_, h) => h).filter((h) => bits & (1 << h));

const bitsOf = (hours: Iterable<number>): number => {
  let bits = 0;
  for (const hour of hours) bits |= 1 << hour;
  return bits;
};
