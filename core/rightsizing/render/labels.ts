/** Gives names that hold only what a language allows, none of them twice. */
export function labels(others: RegExp, instead: string): (text: string) => string {
  const given = new Set<string>();
  return (text) => {
    const plain = text.replace(others, instead).replace(/^(?=\d)/, 'p') || 'policy';
    let label = plain;
    for (let number = 2; given.has(label); number += 1) label = `${plain}${number}`;
    given.add(label);
    return label;
  };
}
