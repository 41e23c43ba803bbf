import { readFileSync } from 'node:fs';
import { kept } from '../../bench/cost.ts';
import { ofType, type Resource, synthesize } from './synth.ts';

let security: Record<string, Resource>;

beforeAll(async () => {
  ({ security } = await synthesize('leastwise.config.example.json'));
}, 600_000);

const root = new URL('../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');
const alarms = () => ofType(security, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

/** Entries of the runbook that say whose they are: heading, and the name of the alarm up to where it differs. */
const entries = [...text('docs/runbook.md').matchAll(/^## (.+)\n\n_Alarms? `(leastwise-[\w-]+)(…?)`/gm)].map(
  ([, heading, name, more]) => ({
    heading,
    matches: (alarm: string) => (more ? alarm.startsWith(`${name}`) : alarm === name),
  }),
);

test('every alarm has its entry in the runbook, under the heading that it names', () => {
  expect(alarms().length).toBeGreaterThan(40);
  for (const { AlarmName, AlarmDescription } of alarms()) {
    const found = entries.filter(({ matches }) => matches(AlarmName)).map(({ heading }) => heading);
    expect([AlarmName, AlarmDescription]).toEqual([AlarmName, `See docs/runbook.md, "${found.join()}".`]);
  }
});

test('every entry of the runbook that names alarms has some', () => {
  expect(entries.length).toBeGreaterThanOrEqual(9);
  const names = alarms().map(({ AlarmName }) => AlarmName as string);
  expect(entries.filter(({ matches }) => !names.some(matches))).toEqual([]);
});

test('every alarm tells somebody', () => {
  const [[topic] = []] = ofType(security, 'AWS::SNS::Topic');
  for (const { AlarmActions } of alarms()) expect(AlarmActions).toEqual([{ Ref: topic }]);
});

test('every queue that is read, every dead-letter queue, every function and every stream is watched', () => {
  const names = alarms().map(({ AlarmName }) => AlarmName as string);
  const count = (kind: string) => names.filter((name) => name.startsWith(`leastwise-${kind}-`)).length;
  const functions = ofType(security, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
    Properties.FunctionName?.startsWith('leastwise-'),
  );
  const sources = ofType(security, 'AWS::Lambda::EventSourceMapping');
  const streams = sources.filter(([, { Properties }]) => Properties.StartingPosition !== undefined);
  expect(count('Errors')).toBe(functions.length);
  expect(count('IteratorAge')).toBe(streams.length);
  expect(count('QueueAge')).toBe(sources.length - streams.length);
  expect(count('QueueDepth')).toBe(sources.length - streams.length);
  // Those of the queues, and what each stream lost.
  expect(count('DeadLetters')).toBe(sources.length);
});

test('a metric of our own is watched where the function that writes it puts it', () => {
  const own = alarms().filter(({ Namespace }) => Namespace === 'Leastwise');
  expect(own.map(({ MetricName }) => MetricName).sort()).toEqual([
    'BrokenAudit',
    'LeasesHeld',
    'MappingDisagreements',
    'RejectedRecords',
    'RevokeLagSeconds',
    'UnreadParts',
    'UnscoredItems',
  ]);
  const services = ofType(security, 'AWS::Lambda::Function').map(
    ([, { Properties }]) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME,
  );
  for (const { MetricName, Dimensions } of own) {
    const [{ Name, Value }] = Dimensions;
    expect([Name, services.includes(Value)]).toEqual(['service', true]);
    const folder = `lambdas/${Value.replace('leastwise-', '')}`;
    expect(text(`${folder}/index.ts`) + text(`${folder}/handler.ts`)).toContain(`'${MetricName}'`);
  }
});

test('one dashboard shows what is watched', () => {
  const [[, dashboard] = []] = ofType(security, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const shown of ['RejectedRecords', 'RevokeLagSeconds', 'ApproximateAgeOfOldestMessage', 'Errors'])
    expect(body).toContain(shown);
});

test('what docs/cost.md counts by the month is about what the stack has', () => {
  const count = (type: string) => ofType(security, type).length;
  expect([count('AWS::KMS::Key'), count('AWS::SecretsManager::Secret')]).toEqual([kept.keys, kept.secrets]);
  expect(Math.abs(count('AWS::CloudWatch::Alarm') - kept.alarms)).toBeLessThanOrEqual(10);
});
