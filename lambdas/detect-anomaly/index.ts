import { unscoredOf } from '../../adapters/dynamodb/stream.ts';
import { failed, ledgerStore, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { detectAnomalyHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  detectAnomalyHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    now,
    markOf: unscoredOf,
    failed: failed(tools),
  }),
);
