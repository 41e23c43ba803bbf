import * as z from 'zod/mini';

/** What `detect-anomaly` is told by the stack. */
export const env = z.object({
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  STATE_TABLE: z.string().check(z.minLength(1)),
  /** Weights that are not the model's own, as JSON. */
  WEIGHTS: z.string().check(z.minLength(2)),
});

export type Env = z.infer<typeof env>;
