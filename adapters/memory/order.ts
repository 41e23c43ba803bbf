/** Sorts by a time, newest first, and by id (descending) within a second, as an index read backwards gives them. */
export const newestFirst =
  <T extends { id: string }>(time: (row: T) => string) =>
  (rows: readonly T[]): T[] =>
    [...rows].sort((a, b) => (`${time(a)} ${a.id}` < `${time(b)} ${b.id}` ? 1 : -1));
