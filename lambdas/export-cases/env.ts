import * as z from 'zod/mini';

/** What `export-cases` is told by the stack. Empty where an output is not wanted. */
export const env = z.object({
  DEAD_LETTERS_QUEUE_URL: z.string().check(z.minLength(1)),
  STATE_TABLE: z.string().check(z.minLength(1)),
  FINDINGS_BUCKET: z.string(),
  SECURITY_HUB_PARTITION: z.string(),
});

export type Env = z.infer<typeof env>;
