import * as z from 'zod/mini';

/** What `seal-audit` is told by the stack. */
export const env = z.object({
  AUDIT_BUCKET: z.string().check(z.minLength(1)),
  /** ARN of the key that signs manifests and nothing else. */
  AUDIT_KEY: z.string().check(z.minLength(1)),
});

export type Env = z.infer<typeof env>;
