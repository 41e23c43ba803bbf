import type { ComponentChild } from 'preact';

/** One formatting mark of Slack's mrkdwn that this page knows, tried in this order. */
const marks: readonly { pattern: RegExp; draw: (inner: string) => ComponentChild }[] = [
  { pattern: /```\n?([\s\S]*?)```/, draw: (inner) => <pre class={diffClass(inner)}>{diffLines(entities(inner))}</pre> },
  { pattern: /`([^`\n]+)`/, draw: (inner) => <code>{entities(inner)}</code> },
  { pattern: /<!date\^(\d+)\^[^|>]*\|([^>]*)>/, draw: (inner) => <time>{entities(inner)}</time> },
  { pattern: /<@([A-Z0-9]+)>/, draw: (inner) => <span class="mention">@{inner}</span> },
  { pattern: /(?<![\w*])\*([^*\n]+)\*(?![\w*])/, draw: (inner) => <strong>{inline(inner)}</strong> },
  { pattern: /(?<![\w_])_([^_\n]+)_(?![\w_])/, draw: (inner) => <em>{inline(inner)}</em> },
  { pattern: /(?<![\w~])~([^~\n]+)~(?![\w~])/, draw: (inner) => <s>{inline(inner)}</s> },
];

/** Text in Slack's mrkdwn as Slack would show it; unknown marks stay text. */
export function Mrkdwn({ text }: { text: string }) {
  return <span class="mrkdwn">{inline(text)}</span>;
}

function inline(text: string): ComponentChild[] {
  let first: { index: number; length: number; drawn: ComponentChild } | undefined;
  for (const { pattern, draw } of marks) {
    const match = pattern.exec(text);
    if (!match || (first && match.index >= first.index)) continue;
    first = { index: match.index, length: match[0].length, drawn: draw(match[2] ?? match[1] ?? '') };
  }
  if (!first) return lines(entities(text));
  return [
    ...lines(entities(text.slice(0, first.index))),
    first.drawn,
    ...inline(text.slice(first.index + first.length)),
  ];
}

const lines = (text: string): ComponentChild[] =>
  text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line]));

const entities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const diffClass = (text: string): string | undefined => (/^[-+] /m.test(text) ? 'diff' : undefined);

const diffLines = (text: string): ComponentChild[] =>
  text.split('\n').map((line, index) => (
    <span key={index} class={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same'}>
      {line}
      {'\n'}
    </span>
  ));
