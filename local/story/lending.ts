import type { Change } from '../../core/changes/change.ts';
import type { Lease } from '../../core/leases/lease.ts';
import { plusSeconds } from '../../core/time.ts';
import { changeNow, personIn, press, type Scene, see, whatWentWrong } from './scene.ts';

const service = 'arn:aws:ecs:eu-central-1:444455556666:service/main/orders';

/** Access is asked for, approved by somebody else, and ends by its schedule; the second time the schedule is lost. */
export async function tellLending(scene: Scene): Promise<void> {
  const { system, say } = scene;
  const first = await lend(scene, 'the order queue is stuck');
  system.clock.advance(3600);
  await system.tick();
  await seeGone(scene, first, 'schedule');
  say(`An hour later the schedule has taken it back: the policy is gone from IAM (${first.endsAt}).`);

  const second = await lend(scene, 'the order queue is stuck again');
  await system.scheduler.cancel(second.id);
  see(system.scheduler.waiting().length === 0, 'The schedule could not be lost.');
  system.clock.advance(3600 + 300);
  await system.tick();
  await seeGone(scene, second, 'sweep-leases');
  say('The second time its schedule is lost. The sweeper finds the lease over and takes it back.');
}

async function lend(scene: Scene, reason: string): Promise<Lease> {
  const { system, channel, say } = scene;
  const ines = personIn(scene, 'ines');
  const known = new Set((await system.stores.state.changes.list(50)).map((change) => change.id));
  await channel.type(ines, `request ecs:UpdateService,ecs:DescribeServices on ${service} for 1h because ${reason}`);
  const change = (await system.stores.state.changes.list(50)).find(({ id }) => !known.has(id));
  see(change?.state === 'planned', `The request did not become a plan: ${channel.toldTo(ines).at(-1)}`);
  say(`Ines asks in Slack for ecs:UpdateService for an hour, because ${reason}.`);
  await refuseSelf(scene, change);
  await press(scene, 'bruno', `change/${change.id}`, 'leastwise:change:approve');
  const lease = await system.stores.state.leases.find((await changeNow(scene, change.id)).lease ?? '');
  see(lease?.state === 'active', `The access did not become active${whatWentWrong(scene)}.`);
  const policy = await system.stores.truth.read(lease.edit.slot);
  const ends = plusSeconds(lease.startsAt, 3600);
  see(policy?.includes(`"aws:CurrentTime":"${ends}"`) === true, 'The policy in IAM does not carry its end.');
  see(policy.includes(ines.id), 'The policy in IAM does not name its beneficiary.');
  say(`Bruno approves. The policy in IAM names her, and its every Allow ends at ${ends}.`);
  return lease;
}

/** Ines is an approver of lending, and still decides nothing for herself. */
async function refuseSelf(scene: Scene, change: Change): Promise<void> {
  const { channel, system, say } = scene;
  await press(scene, 'ines', `change/${change.id}`, 'leastwise:change:approve');
  const now = await changeNow(scene, change.id);
  const chain = await system.stores.audit.chain('change', change.id);
  const kept = chain.some(
    ({ type, by, data }) => type === 'change.decision-refused' && by === 'ines' && data.refusal === 'self-approval',
  );
  see(now.state === 'planned' && kept, 'Ines approved her own request, or the refusal was not kept.');
  const words = channel.toldTo(personIn(scene, 'ines')).at(-1);
  say(`She presses Approve herself and is told: "${words}" The refusal is in the audit.`);
}

async function seeGone(scene: Scene, { id, edit }: Lease, by: string): Promise<void> {
  const { system } = scene;
  const lease = await system.stores.state.leases.find(id);
  const policy = await system.stores.truth.read(edit.slot);
  see(policy === null, `The lent policy is still in IAM; the lease is ${lease?.state}${whatWentWrong(scene)}.`);
  const chain = await system.stores.audit.chain('lease', id);
  const gone = chain.find(({ type }) => type === 'lease.revoked');
  see(gone?.by === by, `The lease was revoked by ${gone?.by}, not by ${by}.`);
}
