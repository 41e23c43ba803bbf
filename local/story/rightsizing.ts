import type { Change, Edit } from '../../core/changes/change.ts';
import { changeNow, press, type Scene, see, whatWentWrong } from './scene.ts';

/** A smaller policy is proposed, approved in Slack, applied, and rolled back byte for byte. */
export async function tellRightsizing(scene: Scene, account: string): Promise<void> {
  const { system, say } = scene;
  await system.proposeRightsizing(account);
  const change = (await system.stores.state.changes.list(10)).find((each) => each.plan.kind === 'rightsizing');
  see(change !== undefined, `Nothing is proposed in ${account}${whatWentWrong(scene)}.`);
  const edit = change.plan.edits[0];
  const removed = change.plan.terms.kind === 'rightsizing' ? change.plan.terms.removed : [];
  see(edit?.before != null && removed.length > 0, 'The proposal removes nothing.');
  see((await system.stores.truth.read(edit.slot)) === edit.before, 'The proposal was not made from the policy in IAM.');
  say(`Proposed for ${nameOf(change)}: never used and allowed all the same: ${removed.join(', ')}.`);
  await approve(scene, change, edit);
  await rollBack(scene, change, edit);
}

const nameOf = ({ plan }: Change): string => plan.target.slice(plan.target.lastIndexOf('/') + 1);

async function approve(scene: Scene, { id }: Change, edit: Edit): Promise<void> {
  const { system, say } = scene;
  await press(scene, 'bruno', `change/${id}`, 'leastwise:change:approve');
  const approved = await changeNow(scene, id);
  see(
    approved.decisions.some((decision) => decision.by === 'bruno' && decision.verdict === 'approve'),
    `Bruno's approval did not count: the change is still ${approved.state}${whatWentWrong(scene)}.`,
  );
  say(`Bruno presses Approve. The decision over ${approved.digest.slice(0, 12)}… is signed.`);
  const now = await system.stores.truth.read(edit.slot);
  see(
    approved.state === 'verified' && now === edit.after,
    `IAM does not hold the approved policy: the change is ${approved.state}. ${approved.refusal?.detail ?? ''}`,
  );
  say(`IAM holds the smaller policy, read back: ${lengthOf(edit.before)} characters became ${lengthOf(edit.after)}.`);
}

async function rollBack(scene: Scene, { id }: Change, edit: Edit): Promise<void> {
  const { system, say } = scene;
  const key = `change/${id}`;
  await press(scene, 'bruno', key, 'leastwise:change:undo');
  see((await changeNow(scene, id)).state === 'undo-planned', 'The rollback could not be asked for.');
  await press(scene, 'bruno', key, 'leastwise:change:approve');
  see((await changeNow(scene, id)).state === 'undo-planned', 'Bruno approved the rollback that he asked for.');
  say('Bruno asks to roll it back and may not approve that himself.');
  await press(scene, 'dana', key, 'leastwise:change:approve');
  const after = await changeNow(scene, id);
  const now = await system.stores.truth.read(edit.slot);
  see(
    after.state === 'undone' && now === edit.before,
    `The original policy is not back in IAM: the change is ${after.state}${whatWentWrong(scene)}. ${after.refusal?.detail ?? ''}`,
  );
  say(`Dana approves. The policy in IAM is the original one, byte for byte (${lengthOf(now)} characters).`);
}

const lengthOf = (text: string | null): number => text?.length ?? 0;
