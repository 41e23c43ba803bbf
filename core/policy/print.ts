import type { Placed } from './json-places.ts';
import type { PolicyDocument } from './statement.ts';

/** Which action patterns go, by statement index and place in its list. */
export type Cuts = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * The policy's text without these action patterns; everything else stays byte for byte. A statement that loses all its
 * actions goes; null when none is left.
 */
export function printWithout(document: PolicyDocument, cuts: Cuts): string | null {
  const emptied = new Set<number>();
  const gaps: Gap[] = [];
  for (const statement of document.statements) {
    const gone = cuts.get(statement.index);
    if (!gone || gone.size === 0) continue;
    if (gone.size === statement.actions.patterns.length) emptied.add(statement.index);
    else gaps.push(...gapsIn(statement.actionsAt, gone));
  }
  if (emptied.size > 0 && emptied.size === document.statements.length) return null;
  gaps.push(...gapsIn(document.statementsAt, emptied));
  return cutOut(document.text, gaps);
}

interface Gap {
  start: number;
  end: number;
}

/** An item goes with the comma before it, or, where nothing before it stays, with the comma behind it. */
function gapsIn(list: Placed, gone: ReadonlySet<number>): Gap[] {
  if (gone.size === 0 || list.kind !== 'array') return [];
  const gaps: Gap[] = [];
  let kept: Placed | undefined;
  for (const [index, item] of list.items.entries()) {
    if (!gone.has(index)) {
      if (!kept && index > 0) gaps.push({ start: (list.items[0] as Placed).start, end: item.start });
      kept = item;
    } else if (kept) {
      gaps.push({ start: (list.items[index - 1] as Placed).end, end: item.end });
    }
  }
  return gaps;
}

function cutOut(text: string, gaps: readonly Gap[]): string {
  const ordered = [...gaps].sort((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map((gap) => gap.end)];
  const ends = [...ordered.map((gap) => gap.start), text.length];
  return starts.map((start, index) => text.slice(start, ends[index])).join('');
}
