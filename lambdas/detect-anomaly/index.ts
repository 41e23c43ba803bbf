import { unscoredOf } from '../../adapters/dynamodb/stream.ts';
import { modelOf, type WeightOverrides } from '../../core/anomaly/model.ts';
import { failed, ledgerStore, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { detectAnomalyHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  detectAnomalyHandler({
    ...stateStores(environment.STATE_TABLE),
    ledger: ledgerStore(environment.LEDGER_TABLE),
    model: modelOf(JSON.parse(environment.WEIGHTS) as WeightOverrides),
    now,
    markOf: unscoredOf,
    failed: failed(tools),
  }),
);
