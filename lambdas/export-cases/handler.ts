import * as z from 'zod/mini';
import { type ExportCaseDeps, exportCase } from '../../usecases/export-case.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps extends ExportCaseDeps, EachMessageDeps {}

/** A domain event of a case as EventBridge wraps it; the store says what the case is now. */
const envelope = z.object({
  detail: z.object({ aggregate: z.object({ type: z.literal('case'), id: z.string().check(z.minLength(1)) }) }),
});

/** Tells each event's case to whoever collects findings. */
export const exportCasesHandler = (deps: Deps) =>
  eachMessage(
    deps,
    'an event of a case',
    (body) => z.safeParse(envelope, body).data?.detail.aggregate.id,
  )(exportCase(deps));
