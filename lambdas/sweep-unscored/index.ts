import { failed, ledgerStore, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { sweepUnscoredHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  sweepUnscoredHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    now,
    count: tools.count,
    failed: failed(tools),
  }),
);
