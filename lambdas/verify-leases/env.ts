import * as z from 'zod/mini';

/** What `verify-leases` is told by the stack. */
export const env = z.object({
  STATE_TABLE: z.string().check(z.minLength(1)),
  LEDGER_TABLE: z.string().check(z.minLength(1)),
  INVENTORY_BUCKET: z.string().check(z.minLength(1)),
  MEMBER_ROLE: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
