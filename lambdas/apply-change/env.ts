import * as z from 'zod/mini';

/** What `apply-change` is told by the stack. MEMBER_ROLE is the one role its execution role may assume. */
export const env = z.object({
  DEAD_LETTERS_QUEUE_URL: z.string().check(z.minLength(1)),
  STATE_TABLE: z.string().check(z.minLength(1)),
  SIGNING_KEY: z.string().check(z.minLength(1)),
  MEMBER_ROLE: z.string().check(z.minLength(1)),
  SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  SCHEDULE_ROLE: z.string().check(z.minLength(1)),
  REVOKE_QUEUE_ARN: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
