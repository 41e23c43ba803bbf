import * as z from 'zod/mini';

/** What `receive-slack` is told by the stack. */
export const env = z.object({
  STATE_TABLE: z.string().check(z.minLength(1)),
  INBOX_QUEUE_URL: z.string().check(z.minLength(1)),
  SLACK_SIGNING_SECRET: z.string().check(z.minLength(1)),
  /** Opens forms, which cannot wait for the queue. */
  SLACK_TOKEN_SECRET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
