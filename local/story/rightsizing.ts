import { weekOf } from '../../core/changes/backlog.ts';
import type { Change, Edit } from '../../core/changes/change.ts';
import { changeNow, press, type Scene, see, whatWentWrong } from './scene.ts';

/** What a smaller policy would take away is proposed, approved in Slack, denied for a trial, and given back at one click. */
export async function tellRightsizing(scene: Scene, account: string): Promise<void> {
  const { system, say } = scene;
  await system.proposeRightsizing(account);
  const planned = (await system.stores.state.changes.list(10)).find((each) => each.plan.kind === 'rightsizing');
  see(planned !== undefined, `Nothing is proposed in ${account}${whatWentWrong(scene)}.`);
  await press(scene, 'bruno', `backlog/${weekOf(planned.plannedAt)}`, 'leastwise:change:open');
  const change = (await system.stores.state.changes.list(10)).find((each) => each.backlog?.opened);
  see(change !== undefined, `The proposal of ${planned.plan.target} was not opened${whatWentWrong(scene)}.`);
  say("The week's backlog stands in Slack, what is worth most first. Bruno opens the first.");
  const { terms, edits } = change.plan;
  const removed = terms.kind === 'rightsizing' ? terms.removed : [];
  see(terms.kind === 'rightsizing' && terms.stage?.step === 'trial' && removed.length > 0, 'No trial is proposed.');
  await seeInIam(scene, edits, 'before', 'The proposal was not made from the policies in IAM.');
  say(`Proposed for ${nameOf(change)}: never used and allowed all the same: ${removed.join(', ')}.`);
  await approve(scene, change);
  await end(scene, change);
}

const nameOf = ({ plan }: Change): string => plan.target.slice(plan.target.lastIndexOf('/') + 1);

async function approve(scene: Scene, { id, plan }: Change): Promise<void> {
  const { say } = scene;
  await press(scene, 'bruno', `change/${id}`, 'leastwise:change:approve');
  const approved = await changeNow(scene, id);
  see(
    approved.decisions.some((decision) => decision.by === 'bruno' && decision.verdict === 'approve'),
    `Bruno's approval did not count: the change is still ${approved.state}${whatWentWrong(scene)}.`,
  );
  say(`Bruno presses Approve. The decision over ${approved.digest.slice(0, 12)}… is signed.`);
  see(
    approved.state === 'verified',
    `The trial does not run: it is ${approved.state}. ${approved.refusal?.detail ?? ''}`,
  );
  await seeInIam(scene, plan.edits, 'after', 'IAM does not hold the trial.');
  say('IAM holds one policy more, which denies just that; the policies under it are as they were.');
}

async function end(scene: Scene, { id, plan }: Change): Promise<void> {
  const { say } = scene;
  await press(scene, 'bruno', `change/${id}`, 'leastwise:change:undo');
  const after = await changeNow(scene, id);
  see(
    after.state === 'undone',
    `The trial did not end: it is ${after.state}${whatWentWrong(scene)}. ${after.refusal?.detail ?? ''}`,
  );
  await seeInIam(scene, plan.edits, 'before', 'IAM is not as it was.');
  say('Bruno ends the trial, which was decided together with it: IAM is as it was, byte for byte.');
}

/** Every slot of the plan in IAM itself. */
async function seeInIam(
  { system }: Scene,
  edits: readonly Edit[],
  side: 'before' | 'after',
  otherwise: string,
): Promise<void> {
  for (const edit of edits) see((await system.stores.truth.read(edit.slot)) === edit[side], otherwise);
}
