/** Something that is not as it was written: which chain, where in it, and what. */
export interface AuditFinding {
  finding: 'changed' | 'missing' | 'reordered' | 'cut-off' | 'unsigned' | 'signature-invalid';
  /** `TYPE/ID`, or `manifests`. */
  aggregate: string;
  sequence: number;
  detail: string;
}

/** What is not there below the highest place; as stretches, since a forged place may be as high as it likes. */
export function gaps(places: readonly number[]): { from: number; to: number }[] {
  return places.flatMap((place, index) => {
    const from = (index === 0 ? 0 : places[index - 1]!) + 1;
    return place > from ? [{ from, to: place - 1 }] : [];
  });
}

/** `event 3 is`, `events 3 to 5 are`. */
export const subjectOf = (noun: string, from: number, to: number): string =>
  from === to ? `${noun} ${from} is` : `${noun}s ${from} to ${to} are`;
