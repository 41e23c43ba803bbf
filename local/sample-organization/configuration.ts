import type { Person } from '../../core/approvals/rules.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import {
  accountNames,
  accounts,
  homeRegion,
  identityStore,
  organizationId,
  regions,
  slack,
  trailBucket,
} from './accounts.ts';
import { carrierName, carrierPerson } from './identities.ts';
import { members } from './people.ts';
import { reservedRoleOf, roleOf, storeUserOf, userOf, type World } from './world.ts';

/** Each person with every actor id that is this person. */
export const peopleOf = (world: World): Person[] =>
  members.map((member) => {
    const actors =
      member.access.length > 0 ? federatedActors(world, member.id) : [userOf(world, 'staging', member.id).arn];
    const carrier = member.id === carrierPerson ? [roleOf(world, 'production', carrierName).arn] : [];
    const user = `U0${member.id.toUpperCase().padEnd(9, '0')}`;
    return {
      id: member.id,
      name: member.name,
      slack: { team: slack.team, user },
      actors: [...actors, ...carrier] as ActorId[],
    };
  });

const federatedActors = (world: World, id: string): string[] => [
  `federated:AWSReservedSSO/${id}`,
  `federated:${identityStore}/${storeUserOf(world, id)}`,
];

/** The configuration that this organization would write. */
export const configurationOf = (world: World): Configuration => ({
  version: 1,
  organization: { id: organizationId },
  securityAccount: accounts.security,
  homeRegion,
  regions,
  accounts: accountNames.map((name) => ({ id: accounts[name], name })),
  trail: { bucket: trailBucket, prefix: '', logFileValidation: false },
  slack,
  people: peopleOf(world),
  rules: [
    { name: 'containment', kinds: ['quarantine'], approvers: ['ada', 'bruno', 'dana'], quorum: 1 },
    { name: 'smaller-policies', kinds: ['rightsizing'], approvers: ['ada', 'bruno', 'dana'], quorum: 1 },
    { name: 'lending', kinds: ['lending'], approvers: ['ada', 'bruno', 'ines'], quorum: 1 },
  ],
  breakGlass: [reservedRoleOf(world, 'tooling', 'Administrator').arn],
  windowDays: Math.min(45, Math.max(1, world.days - 2)),
  lending: { maxHours: 8 },
  decideWithinHours: 24,
});
