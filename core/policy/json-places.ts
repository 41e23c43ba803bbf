/** A JSON value with its place in the text: `text.slice(start, end)` is its source. */
export type Placed =
  | { kind: 'object'; start: number; end: number; members: readonly { key: string; value: Placed }[] }
  | { kind: 'array'; start: number; end: number; items: readonly Placed[] }
  | { kind: 'scalar'; start: number; end: number; value: string | number | boolean | null };

/** Deeper nesting than any policy has; keeps the reading from exhausting the stack. */
const deepest = 64;

/** Reads JSON with places, so that a text can be edited and everything else in it stay byte for byte. Throws as JSON.parse does. */
export function readPlaced(text: string): Placed {
  JSON.parse(text);
  return valueAt(text, skipSpace(text, 0), 0);
}

// From here on the text is known to be JSON, so that only the structure is looked for.

function valueAt(text: string, start: number, depth: number): Placed {
  if (depth > deepest) throw new SyntaxError(`JSON is nested deeper than ${deepest} levels`);
  if (text[start] === '{') return objectAt(text, start, depth);
  if (text[start] === '[') return arrayAt(text, start, depth);
  const end = text[start] === '"' ? stringEnd(text, start) : wordEnd(text, start);
  return { kind: 'scalar', start, end, value: JSON.parse(text.slice(start, end)) };
}

function objectAt(text: string, start: number, depth: number): Placed {
  const members: { key: string; value: Placed }[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== '}') {
    const keyEnd = stringEnd(text, at);
    const value = valueAt(text, skipSpace(text, skipSpace(text, keyEnd) + 1), depth + 1);
    members.push({ key: JSON.parse(text.slice(at, keyEnd)), value });
    at = afterComma(text, value.end);
  }
  return { kind: 'object', start, end: at + 1, members };
}

function arrayAt(text: string, start: number, depth: number): Placed {
  const items: Placed[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== ']') {
    const item = valueAt(text, at, depth + 1);
    items.push(item);
    at = afterComma(text, item.end);
  }
  return { kind: 'array', start, end: at + 1, items };
}

function afterComma(text: string, end: number): number {
  const at = skipSpace(text, end);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',]} \t\r\n'.includes(text[at] as string)) at += 1;
  return at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}
