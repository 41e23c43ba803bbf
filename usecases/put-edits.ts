import type { Edit, Slot } from '../core/changes/change.ts';
import type { IamSlots } from './ports/iam.ts';

type Iam = Pick<IamSlots, 'read' | 'write'>;

/** Why the edits are not in place, in a sentence for people; undefined when every slot reads exactly `after`. */
export interface Mismatch {
  reason: 'base-changed' | 'not-verified';
  detail: string;
}

/** Whether every slot reads exactly what the plan was made from. */
export async function checkBase(iam: Iam, edits: readonly Edit[]): Promise<Mismatch | undefined> {
  for (const { slot, before } of edits) {
    if ((await iam.read(slot)) !== before) return changedBase(slot);
  }
  return undefined;
}

/**
 * Makes every slot hold `after` and reads it back. A slot that holds it already is left alone, so that a run that was
 * cut off is finished by the next; one that holds neither stops everything.
 */
export async function putEdits(iam: Iam, edits: readonly Edit[], change: string): Promise<Mismatch | undefined> {
  for (const { slot, before, after } of edits) {
    const now = await iam.read(slot);
    if (now === after) continue;
    if (now !== before) return changedBase(slot);
    await iam.write(slot, after, { change });
  }
  for (const { slot, after } of edits) {
    if ((await iam.read(slot)) !== after)
      return { reason: 'not-verified', detail: `${wordsOf(slot)} does not read as it was written.` };
  }
  return undefined;
}

/**
 * Makes every slot hold `before` again unless it holds something that is neither: that is somebody else's and stays.
 * Gives those slots. Throws while a slot does not read back, to be tried again.
 */
export async function takeBack(iam: Iam, edits: readonly Edit[], change: string): Promise<readonly Slot[]> {
  const foreign: Slot[] = [];
  for (const { slot, before, after } of edits.toReversed()) {
    const now = await iam.read(slot);
    if (now !== after && now !== before) {
      foreign.push(slot);
      continue;
    }
    // Also where it reads as before: that reading may be older than our own write.
    await iam.write(slot, before, { change });
    if ((await iam.read(slot)) !== before) throw new Error(`${wordsOf(slot)} does not read as it was put back`);
  }
  return foreign;
}

/** Slots that hold neither of the edit's texts: somebody changed them since. */
export async function driftedSlots(iam: Iam, edits: readonly Edit[]): Promise<readonly Slot[]> {
  const drifted: Slot[] = [];
  for (const { slot, before, after } of edits) {
    const now = await iam.read(slot);
    if (now !== before && now !== after) drifted.push(slot);
  }
  return drifted;
}

/** The slot in words. */
export function wordsOf(slot: Slot): string {
  switch (slot.type) {
    case 'inline-policy':
      return `the inline policy ${slot.name} of ${slot.principal}`;
    case 'managed-policy':
      return `the policy ${slot.policy}`;
    case 'access-key':
      return `the access key ${slot.key} of ${slot.user}`;
  }
}

const changedBase = (slot: Slot): Mismatch => ({
  reason: 'base-changed',
  detail: `${wordsOf(slot)} is not what it was when the plan was made.`,
});
