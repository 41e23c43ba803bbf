import { assignRole } from '../../core/leases/assignment.ts';
import { configuration, failed, now, people, schedules, slots, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { sweepLeasesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return sweepLeasesHandler({
    ...state,
    people: people(state),
    deployed: configuration(),
    iam: slots(environment.MEMBER_ROLE, assignRole),
    scheduler: schedules(environment),
    stuck: ({ lease, detail, attempts }) => failed(tools)(`lease ${lease}, attempt ${attempts}`, detail),
    lag: (seconds) => tools.measure('RevokeLagSeconds', seconds, 'Seconds'),
    now,
  });
});
