import * as z from 'zod/mini';
import type { OptionsQuestion } from '../../usecases/ports/slack-surfaces.ts';
import { readForm } from './form-values.ts';
import { json, teamOfUser } from './origin.ts';

const suggestion = z.object({
  type: z.literal('block_suggestion'),
  user: z.object({ id: z.string(), team_id: z.string() }),
  team: z.nullish(z.object({ id: z.string() })),
  block_id: z.enum(['carrier', 'actions', 'resources']),
  value: z._default(z.string(), ''),
  view: z.object({ type: z.literal('modal'), state: z.optional(z.object({ values: z.unknown() })) }),
});

/** Nobody types more into a select. */
const longestTyped = 500;

/** Reads what somebody types into a select of our form; undefined for anything else. */
export function readSuggestion(body: string): OptionsQuestion | undefined {
  const { data } = z.safeParse(suggestion, json(new URLSearchParams(body).get('payload') ?? ''));
  if (data === undefined) return undefined;
  const filled = readForm(data.view.state?.values ?? {});
  return {
    from: { team: teamOfUser(data.user.team_id, data.team?.id), user: data.user.id },
    field: data.block_id,
    typed: data.value.slice(0, longestTyped),
    carrier: filled?.target ?? null,
    actions: filled?.actions ?? [],
  };
}
