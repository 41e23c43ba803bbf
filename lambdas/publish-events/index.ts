import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { auditArchive } from '../../adapters/aws/audit-archive.ts';
import { eventBus } from '../../adapters/aws/event-bus.ts';
import { recorded } from '../../adapters/aws/recorder.ts';
import { committedOf } from '../../adapters/dynamodb/stream.ts';
import { bucket, failed, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { publishEventsHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  publishEventsHandler({
    archive: auditArchive(bucket(environment.AUDIT_BUCKET)),
    bus: eventBus({ client: recorded(new EventBridgeClient()), bus: environment.EVENT_BUS }),
    outbox: stateStores(environment.STATE_TABLE).outbox,
    eventOf: committedOf,
    failed: failed(tools),
  }),
);
