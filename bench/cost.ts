/** List prices in US dollars, US East (N. Virginia), without free tiers and discounts; docs/cost.md names each page and date. */
export const prices = {
  /** A million events delivered to another account's bus. */
  eventBridgeCrossAccount: 1.0,
  /** A million requests. */
  sqs: 0.4,
  s3Get: 0.4,
  lambdaRequest: 0.2,
  dynamoWrite: 0.625,
  dynamoRead: 0.125,
  /** A GB-second on Arm. */
  lambdaSecond: 0.0000133334,
  kmsKey: 1.0,
  secret: 0.4,
  alarm: 0.1,
} as const;

/** What others take, for comparison. */
export const others = {
  /** A million management events, first tier. */
  guardDuty: 4.0,
  /** A million events analysed, one type of insight. */
  insights: 3.5,
  /** An IAM role or user a month, unused access. */
  accessAnalyzer: 0.2,
} as const;

/** What was measured of one mix of events. */
export interface Mix {
  /** Events in a file of the trail, on average. */
  eventsPerFile: number;
  /** Files that one run of the function works on, on average. */
  filesPerBatch: number;
  /** Share of the trail's events that takes the fast lane. */
  fastShare: number;
  /** DynamoDB write units a 1,000 events: rows of the ledger, and all others (lineage, coverage, detection). */
  ledgerUnits: number;
  otherUnits: number;
  /** What digests add: trust that rises. */
  digestUnits: number;
  /** Milliseconds of a run of `record-usage` on one batch of files, warm; and on one event of the fast lane. */
  runMilliseconds: number;
  fastRunMilliseconds: number;
}

/** One line of the bill, in dollars a million events of the trail. */
export interface Line {
  what: string;
  full: number;
  digests: number;
  fast: number;
}

/** Sent, received in tens and deleted in tens. */
const requestsPerMessage = 1.2;
/** Of `record-usage`: one vCPU. */
const memoryGb = 1769 / 1024;
/** Events of the fast lane are gathered for two seconds: at this mix few come together. */
const eventsPerRun = 1;

/**
 * The bill by line: the full lane, what digests add to it (every file is read again, and an entry is written once more
 * when its trust rises), and the fast lane beside it, whose events are in the ledger already when their file comes, or
 * the other way round, so that it adds no rows.
 */
export function linesOf(mix: Mix): readonly Line[] {
  const files = 1_000_000 / mix.eventsPerFile;
  const fastEvents = 1_000_000 * mix.fastShare;
  const million = (count: number, price: number) => (count / 1_000_000) * price;
  const running = (count: number, milliseconds: number) =>
    million(count, prices.lambdaRequest) + (count * milliseconds * memoryGb * prices.lambdaSecond) / 1000;
  const units = (perThousand: number) => million(perThousand * 1000, prices.dynamoWrite);
  const reads = (perThousand: number) => million(perThousand * 1000, prices.dynamoRead);
  return [
    {
      what: 'EventBridge, across accounts',
      full: 0,
      digests: 0,
      fast: million(fastEvents, prices.eventBridgeCrossAccount),
    },
    {
      what: 'SQS',
      full: million(files * requestsPerMessage, prices.sqs),
      digests: 0,
      fast: million(fastEvents * requestsPerMessage, prices.sqs),
    },
    { what: 'S3, one GET a file', full: million(files, prices.s3Get), digests: million(files, prices.s3Get), fast: 0 },
    {
      what: 'DynamoDB writes',
      full: units(mix.ledgerUnits + mix.otherUnits),
      digests: units(mix.digestUnits),
      fast: 0,
    },
    { what: 'DynamoDB reads, one a write', full: reads(mix.ledgerUnits), digests: reads(mix.digestUnits), fast: 0 },
    {
      what: 'Lambda',
      full: running(files / mix.filesPerBatch, mix.runMilliseconds),
      // The files that a digest names are read and folded once more.
      digests: running(files / mix.filesPerBatch, mix.runMilliseconds),
      fast: running(fastEvents / eventsPerRun, mix.fastRunMilliseconds),
    },
  ];
}

/** What every 100 ms that a run of the full lane takes longer than on the emulators adds a million events. */
export const perWaited = (mix: Mix): number =>
  (1_000_000 / mix.eventsPerFile / mix.filesPerBatch) * 0.1 * memoryGb * prices.lambdaSecond;

