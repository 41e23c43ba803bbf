import type { Change, ChangeState } from './change.ts';

const terminal: readonly ChangeState[] = ['denied', 'lapsed', 'refused', 'undone'];

/** True where nothing can happen to the change any more. */
export const isTerminal = (change: Pick<Change, 'state'>): boolean => terminal.includes(change.state);

/** Two at once on one target would each be made from what the other replaces. */
export const isUnderWay = (change: Pick<Change, 'state'>): boolean =>
  !isTerminal(change) && change.state !== 'verified';
