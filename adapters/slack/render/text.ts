import type { KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/types';

/** Slack's limits in characters; it refuses the whole message when one is passed. */
export const limits = {
  blocks: 50,
  header: 150,
  section: 3000,
  field: 2000,
  buttonText: 75,
  buttonValue: 2000,
  fallback: 3000,
  fields: 10,
  actions: 25,
} as const;

/**
 * Control, format (bidi overrides, zero-width, tags), surrogate, private-use and separator characters, and letters
 * that are drawn as nothing.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{2800}\u{3164}\u{FFA0}]/gu;

/** One line in which nothing is hidden: whatever cannot be seen, or turns the direction of reading, becomes `�`. */
const visible = (value: string): string => value.replace(invisible, '\u{FFFD}');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack reads `<…>` as a mention or a link; cut to `max` UTF-16 units after escaping, never inside a character. */
function escaped(text: string, max: number = limits.section): string {
  return shorten(
    Array.from(text, (character) => entities[character] ?? character),
    max,
  );
}

/** At most `max` UTF-16 units, never half a character; `…` shows that something is missing. */
export const cut = (text: string, max: number): string => shorten(Array.from(text), max);

function shorten(pieces: readonly string[], max: number): string {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= max) return pieces.join('');
  let kept = '';
  for (const piece of pieces) {
    if (kept.length + piece.length > max - 1) break;
    kept += piece;
  }
  return `${kept}…`;
}

/** A value somebody else chose, in mrkdwn: shown as code, without mentions, links or formatting. */
export function code(value: string, max = 200): string {
  const shown = visible(value).replaceAll('`', 'ˋ').trim();
  return shown === '' ? '_empty_' : `\`${escaped(shown, max)}\``;
}

/** A text somebody else had a hand in, as prose in mrkdwn: formatting characters lose their meaning. */
export function prose(value: string, max = 600): string {
  const flat = visible(value).replaceAll('`', 'ˋ').replaceAll('*', '∗').replaceAll('~', '∼');
  return escaped(flat.replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ'), max);
}

/** Slack formats nothing in plain text; angle brackets are replaced all the same. */
const unbracketed = (value: string): string => visible(value).replaceAll('<', '‹').replaceAll('>', '›');

/** A `plain_text` element; Slack refuses an empty one. */
export const plain = (value: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: cut(unbracketed(value), max).trim() || '–',
  emoji: false,
});

/** `verbatim` keeps Slack from turning names and addresses inside the text into links. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text: text || '–', verbatim: true });

/** As many lines as there is room for, and how many more there are. */
export function fitted(lines: readonly string[], max: number, more = (n: number) => `… and ${n} more`): string {
  const kept: string[] = [];
  let length = 0;
  for (const [index, line] of lines.entries()) {
    const rest = lines.length - index - 1;
    const reserve = rest === 0 ? 0 : more(rest + 1).length + 1;
    if (length + line.length + 1 + reserve > max) return [...kept, more(rest + 1)].join('\n');
    kept.push(line);
    length += line.length + 1;
  }
  return kept.join('\n');
}

export const header = (text: string): KnownBlock => ({ type: 'header', text: plain(text, limits.header) });

/** Lines must be safe mrkdwn already, each well below the limit. */
export const section = (...lines: readonly string[]): KnownBlock => ({
  type: 'section',
  text: mrkdwn(fitted(lines, limits.section)),
});

/** Prose with values in it that anybody may have chosen. */
export const plainSection = (lines: readonly string[], max: number = limits.section): KnownBlock => ({
  type: 'section',
  text: { type: 'plain_text', text: fitted(lines.map(unbracketed), max) || '–', emoji: false },
});

export const fields = (pairs: readonly (readonly [string, string])[]): KnownBlock => ({
  type: 'section',
  fields: pairs.slice(0, limits.fields).map(([name, text]) => mrkdwn(`*${name}*\n${text}`)),
});

export const context = (...lines: readonly string[]): KnownBlock => ({
  type: 'context',
  elements: [mrkdwn(fitted(lines, limits.field))],
});

/** Lines as Slack shows a file: fixed width, formatting off. */
export const listing = (lines: readonly string[], max: number): KnownBlock =>
  section(
    `\`\`\`${fitted(
      lines.map((line) => escaped(visible(line).replaceAll('`', 'ˋ'), 300)),
      max,
    )}\`\`\``,
  );
