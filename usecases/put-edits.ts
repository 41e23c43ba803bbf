import type { Edit, Slot } from '../core/changes/change.ts';
import { IamRefused, type IamSlots } from './ports/iam.ts';

type Iam = Pick<IamSlots, 'read' | 'write'>;

/** Why the edits are not in place, in a sentence for people; undefined when every slot reads exactly `after`. */
export interface Mismatch {
  reason: 'base-changed' | 'not-verified' | 'iam-refused';
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
 * Makes every slot hold `after`, one after the other, and reads it back. A slot that holds it already is left alone, so
 * that a run that was cut off is finished by the next; one that holds neither, or that IAM refuses, stops everything.
 */
export async function putEdits(iam: Iam, edits: readonly Edit[], change: string): Promise<Mismatch | undefined> {
  for (const { slot, before, after } of edits) {
    const now = await iam.read(slot);
    if (now === after) continue;
    if (now !== before) return changedBase(slot);
    const refused = await writeOrRefusal(iam, slot, after, change);
    if (refused) return { reason: 'iam-refused', detail: `${wordsOf(slot)}: ${refused}` };
  }
  for (const { slot, after } of edits) {
    if ((await iam.read(slot)) !== after)
      return { reason: 'not-verified', detail: `${wordsOf(slot)} does not read as it was written.` };
  }
  return undefined;
}

/**
 * Makes every slot hold `before` again unless it holds something that is neither: that is somebody else's and stays.
 * Says which, in words. Throws while a slot does not read back, to be tried again.
 */
export async function takeBack(iam: Iam, edits: readonly Edit[], change: string): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const edit of edits.toReversed().filter(isWritten)) {
    const { slot, before } = edit;
    const now = await iam.read(slot);
    if (isForeign(edit, now)) {
      foreign.push(foreignWords(slot, now));
      continue;
    }
    // Also where it reads as before: that reading may be older than our own write.
    const refused = await writeOrRefusal(iam, slot, before, change);
    if (refused) foreign.push(`${wordsOf(slot)} (${refused})`);
    else if ((await iam.read(slot)) !== before) throw new Error(`${wordsOf(slot)} does not read as it was put back`);
  }
  return foreign;
}

/** Slots that hold neither of the edit's texts, in words: somebody changed them since. */
export async function driftedSlots(iam: Iam, edits: readonly Edit[]): Promise<readonly string[]> {
  const drifted: string[] = [];
  for (const edit of edits.filter(mattersToUndo)) {
    const now = await iam.read(edit.slot);
    if (isForeign(edit, now)) drifted.push(foreignWords(edit.slot, now));
  }
  return drifted;
}

const isWritten = ({ before, after }: Edit): boolean => before !== after;

/** What AWS has made of its own policy since is its own affair; that one of ours still hangs where it hung is not. */
const mattersToUndo = (edit: Edit): boolean => isWritten(edit) || edit.slot.type === 'attachment';

const isForeign = ({ before, after }: Edit, now: string | null): boolean => now !== before && now !== after;

/** What IAM says where it refuses for good. */
async function writeOrRefusal(iam: Iam, slot: Slot, value: string | null, change: string): Promise<string | undefined> {
  try {
    await iam.write(slot, value, { change });
    return undefined;
  } catch (fault) {
    if (!(fault instanceof IamRefused)) throw fault;
    return `IAM answers ${fault.name}: ${fault.message}`;
  }
}

/** The slot in words. */
function wordsOf(slot: Slot): string {
  switch (slot.type) {
    case 'inline-policy':
      return `the inline policy ${slot.name} of ${slot.principal}`;
    case 'managed-policy':
      return `the policy ${slot.policy}`;
    case 'attachment':
      return `the attachment of ${slot.policy} to ${slot.principal}`;
    case 'lease-role':
      return `the role ${slot.role}`;
    case 'account-assignment':
      return `the assignment of ${slot.permissionSet} in ${slot.account} to ${slot.user}`;
    case 'access-key':
      return `the access key ${slot.key} of ${slot.user}`;
  }
}

const foreignWords = (slot: Slot, now: string | null): string =>
  now === null
    ? `${wordsOf(slot)}, which is not there any more: removed, detached or renamed since`
    : `${wordsOf(slot)}, which somebody changed since`;

const changedBase = (slot: Slot): Mismatch => ({
  reason: 'base-changed',
  detail: `${wordsOf(slot)} is not what it was when the plan was made.`,
});
