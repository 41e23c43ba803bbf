import type { Day } from '../../core/time.ts';
import type { BenignSession } from './benign-session.ts';
import type { Occasion, Step } from './occasion.ts';
import { occasions } from './occasions.ts';
import { detailedCall } from './parameters.ts';
import { type Desk, deskOf, openingOf, sessionOf } from './person-visit.ts';
import { type Random, randomOf } from './random.ts';
import { denied, recordOf } from './record.ts';
import { roleSession, type Session } from './session.ts';
import { type Colleague, tools } from './staff.ts';
import type { Weeks } from './weeks.ts';
import { isWorkday, momentOf, roleOf } from './world.ts';

/** Every occasion of the weeks, each by one person on days that follow each other. */
export function occasionWeeks(world: Weeks, staff: readonly Colleague[]): BenignSession[] {
  return occasions.flatMap((occasion, nth) =>
    Array.from({ length: occasion.times }, (_, time) => {
      const random = randomOf(world.seed, 'occasion', occasion.kind, nth, time);
      return daysFor(world, occasion, random).flatMap((day, i) => {
        const planned = { occasion, day, first: i === 0, time };
        return occasion.who === 'tester'
          ? [testersSession(world, planned, random)]
          : [ownSession(world, personFor(world, staff, planned), planned, random)];
      });
    }).flat(),
  );
}

interface Planned {
  occasion: Occasion;
  day: Day;
  first: boolean;
  time: number;
}

/** As many days in a row as the occasion has sessions; by day only on working days. */
function daysFor(world: Weeks, { sessions, hours }: Occasion, random: Random): readonly Day[] {
  const days = world.dates.filter((day) => isWorkday(day) || hours[0] > 18 * 3600);
  const start = random.between(0, days.length - sessions);
  return days.slice(start, start + sessions);
}

/** One person sees an occasion through. */
function personFor(world: Weeks, staff: readonly Colleague[], { occasion, time }: Planned): Colleague {
  const able = staff.filter((who) => who.post === occasion.who && who.joins === 0 && !who.user && who.moves === null);
  return randomOf(world.seed, 'person for', occasion.kind, occasion.who, time).pick(able);
}

function ownSession(world: Weeks, who: Colleague, planned: Planned, random: Random): BenignSession {
  const { occasion, day } = planned;
  const second = random.between(occasion.hours[0], occasion.hours[1]);
  const usual = deskOf(who, day, second, random);
  const desk = { ...usual, account: who.accounts[0]!, ...(occasion.from === 'home' && { address: who.home }) };
  const agent = occasion.kind === 'new-tool' ? tools.terraform : desk.agent;
  const session = sessionOf(world, who, who.post, { ...desk, agent });
  const records = [...openingOf(session, { ...desk, agent }, random), ...carryOut(session, desk, occasion, random)];
  return { host: `person/${who.id}`, kind: occasion.kind, records };
}

/** Outsiders come through a role of their own, made for the test, from their own network. */
function testersSession(world: Weeks, { occasion, day, time }: Planned, random: Random): BenignSession {
  const name = `assessment-${time}`;
  const second = random.between(occasion.hours[0], occasion.hours[1]);
  const desk: Desk = { day, second, address: '203.0.113.9', agent: tools['cli-linux'], account: 'staging' };
  const role = roleOf(world, 'staging', name);
  const session = roleSession(world, role, { ...desk, name: 'tester', since: momentOf(day, second) });
  return { host: `tester/${name}`, kind: occasion.kind, records: carryOut(session, desk, occasion, random) };
}

function carryOut(session: Session, desk: Desk, occasion: Occasion, random: Random) {
  const region = occasion.region ?? 'eu-central-1';
  let second = desk.second + 20;
  return occasion
    .steps(random)
    .filter(({ chance }) => chance === undefined || random.chance(chance))
    .flatMap((step) => Array.from({ length: timesOf(step, random) }, () => step))
    .map((step) => {
      second += random.between(5, 240);
      const call = { ...detailedCall(step.use, { account: session.account, region, random }), ...step.call };
      const failed = step.refused ? denied(session, step.use.split('@', 1)[0]!) : undefined;
      return recordOf(session, call, momentOf(desk.day, second), random, failed);
    });
}

const timesOf = ({ times }: Step, random: Random): number =>
  times === undefined ? 1 : random.between(times[0], times[1]);
