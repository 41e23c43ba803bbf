/** Writes rows to stdout, one a line, in the order of their UTF-8 bytes, equal rows once. */
export async function writeSorted(rows: Iterable<string>): Promise<void> {
  await writeLines([...new Set(rows)].sort(compareBytes));
}

/** Writes lines to stdout as they are, waiting where the reader is slow. */
export async function writeLines(lines: readonly string[]): Promise<void> {
  const atOnce = 1000;
  for (let i = 0; i < lines.length; i += atOnce) {
    await write(`${lines.slice(i, i + atOnce).join('\n')}\n`);
  }
}

/** JavaScript compares UTF-16 units, which differs from bytes beyond the basic plane. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const surrogate = /[\ud800-\udfff]/;

const write = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));

/** A table for people: columns as wide as their widest cell, at most `widest` characters. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], widest = 60): string[] {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => (cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell)),
  );
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
