import { type UndoChangeDeps, undoChange } from '../../usecases/undo-change.ts';
import { changeOf } from '../change-event.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';
import { unlessHeld } from '../unless-held.ts';

export interface Deps extends UndoChangeDeps, EachMessageDeps {}

/** Undoes each change that `change.undo-approved` tells of. */
export const undoChangeHandler = (deps: Deps) =>
  eachMessage(deps, 'an event of a change', changeOf)(unlessHeld(undoChange(deps)));
