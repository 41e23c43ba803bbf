import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { RecordedCall } from '../../adapters/aws/recorder.ts';
import { type Day, type Instant, secondsOf } from '../../core/time.ts';
import { trailBucket } from '../../local/emulated/organization.ts';
import { sampleOrganization } from '../../local/sample-organization/organization.ts';
import type { SampleRecord } from '../../local/sample-organization/record.ts';
import { setClock } from './clock.ts';
import { keyOf, putFile, unnotified } from './trail.ts';
import { hub, region, until, type World } from './world.ts';

/** What docs/cost.md quotes; written by every run. */
const written = '.local/e2e-cost.json';

interface Shape {
  runs: number;
  files: number;
  events: number;
  /** Of one run, in the deployed function. */
  milliseconds: { least: number; median: number; most: number };
  /** Calls of AWS in all these runs. */
  requests: Readonly<Record<string, number>>;
}

/** A run of `record-usage`: the messages of one batch. */
interface Batch {
  files: readonly (readonly SampleRecord[])[];
  envelopes?: readonly object[];
}

/**
 * Measures the deployed functions: milliseconds as the emulator counts them for CloudWatch, and the calls that they made. The
 * sample organization's day goes through `record-usage` in the shapes that docs/cost.md counts with.
 */
export function cost(world: () => World): void {
  describe('what it costs', () => {
    const name = 'leastwise-record-usage';
    const watch = () =>
      new CloudWatchClient({
        endpoint: world().endpoint,
        region,
        credentials: { accessKeyId: hub, secretAccessKey: 'local' },
      });
    const durationsOf = async (FunctionName: string) => {
      const asked = {
        Namespace: 'AWS/Lambda',
        MetricName: 'Duration',
        Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 86_400,
        Statistics: ['Sum' as const, 'SampleCount' as const, 'Maximum' as const],
      };
      const { Datapoints = [] } = await watch().send(new GetMetricStatisticsCommand(asked));
      const sum = (of: 'Sum' | 'SampleCount') => Datapoints.reduce((total, each) => total + (each[of] ?? 0), 0);
      return { runs: sum('SampleCount'), milliseconds: sum('Sum') };
    };
    const calls = (): RecordedCall[] =>
      readFileSync(join(world().folder, 'calls.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RecordedCall);

    /** Puts the files without notifying of them, hands them to the function as one batch, and gives its milliseconds. */
    const run = async ({ files, envelopes = [] }: Batch): Promise<number> => {
      const bodies: object[] = [...envelopes];
      for (const records of files) {
        const key = keyOf(records[0]!.eventTime.slice(0, 10), records[0]!.recipientAccountId);
        await putFile(world(), key, records);
        bodies.push({ Records: [{ s3: { bucket: { name: trailBucket }, object: { key } } }] });
      }
      const Records = bodies.map((body, at) => ({ messageId: `cost-${at}`, body: JSON.stringify(body) }));
      const before = await durationsOf(name);
      const { FunctionError, Payload } = await world().hub.lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ Records }) }),
      );
      const answer = Buffer.from(Payload ?? []).toString();
      expect({ FunctionError, answer: JSON.parse(answer) }).toEqual({ answer: { batchItemFailures: [] } });
      const after = await durationsOf(name);
      expect(after.runs).toBe(before.runs + 1);
      return after.milliseconds - before.milliseconds;
    };

    const measured = async (batches: readonly Batch[]): Promise<Shape> => {
      const before = calls().length;
      const times: number[] = [];
      for (const batch of batches) times.push(await run(batch));
      times.sort((a, b) => a - b);
      const requests: Record<string, number> = {};
      for (const call of calls().slice(before)) {
        if (call.function !== name) continue;
        const of = `${call.service}:${call.operation}`;
        requests[of] = (requests[of] ?? 0) + 1;
      }
      const files = batches.flatMap((each) => each.files);
      return {
        runs: times.length,
        files: files.length,
        events: files.flat().length + batches.flatMap((each) => each.envelopes ?? []).length,
        milliseconds: { least: times[0]!, median: times[Math.floor(times.length / 2)]!, most: times.at(-1)! },
        requests,
      };
    };

    test('is measured in the deployed functions, and written down', async () => {
      setClock(world());
      const records = sampleDay();
      const batches = slotsOf(records);
      const shapes: Record<string, Shape> = {};
      await unnotified(world(), async () => {
        // What an identity uses for the first time is learned once; what follows is the usual day.
        for (let at = 0; at < 80; at += 20)
          await run({ files: batches.slice(at, at + 20).flatMap((each) => each.files) });
        await until('what is new to be scored', async () => (await world().ledger.unscored(1)).length === 0, 60);
        shapes['files as the sample organization writes them'] = await measured(batches.slice(80, 95));
        const files = largeFiles(batches.slice(95).flatMap((each) => each.files.flat()));
        shapes['25 files of 200 events'] = await measured([0, 25].map((at) => ({ files: files.slice(at, at + 25) })));
        const events = batches[94]!.files.flat().slice(0, 20);
        shapes['one event of the fast lane'] = await measured(
          events.map((detail) => ({ files: [], envelopes: [envelopeOf(detail)] })),
        );
      });
      const { Functions = [] } = await world().hub.lambda.send(new ListFunctionsCommand({ MaxItems: 1000 }));
      const functions: Record<string, Reported> = {};
      for (const { FunctionName = '' } of Functions)
        functions[FunctionName] = await reportedIn(world(), `/leastwise/${FunctionName.replace('leastwise-', '')}`);
      expect(functions[name]!.runs).toBeGreaterThan(0);
      const host = { cpu: cpus()[0]?.model, cpus: cpus().length, load: loadavg()[0] };
      const at = new Date().toISOString().slice(0, 10);
      writeFileSync(written, `${JSON.stringify({ at, host, shapes, functions }, null, 2)}\n`);
      for (const { milliseconds } of Object.values(shapes)) expect(milliseconds.least).toBeGreaterThan(0);
      for (const { files, requests } of Object.values(shapes)) {
        // The bill counts one GET a file, and none for an event of the fast lane.
        expect(requests['s3:GetObject'] ?? 0).toBe(files);
        // Rejections would be written: nothing was, and the ledger was.
        expect(requests['s3:PutObject']).toBeUndefined();
        expect(Object.keys(requests).some((call) => call.startsWith('dynamodb:'))).toBe(true);
      }
    }, 300_000);
  });
}

