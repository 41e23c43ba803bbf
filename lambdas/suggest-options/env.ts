import * as z from 'zod/mini';

/** What `suggest-options` is told by the stack. */
export const env = z.object({
  STATE_TABLE: z.string().check(z.minLength(1)),
  INVENTORY_BUCKET: z.string().check(z.minLength(1)),
  SLACK_SIGNING_SECRET: z.string().check(z.minLength(1)),
  SLACK_TOKEN_SECRET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
