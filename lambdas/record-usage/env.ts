import * as z from 'zod/mini';

/** What `record-usage` is told by the stack. */
export const env = z.object({
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  SET_KEY_SECRET: z.string().check(z.minLength(1)),
  REJECTIONS_BUCKET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
