import * as z from 'zod/mini';

/** What `handle-slack` is told by the stack. */
export const env = z.object({
  DEAD_LETTERS_QUEUE_URL: z.string().check(z.minLength(1)),
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  STATE_TABLE: z.string().check(z.minLength(1)),
  MEMBER_ROLE: z.string().check(z.minLength(1)),
  SIGNING_KEY: z.string().check(z.minLength(1)),
  BUTTON_KEY_SECRET: z.string().check(z.minLength(1)),
  SLACK_TOKEN_SECRET: z.string().check(z.minLength(1)),
  /** Where terminals send what they signed. */
  SIGNED_URL: z.string().check(z.minLength(1)),
  INVENTORY_BUCKET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
