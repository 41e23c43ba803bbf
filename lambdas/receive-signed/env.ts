import * as z from 'zod/mini';

/** What `receive-signed` is told by the stack. */
export const env = z.object({
  STATE_TABLE: z.string().check(z.minLength(1)),
  INBOX_QUEUE_URL: z.string().check(z.minLength(1)),
  BUTTON_KEY_SECRET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