/** Dollars a million events of the trail, by lane. */
export function perMillion(mix: Mix): { full: number; validated: number; both: number } {
  const sum = (pick: (line: Line) => number) => linesOf(mix).reduce((total, line) => total + pick(line), 0);
  const full = sum((line) => line.full);
  const validated = full + sum((line) => line.digests);
  return { full, validated, both: validated + sum((line) => line.fast) };
}

/** What a deployment has of what is paid by the month; a test compares it with the synthesized stack. */
export const kept = { keys: 3, secrets: 4, alarms: 70 };

/** What a deployment costs in a month in which nothing happens. */
export const standing = kept.keys * prices.kmsKey + kept.secrets * prices.secret + kept.alarms * prices.alarm;

/**
 * The sample organization (`large`, seed 1): write units, files and rate by `npm run bench`, share by
 * `leastwise fast-lane` over ten days, units of digests over twenty (17.1 a 1,000 events without, 18.6 with hourly digests
 * of each account); 2026-11-22, on a shared machine. Milliseconds: in the deployed function on emulators, the least of its runs
 * (`npm run test:e2e` writes them to .local/e2e-cost.json).
 */
export const sampleMix: Mix = {
  eventsPerFile: 13.2,
  filesPerBatch: 4.9,
  fastShare: 0.0926,
  ledgerUnits: 16.7,
  otherUnits: 11.5,
  digestUnits: 1.5,
  runMilliseconds: 119,
  fastRunMilliseconds: 15,
};

/** A busy trail, as far as it differs. */
const busyMix: Mix = { ...sampleMix, eventsPerFile: 200, filesPerBatch: 25, runMilliseconds: 2764 };

const dollars = (amount: number): string => {
  if (amount >= 100) return `$${Math.round(amount).toLocaleString('en-US')}`;
  return `$${amount.toFixed(amount >= 1 ? 2 : 4)}`;
};

/** A Markdown table as the formatter leaves it: the first column to the left, amounts to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head, ...body] = rows;
  return [line(head!), line(rule), ...body.map(line)].join('\n');
}

/** The bill a million events as a Markdown table. */
export function lineTable(mix: Mix): string {
  const lines = linesOf(mix);
  const sums = lines.reduce(
    (sum, { full, digests, fast }) => ({
      full: sum.full + full,
      digests: sum.digests + digests,
      fast: sum.fast + fast,
    }),
    { full: 0, digests: 0, fast: 0 },
  );
  const cells = (line: { full: number; digests: number; fast: number }) =>
    [line.full, line.digests, line.fast].map((amount) => (amount === 0 ? '' : dollars(amount)));
  return aligned([
    ['a million events of the trail', 'full lane', 'digests add', 'fast lane adds'],
    ...lines.map((line) => [line.what, ...cells(line)]),
    ['**together**', ...cells(sums)],
  ]);
}

/** The bill a month as a Markdown table. */
export function monthTable(mix: Mix): string {
  const { full, validated, both } = perMillion(mix);
  const volumes = [1, 100, 10_000];
  const of = (each: number) => volumes.map((millions) => dollars(millions * each + standing));
  const flat = (each: number) => volumes.map((millions) => dollars(millions * each));
  return aligned([
    ['a month', '1 million events', '100 million', '10 billion'],
    ['full lane', ...of(full)],
    ['full lane, digests verified', ...of(validated)],
    ['both lanes, digests verified', ...of(both)],
    ['GuardDuty, management events at the first tier', ...flat(others.guardDuty)],
    ['CloudTrail Insights, one type', ...flat(others.insights)],
  ]);
}

/** A page with the tables between its marks written anew. */
export function withTables(page: string): string {
  const tables: Readonly<Record<string, string>> = {
    lines: lineTable(sampleMix),
    'lines of large files': lineTable(busyMix),
    months: monthTable(sampleMix),
    waited: `${dollars(perWaited(sampleMix))} a million events at the sample organization's mix, ${dollars(perWaited(busyMix))} with large files`,
  };
  return Object.entries(tables).reduce((text, [name, table]) => {
    const marked = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end -->)`);
    if (!marked.test(text)) throw new Error(`the page has no place for: ${name}`);
    return text.replace(marked, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
  }, page);
}
