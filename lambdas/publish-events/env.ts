import * as z from 'zod/mini';

/** What `publish-events` is told by the stack. */
export const env = z.object({
  STATE_TABLE: z.string().check(z.minLength(1)),
  EVENT_BUS: z.string().check(z.minLength(1)),
  AUDIT_BUCKET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
