import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { recorded } from '../aws/recorder.ts';

/** What every store here is given. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
  backoff: Backoff;
}

/** How a store waits between attempts; injected, so that tests neither sleep nor roll dice. */
export interface Backoff {
  wait(milliseconds: number): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

/** A client that leaves undefined fields out. Throttles are retried by the SDK itself, with its own backoff. */
export const documentClient = (configuration: DynamoDBClientConfig = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(recorded(new DynamoDBClient({ maxAttempts: 6, ...configuration })), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** Real time and real dice. */
export const realBackoff: Backoff = {
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};
