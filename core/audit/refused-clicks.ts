/** How many refused clicks an aggregate remembers, so that a later delivery of one is not told twice. */
const remembered = 16;

/** What of an aggregate knows which clicks were refused: their keys, latest last; absent: none. */
export interface RefusedClicks {
  refusedClicks?: readonly string[];
}

/** Whether the refusal of this click was told already. */
export const wasRefused = ({ refusedClicks = [] }: RefusedClicks, key: string): boolean => refusedClicks.includes(key);

/** The aggregate's part after one more refusal. Bounded: whoever clicks on and on costs one row. */
export const withRefused = ({ refusedClicks = [] }: RefusedClicks, key: string): Required<RefusedClicks> => ({
  refusedClicks: [...refusedClicks, key].slice(-remembered),
});
