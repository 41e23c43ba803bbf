import * as z from 'zod/mini';

/** What `take-inventory` is told by the stack. */
export const env = z.object({
  INVENTORY_BUCKET: z.string().check(z.minLength(1)),
  INVENTORY_QUEUE_URL: z.string().check(z.minLength(1)),
  MEMBER_ROLE: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
