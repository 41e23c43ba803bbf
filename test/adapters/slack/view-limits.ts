import type { HomeView, InputBlock, ModalView, PlainTextOption } from '@slack/types';
import { refusedBySlack } from './limits.ts';

/** What Slack would refuse in a view; empty when it would take it. */
export function refusedInView(view: ModalView | HomeView): string[] {
  const inputs = view.blocks.filter((block): block is InputBlock => block.type === 'input');
  const others = view.blocks.filter(({ type }) => type !== 'input');
  const texts =
    view.type === 'modal' ? [view.title, view.submit, view.close].flatMap((it) => (it ? [it.text] : [])) : [];
  return [
    // A view takes a hundred blocks, a message half of it; the rest is the same.
    ...[others.slice(0, 50), others.slice(50)].flatMap((blocks) =>
      refusedBySlack({ text: 'x', blocks: blocks as never }),
    ),
    ...inputs.flatMap(inputFaults),
    ...texts.filter((text) => text.length === 0 || text.length > 24).map((text) => `title of ${text.length}`),
    ...(view.blocks.length > 100 ? ['more than 100 blocks'] : []),
    ...((view.private_metadata ?? '').length > 3000 ? ['too much metadata'] : []),
    ...(view.type === 'modal' && inputs.length > 0 && !view.submit ? ['inputs and nothing to send off'] : []),
    ...(JSON.stringify(view).length > 250_000 ? ['view_too_large'] : []),
  ];
}

function inputFaults({ label, element, block_id: id = '' }: InputBlock): string[] {
  const options: readonly PlainTextOption[] = [
    ...('options' in element ? ((element.options ?? []) as PlainTextOption[]) : []),
    ...('initial_options' in element ? ((element.initial_options ?? []) as PlainTextOption[]) : []),
  ];
  return [
    ...(label.text.length > 2000 ? ['label'] : []),
    ...(id.length > 255 ? ['block id'] : []),
    ...(options.length > 100 ? ['more than 100 options'] : []),
    ...options.flatMap(({ text, value = '' }) =>
      text.text.length === 0 || text.text.length > 75 || value.length === 0 || value.length > 150 ? ['option'] : [],
    ),
  ];
}
