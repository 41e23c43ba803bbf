import * as z from 'zod/mini';

const envelope = z.object({
  detail: z.object({ aggregate: z.object({ type: z.literal('change'), id: z.string().check(z.minLength(1)) }) }),
});

/** The id of the change that a domain event in its EventBridge envelope tells of; the store says the rest. */
export const changeOf = (body: unknown): string | undefined => z.safeParse(envelope, body).data?.detail.aggregate.id;
