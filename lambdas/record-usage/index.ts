import { trailDigests } from '../../adapters/aws/digests.ts';
import { objectReader } from '../../adapters/aws/objects.ts';
import { rejectionKeeper } from '../../adapters/aws/rejections.ts';
import { bucket, configuration, ledgerStore, now, secret } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { recordUsageHandler } from './handler.ts';

export const handler = entry(env, (environment, { count, logger }) => {
  const setKey = secret(environment.SET_KEY_SECRET);
  const { accounts, organization, trail } = configuration();
  // Made once, since it remembers what is stored; the key never changes.
  let made: ReturnType<typeof recordUsageHandler> | undefined;
  const make = async () => {
    const key = await setKey();
    return recordUsageHandler({
      ledger: ledgerStore(environment.LEDGER_TABLE, key),
      readObject: objectReader(bucket('').s3),
      keepRejections: rejectionKeeper(bucket(environment.REJECTIONS_BUCKET)),
      now,
      setKey: key,
      accounts: accounts.map(({ id }) => id),
      resources: true,
      trail: trail && { ...trail, organization: organization.id },
      digests: trail?.logFileValidation ? trailDigests(bucket('').s3) : null,
      count,
      disagreed: (found) => {
        for (const each of found.slice(0, 10))
          logger.warn('a denial names another action than the mapping', { ...each });
      },
    });
  };
  return async (event: Parameters<ReturnType<typeof recordUsageHandler>>[0]) => {
    made ??= await make();
    return made(event);
  };
});
