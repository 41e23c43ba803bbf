import type { UsageEvent } from '../../usage/event.ts';
import { asList, asObject, isFalse, member, someValue, textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** By event name: whether this call makes somebody see less. */
const blinding: Readonly<Record<string, (event: UsageEvent) => boolean>> = {
  StopLogging: () => true,
  DeleteTrail: () => true,
  DeleteEventDataStore: () => true,
  StopEventDataStoreIngestion: () => true,
  UpdateTrail: ({ requestParameters: p }) =>
    isFalse(p, 'isMultiRegionTrail') || isFalse(p, 'includeGlobalServiceEvents'),
  PutEventSelectors: ({ requestParameters }) => narrowsSelectors(requestParameters),
  DeleteFlowLogs: () => true,
  StopConfigurationRecorder: () => true,
  DeleteConfigurationRecorder: () => true,
  DeleteDeliveryChannel: () => true,
  DeleteDetector: () => true,
  UpdateDetector: ({ requestParameters }) => isFalse(requestParameters, 'enable'),
  DisableSecurityHub: () => true,
  PutBucketLogging: ({ requestParameters }) =>
    !someValue(requestParameters, (value) => member(value, 'LoggingEnabled') !== undefined),
  PutBucketLifecycle: ({ requestParameters }) => expiresWithinDays(requestParameters, 1),
  PutBucketLifecycleConfiguration: ({ requestParameters }) => expiresWithinDays(requestParameters, 1),
  DeleteQueryLoggingConfig: () => true,
  DeleteResolverQueryLogConfig: () => true,
};

/** Somebody sees less than before: a trail, a recorder, a detector or a log was stopped, narrowed or cut short. */
export const loggingDisabled: SignalRule = {
  kind: 'logging-disabled',
  names: Object.keys(blinding),
  matches: (event) => blinding[event.name.replace(/\d{8}(?:v\d+)?$/, '')]?.(event) === true,
};

function narrowsSelectors(parameters: unknown): boolean {
  const selectors = asList(member(parameters, 'eventSelectors')).map(asObject);
  const advanced = asList(member(parameters, 'advancedEventSelectors'));
  if (selectors.length === 0) return advanced.length === 0;
  return !selectors.some(
    (selector) =>
      !isFalse(selector, 'includeManagementEvents') && (textOf(selector, 'readWriteType') ?? 'All') === 'All',
  );
}

const expiresWithinDays = (parameters: unknown, days: number): boolean =>
  someValue(parameters, (value) => {
    const kept = member(member(value, 'Expiration'), 'Days');
    return kept !== undefined && Number(kept) <= days;
  });
