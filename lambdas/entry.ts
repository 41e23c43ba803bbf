import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';

/** What every function can tell the outside: structured logs, and metrics in the namespace Leastwise. */
export interface Tools {
  logger: Logger;
  /** Adds to a count of this invocation. */
  count(metric: string, by?: number): void;
  /** Reports a value; of several in one invocation CloudWatch keeps the statistics. */
  measure(metric: string, value: number, unit?: (typeof MetricUnit)[keyof typeof MetricUnit]): void;
}

/**
 * A Lambda entry: reads the environment once by its schema, wires the handler, and logs a fault once before the platform
 * retries. The event itself is never logged: it may hold what nobody should read in a log.
 */
export function entry<Schema extends z.ZodMiniType<Record<string, string>>, Event, Answer>(
  schema: Schema,
  wire: (environment: z.infer<Schema>, tools: Tools) => (event: Event) => Promise<Answer>,
) {
  const logger = new Logger();
  const metrics = new Metrics();
  const handler = wire(environmentOf(schema), {
    logger,
    count: (metric, by = 1) => metrics.addMetric(metric, MetricUnit.Count, by),
    measure: (metric, value, unit = MetricUnit.Count) => metrics.addMetric(metric, unit, value),
  });
  return middy<Event, Answer, Error, Context>()
    .use(injectLambdaContext(logger, { logEvent: false }))
    .use(logMetrics(metrics))
    .use({
      onError: ({ error }) => {
        logger.error('failed', error as Error);
      },
    })
    .handler((event) => handler(event));
}

/** The environment by its schema; names every variable that is missing. */
export function environmentOf<Schema extends z.ZodMiniType>(schema: Schema, variables = process.env): z.infer<Schema> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`Environment variables missing or empty: ${names.join(', ')}`);
}
