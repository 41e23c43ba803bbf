import * as z from 'zod/mini';
import { setMeant } from '../../core/changes/lending-set.ts';
import { type FormField, faultsIn, type LoanForm } from '../../core/leases/form.ts';
import { listOf } from './command.ts';

/** The form's blocks, by what is filled in there. `more` takes what no select can offer, one a line. */
export const formBlocks = {
  carrier: 'carrier',
  actions: 'actions',
  resources: 'resources',
  more: 'more',
  duration: 'duration',
  reason: 'reason',
} as const;
type Block = keyof typeof formBlocks;

/** The element of each block; every select of ours that loads its options has this id. */
export const formElement = 'leastwise:field';

const option = z.nullish(z.object({ value: z.string() }));
const element = z.object({
  selected_option: option,
  selected_options: z.optional(z.array(z.object({ value: z.string() }))),
  value: z.nullish(z.string()),
});
const state = z.record(z.string(), z.record(z.string(), element));

/** What somebody filled in. */
export interface FilledForm extends LoanForm {
  target: string | null;
  /** Of the resources those that were typed. */
  typed: readonly string[];
}

/** Reads a form's state as Slack sends it; undefined where it is none. */
export function readForm(values: unknown): FilledForm | undefined {
  const { data } = z.safeParse(state, values);
  if (data === undefined) return undefined;
  const of = (block: Block) => data[block]?.[formElement];
  const chosen = (block: Block) => of(block)?.selected_options?.map(({ value }) => value) ?? [];
  const typed = listOf(of('more')?.value ?? '');
  return {
    target: of('carrier')?.selected_option?.value ?? null,
    actions: chosen('actions'),
    resources: [...new Set([...chosen('resources'), ...typed])],
    typed,
    duration: Number(of('duration')?.selected_option?.value ?? 0),
    reason: (of('reason')?.value ?? '').trim(),
  };
}

/** Of a permission set nothing is lent by name. */
const judged = (form: FilledForm): LoanForm =>
  setMeant(form.target ?? '') === undefined ? form : { ...form, actions: ['s3:GetObject'], resources: ['*'] };

/** What Slack shows at each block that something is wrong in; undefined: nothing is, as far as the form itself tells. */
export function formFaults(form: FilledForm, limits: { maxHours: number }): Partial<Record<Block, string>> | undefined {
  const { resources, ...rest }: Partial<Record<FormField, string>> = faultsIn(judged(form), limits);
  const inTyped = form.typed.length > 0 && faultsIn({ ...form, resources: form.typed }, limits).resources;
  const faults: Partial<Record<Block, string>> = {
    ...(form.target === null && { carrier: 'Something has to carry the access.' }),
    ...rest,
    ...(inTyped ? { more: inTyped } : resources && { resources }),
  };
  return Object.keys(faults).length === 0 ? undefined : faults;
}
