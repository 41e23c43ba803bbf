import * as z from 'zod/mini';

/** What `resume-changes` is told by the stack. MEMBER_ROLE can do KIND and nothing else. */
export const env = z.object({
  KIND: z.enum(['quarantine', 'rightsizing']),
  STATE_TABLE: z.string().check(z.minLength(1)),
  SIGNING_KEY: z.string().check(z.minLength(1)),
  MEMBER_ROLE: z.string().check(z.minLength(1)),
  SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  SCHEDULE_ROLE: z.string().check(z.minLength(1)),
  REVOKE_QUEUE_ARN: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
