import * as z from 'zod/mini';

/** What `watch-trials` is told by the stack. */
export const env = z.object({
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  STATE_TABLE: z.string().check(z.minLength(1)),
  INVENTORY_BUCKET: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
