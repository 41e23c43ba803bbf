import { type ApplyChangeDeps, applyChange } from '../../usecases/apply-change.ts';
import { changeOf } from '../change-event.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';
import { unlessHeld } from '../unless-held.ts';

export interface Deps extends ApplyChangeDeps, EachMessageDeps {}

/** Carries out each change that `change.approved` tells of. */
export const applyChangeHandler = (deps: Deps) =>
  eachMessage(deps, 'an event of a change', changeOf)(unlessHeld(applyChange(deps)));