/** All runs of a function in the whole test. */
interface Reported {
  runs: number;
  milliseconds: { median: number; sum: number };
}

/** From the lines that Lambda ends a run with; our dependencies have no client of CloudWatch Logs. */
async function reportedIn({ endpoint }: World, logGroupName: string): Promise<Reported> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=${hub}/20260101/${region}/logs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ logGroupName, filterPattern: 'REPORT', limit: 10_000 }),
  });
  const { events = [] } = (await response.json()) as { events?: { message: string }[] };
  const times = events
    .flatMap(({ message }) => /\bDuration: ([\d.]+) ms/.exec(message)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const sum = times.reduce((total, each) => total + each, 0);
  return { runs: times.length, milliseconds: { median: times[Math.floor(times.length / 2)] ?? 0, sum } };
}

/** A working day of the organization that docs/cost.md counts with. */
function sampleDay(): readonly SampleRecord[] {
  const end = '2026-11-20T17:00:00Z' as Instant;
  return sampleOrganization({ seed: 1, end, profile: 'large' }).recordsOf('2026-11-19' as Day);
}

function grouped<T>(list: readonly T[], by: (each: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const each of list) {
    const others = groups.get(by(each));
    if (others) others.push(each);
    else groups.set(by(each), [each]);
  }
  return [...groups.values()];
}

const byAccount = (records: readonly SampleRecord[]): SampleRecord[][] =>
  grouped(records, ({ recipientAccountId }) => recipientAccountId);

/** What CloudTrail delivers in five minutes, an account a file; all of it is one batch. */
const slotsOf = (records: readonly SampleRecord[]): Batch[] =>
  grouped(records, ({ eventTime }) => Math.floor(secondsOf(eventTime) / 300)).map((slot) => ({
    files: byAccount(slot),
  }));

/** As a busy trail writes them: 200 events of one account each; what is left over is left out. */
const largeFiles = (records: readonly SampleRecord[]): SampleRecord[][] =>
  byAccount(records).flatMap((own) =>
    Array.from({ length: Math.floor(own.length / 200) }, (_, at) => own.slice(at * 200, at * 200 + 200)),
  );

/** As EventBridge hands it over. */
const envelopeOf = (detail: SampleRecord): object => ({
  version: '0',
  id: detail.eventID,
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.test',
  account: detail.recipientAccountId,
  time: detail.eventTime,
  region: detail.awsRegion,
  resources: [],
  detail,
});
