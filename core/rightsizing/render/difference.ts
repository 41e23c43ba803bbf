/** A policy before and after, line by line: `-` what goes, `+` what comes, a space what stays. */
export function differenceOf(before: string | null, after: string | null): string {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const common = commonLengths(old, fresh);
  const width = fresh.length + 1;
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const goes = common[(i + 1) * width + j] ?? -1;
    const comes = j < fresh.length ? (common[i * width + j + 1] as number) : -1;
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push(`  ${old[i]}`);
      i += 1;
      j += 1;
    } else if (i < old.length && goes >= comes) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${fresh[j]}`);
      j += 1;
    }
  }
  return lines.join('\n');
}

/** Commas come and go with the last of a list, and say nothing. */
const linesOf = (text: string | null): string[] =>
  text === null
    ? []
    : JSON.stringify(JSON.parse(text), null, 2)
        .split('\n')
        .map((line) => line.replace(/,$/, ''));

/** At `i * width + j`, how many lines the rests from i and from j have in common, in order. */
function commonLengths(old: readonly string[], fresh: readonly string[]): Uint16Array {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === fresh[j]
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  return lengths;
}
