import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface Secret {
  client: SecretsManagerClient;
  /** ARN. */
  id: string;
  /** Milliseconds, as Date.now gives them. */
  now(): number;
}

/** A rotated secret counts after five minutes at the latest. */
const longest = 300_000;

/** Reads the secret's text, and again only once it is five minutes old. An empty secret is a fault: it would match all. */
export function secretReader({ client, id, now }: Secret): () => Promise<string> {
  let known: { text: string; readAt: number } | undefined;
  return async () => {
    if (known && now() - known.readAt < longest) return known.text;
    const readAt = now();
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    if (!SecretString) throw new Error(`the secret ${id} is empty`);
    known = { text: SecretString, readAt };
    return SecretString;
  };
}
