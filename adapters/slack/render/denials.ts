import type { KnownBlock, ModalView } from '@slack/types';
import type { DenialsView } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { formTitle, viewLimits } from './form.ts';
import { type Look, shortName } from './names.ts';
import { code, context, plain, prose, section } from './text.ts';

/** What somebody was denied, each with a way to ask for it, or why there is none. */
export const renderDenials =
  (look: Look) =>
  ({ denials }: DenialsView, proof: string): ModalView => ({
    type: 'modal',
    private_metadata: proof,
    title: formTitle,
    close: plain('Close', viewLimits.title),
    blocks: [
      section('*What you were denied*, newest first, by what the trail told so far.'),
      ...denials.flatMap((denial) => denialBlocks(look, denial)),
    ],
  });

/** Two blocks each: the call, and the button or why there is none. */
function denialBlocks(look: Look, { call, why, obstacle }: DenialsView['denials'][number]): KnownBlock[] {
  const { id, action, resource, principal, last } = call;
  const line = section(
    `${code(action, 150)} on ${code(resource, 400)}`,
    `as ${code(shortName(principal), 100)}, ${last}`,
  );
  if (obstacle !== null) return [line, context(prose(obstacle))];
  const ask = button(look.nonceKey, 'form:denial', { id, digest: '', version: 1 }, { text: 'Request this' });
  return [{ ...line, accessory: ask } as KnownBlock, context(prose(why))];
}
