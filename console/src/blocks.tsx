import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { Mrkdwn } from './mrkdwn.tsx';

/** What happens when somebody presses a button: its action id and its opaque value. */
export type Press = (actionId: string, value: string) => void;

/** The blocks of a message, drawn as Slack draws them. What this page cannot draw says so, and is never left out. */
export function Blocks({ blocks, press, busy }: { blocks: readonly KnownBlock[]; press: Press; busy: boolean }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <BlockView key={block.block_id ?? index} block={block} press={press} busy={busy} />
      ))}
    </div>
  );
}

function BlockView({ block, press, busy }: { block: KnownBlock; press: Press; busy: boolean }) {
  switch (block.type) {
    case 'header':
      return <HeaderView block={block} />;
    case 'section':
      return <SectionView block={block} press={press} busy={busy} />;
    case 'context':
      return <ContextView block={block} />;
    case 'actions':
      return <ActionsView block={block} press={press} busy={busy} />;
    case 'image':
      return <ImageView block={block} />;
    case 'divider':
      return <hr />;
    default:
      return <p class="not-drawn">A block of the type “{block.type}”, which this page does not draw.</p>;
  }
}

const HeaderView = ({ block }: { block: HeaderBlock }) => <h3>{block.text.text}</h3>;

function SectionView({ block, press, busy }: { block: SectionBlock; press: Press; busy: boolean }) {
  return (
    <div class="section">
      {block.text && (
        <p>
          <Text text={block.text} />
        </p>
      )}
      {block.fields && (
        <div class="fields">
          {block.fields.map((field) => (
            <p key={field.text}>
              <Text text={field} />
            </p>
          ))}
        </div>
      )}
      {block.accessory?.type === 'button' && <ButtonView button={block.accessory} press={press} busy={busy} />}
    </div>
  );
}

const ContextView = ({ block }: { block: ContextBlock }) => (
  <div class="context">
    {block.elements.map((element, index) =>
      element.type === 'image' ? (
        <img key={element.alt_text} alt={element.alt_text} src={'image_url' in element ? element.image_url : ''} />
      ) : (
        <Text key={index} text={element} />
      ),
    )}
  </div>
);

const ActionsView = ({ block, press, busy }: { block: ActionsBlock; press: Press; busy: boolean }) => (
  <div class="actions">
    {block.elements.map((element, index) =>
      element.type === 'button' ? (
        <ButtonView key={element.action_id ?? index} button={element} press={press} busy={busy} />
      ) : (
        <span key={element.action_id ?? index} class="not-drawn">
          An element of the type “{element.type}”, which this page does not draw.
        </span>
      ),
    )}
  </div>
);

const ImageView = ({ block }: { block: ImageBlock }) => (
  <img alt={block.alt_text} src={'image_url' in block ? block.image_url : ''} />
);

const ButtonView = ({ button, press, busy }: { button: Button; press: Press; busy: boolean }) => (
  <button
    type="button"
    class={button.style ?? 'plain'}
    disabled={busy}
    data-action={button.action_id}
    onClick={() => press(button.action_id ?? '', button.value ?? '')}
  >
    {button.text.text}
  </button>
);

const Text = ({ text }: { text: PlainTextElement | MrkdwnElement }) =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <span class="plain">{text.text}</span>;
