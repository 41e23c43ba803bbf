import type { Case } from '../../core/anomaly/case.ts';
import { accounts } from '../sample-organization/accounts.ts';
import { deliverAttack } from '../sample-source.ts';
import { press, type Scene, see, whatWentWrong } from './scene.ts';

const user = 'legacy-deploy';
const arn = `arn:aws:iam::${accounts.production}:user/${user}`;

/** A stolen key is noticed, asked about, and cut off; both are read back from IAM. */
export async function tellAttack(scene: Scene): Promise<void> {
  const { system, organization, say } = scene;
  const start = system.clock.now();
  system.clock.advance(300);
  const { arriveInFiles } = await deliverAttack(system, organization, start);
  const suspect = (await system.stores.state.cases.list(20)).find(
    (each) => each.actor === arn && each.state === 'open',
  );
  see(suspect !== undefined, `The stolen key of ${user} was used and no case was opened${whatWentWrong(scene)}.`);
  see(suspect.level === 'message', 'The case stayed in the digest.');
  see(scene.channel.about(`case/${suspect.id}`) !== undefined, 'No message about the case stands in the channel.');
  const worst = [...suspect.reasons].sort((a, b) => b.points - a.points).slice(0, 3);
  say(
    `The stolen key of ${user} is used. One message asks about it, score ${suspect.score}: ${worst.map((reason) => reason.words).join('; ')}.`,
  );
  const messages = scene.channel.messages().length;
  system.clock.advance(600);
  await arriveInFiles();
  const cases = (await system.stores.state.cases.list(20)).filter((each) => each.actor === arn);
  see(
    cases.length === 1 && scene.channel.messages().length === messages,
    'The same events, in the files, were told again.',
  );
  say("Minutes later the same events arrive in the trail's files. Nothing is told twice.");
  await cutOff(scene, suspect);
}

async function cutOff(scene: Scene, suspect: Case): Promise<void> {
  const { system, say } = scene;
  const { truth, state } = system.stores;
  await press(scene, 'dana', `case/${suspect.id}`, 'leastwise:case:not-us');
  const answered = await state.cases.find(suspect.id);
  see(answered?.state === 'not-us', `The answer did not count: the case is ${answered?.state}${whatWentWrong(scene)}.`);
  const keys = await truth.accessKeys(accounts.production, arn);
  const active = keys.filter((key) => key.status === 'Active');
  see(
    keys.length === 2 && active.length === 0,
    `${active.length} of ${keys.length} access keys of ${user} are still active.`,
  );
  const slot = {
    type: 'inline-policy',
    account: accounts.production,
    principal: arn,
    name: 'leastwise-quarantine',
  } as const;
  const deny = await truth.read(slot);
  see(deny?.includes('"Effect":"Deny"') === true, `No Deny stands on ${user}.`);
  say(
    `Dana answers "Not us". Both keys of ${user}, the thief's new one too, are inactive, and a Deny is read back from IAM.`,
  );
}
