import { readFileSync } from 'node:fs';
import { findAction } from '../../../../core/catalogue/catalogue.ts';
import type { AccountId } from '../../../../core/identity/principal.ts';
import { actionsOf } from '../../../../core/usage/actions/actions-of.ts';

/** Operations for which no action is known, by service of the SDK, and why; `*`: all of the service's others. */
const exceptions: Readonly<Record<string, { operations: string; why: string }>> = {
  applicationcostprofiler: { operations: '*', why: 'retired: AWS lists its actions no more' },
  cloudhsm: { operations: '*', why: 'the first CloudHSM, retired: AWS lists its actions no more' },
  cloudtrail: { operations: 'ListInsightsMetricData', why: 'newer than its action, which AWS does not list' },
  'elastic-inference': { operations: '*', why: 'retired: AWS lists its actions no more' },
  'finspace-data': { operations: '*', why: 'authorised by the data set’s own permission groups' },
  glue: {
    operations: 'ListDataQualityStatisticAnnotations ListDataQualityStatistics',
    why: 'AWS lists no action for them',
  },
  'iot1click-devices': { operations: '*', why: 'retired: AWS lists its actions no more' },
  'iot1click-projects': { operations: '*', why: 'retired: AWS lists its actions no more' },
  iotthingsgraph: { operations: '*', why: 'retired: AWS lists its actions no more' },
  'models.lex.v2': {
    operations: 'ListUtteranceAnalyticsData ListUtteranceMetrics',
    why: 'AWS lists no action for them',
  },
};

interface Operation {
  service: string;
  endpoint: string;
  name: string;
  /** Of API Gateway's. */
  verb: string | undefined;
}

const operations: readonly Operation[] = readFileSync(new URL('operations.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .flatMap((line) => {
    const [service = '', endpoint = '', ...names] = line.split(' ');
    return names.map((each) => {
      const [name = '', verb] = each.split('=');
      return { service, endpoint, name, verb };
    });
  });

const mappedOf = ({ endpoint, name }: Operation) =>
  actionsOf({
    kind: 'api-call',
    source: `${endpoint}.amazonaws.com`,
    name,
    requestParameters: null,
    resources: [],
    region: 'eu-central-1',
    account: '111122223333' as AccountId,
  });

test('every API operation of AWS is mapped, but those that are named with a reason', () => {
  expect(operations.length).toBe(15_683);
  const unmapped = operations.filter((operation) => mappedOf(operation).unmapped);
  const found: Record<string, string[]> = {};
  for (const { service, name } of unmapped) found[service] = [...(found[service] ?? []), name];
  const named = Object.fromEntries(
    Object.entries(found).map(([service, names]) => [
      service,
      exceptions[service]?.operations === '*' ? '*' : names.sort().join(' '),
    ]),
  );
  expect(named).toEqual(
    Object.fromEntries(Object.entries(exceptions).map(([key, { operations: each }]) => [key, each])),
  );
  const free = operations.filter((operation) => mappedOf(operation).actions.length === 0);
  expect({ unmapped: unmapped.length, free: free.length }).toEqual({ unmapped: 129, free: 55 });
});

test('every action that an operation is mapped to is in the catalogue, in its spelling', () => {
  const targets = new Set(operations.flatMap((each) => mappedOf(each).actions.map(({ action }) => action)));
  const unknown = [...targets].filter(
    (action) => !action.startsWith('unmapped:') && findAction(action)?.action !== action,
  );
  expect(unknown).toEqual([]);
  expect(targets.size).toBeGreaterThan(14_000);
});

test('API Gateway’s operations need the verb that its API has for them', () => {
  const verbs = operations.filter(({ verb }) => verb !== undefined);
  expect(verbs.length).toBeGreaterThan(190);
  const wrong = verbs.filter(
    (each) => !mappedOf(each).actions.some(({ action }) => action === `apigateway:${each.verb}`),
  );
  expect(wrong.map(({ name, verb }) => `${name} ${verb}`)).toEqual([]);
});
