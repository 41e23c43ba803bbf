import type { Decision, When } from '../decision.ts';
import type { CallerProfile } from './callers.ts';
import { deniedBy, grantedBy, heardAtEndpoint, heardRcps, heardResource, passingOf, whenOf } from './decide.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { type Match, silence } from './heard.ts';
import type { PolicyList } from './lists.ts';
import { type Peers, tellsPeersApart } from './population.ts';
import type { Heard } from './spoken.ts';
import type { Survey } from './survey.ts';
import type { Test } from './tests.ts';

/** That somebody may. */
export interface Answer {
  readonly outcome: Extract<Decision['outcome'], 'allowed' | 'conditional' | 'invalid-policy'>;
  readonly when: When | null;
}

/** What everything but a member's own policies says. */
interface Standing {
  readonly environment: Environment;
  readonly scps: Heard;
  hasLevels: boolean;
  readonly endpoint: Heard;
  readonly boundary: Heard;
  readonly resource: Heard;
  readonly denied: Formula;
  /** By what the own policies say. */
  readonly answers: Map<number, Answer | null>;
}

/** How the standing of peers is found. */
interface Station {
  /** Each stands by itself. */
  readonly isSingle: boolean;
  /** What tells peers apart. */
  readonly tests: readonly Test[];
  /** The resource's policy may let them in without any policy of their own. */
  readonly isOpen: boolean;
  readonly standings: Map<string, Standing>;
}

/** Decides members by what their own policies say, together with all who stand alike. */
export class Standings {
  readonly #survey: Survey;
  readonly #resource: readonly Match[];
  /** Whom the resource's policy or a grant names, each by itself. */
  readonly #named: ReadonlySet<number>;
  readonly #stations: (Station | undefined)[] = [];

  constructor(survey: Survey) {
    this.#survey = survey;
    this.#resource = survey.matchesOf(survey.target.policy);
    this.#named = namedBy(this.#resource, survey);
  }

  /** Those who may be let in without any policy of their own. */
  letIn(): Uint8Array {
    const { members, peers } = this.#survey.population;
    const letIn = new Uint8Array(members.length);
    for (const member of this.#named) letIn[member] = 1;
    for (const { members: some } of peers) {
      if (this.#stationOf(some[0]!).isOpen) for (const member of some) letIn[member] = 1;
    }
    return letIn;
  }

  /** null: it may not. */
  answerOf(member: number, allow: Formula, deny: Formula): Answer | null {
    const station = this.#stationOf(member);
    const isAlone = station.isSingle || this.#named.has(member);
    const standing = isAlone ? standingOf(member, this.#survey) : this.#shared(member, station);
    // No number of a formula comes near to 2 ** 26.
    const name = allow * 2 ** 26 + deny;
    const known = standing.answers.get(name);
    if (known !== undefined) return known;
    const answer = answerAt(standing, allow, deny, this.#survey);
    standing.answers.set(name, answer);
    return answer;
  }

  #stationOf(member: number): Station {
    const { peers, peersOf } = this.#survey.population;
    const number = peersOf[member]!;
    const station = this.#stations[number] ?? stationOf(peers[number]!, this.#resource, this.#survey);
    this.#stations[number] = station;
    return station;
  }

  #shared(member: number, { tests, standings }: Station): Standing {
    let name = '';
    for (const test of tests) name += `${this.#survey.formulaOf(test, member)} `;
    const standing = standings.get(name) ?? standingOf(member, this.#survey);
    standings.set(name, standing);
    return standing;
  }
}

/** Those whose own ARN a policy or a grant names; whole accounts are named together. */
function namedBy(matches: readonly Match[], { target, population }: Survey): ReadonlySet<number> {
  const { grants } = target;
  const arns = [
    ...matches.flatMap(({ statement: { names } }) => (typeof names === 'string' ? [] : [...names.arns])),
    ...grants.flatMap(({ granteePrincipal, retiringPrincipal }) => [granteePrincipal, retiringPrincipal ?? '']),
  ];
  return new Set(arns.flatMap((arn) => population.numberOf(arn) ?? []));
}

function stationOf({ profile, boundary }: Peers, resource: readonly Match[], survey: Survey): Station {
  const { target, account, endpoint } = survey;
  const { isRetiring, grants } = target;
  const isOwner = account === null || account === profile.caller.account;
  const letsIn = isRetiring || (isOwner && (grants.length > 0 || resource.some(letsManyIn)));
  const tests = new Set<Test>();
  let isSingle = false;
  const heed = (matches: readonly Match[]): void => {
    for (const { statement, depends } of matches) {
      isSingle ||= depends || statement.names === 'rare';
      for (const test of statement.tests) if (tellsPeersApart(test)) tests.add(test);
    }
  };
  heed(resource);
  if (boundary) heed(survey.matchesOf(boundary));
  for (const list of scpsOver(profile)) heed(survey.matchesOf(list));
  for (const list of rcpsOver(profile, survey)) heed(survey.matchesOf(list));
  heed(survey.matchesOf(endpoint));
  isSingle ||= survey.matchesOf(endpoint).some(({ statement }) => statement.names !== 'everybody');
  return { isSingle, tests: [...tests], isOpen: letsIn, standings: new Map() };
}

const letsManyIn = ({ because, statement: { names } }: Match): boolean =>
  because.effect === 'Allow' && (typeof names === 'string' || names.accounts.size > 0);

const scpsOver = ({ isManagement, isSpared, guard }: CallerProfile): readonly PolicyList[] =>
  isManagement || isSpared ? [] : guard.scps;

const rcpsOver = ({ isSpared }: CallerProfile, { target, owner }: Survey): readonly PolicyList[] =>
  target.isUnderRcps && !isSpared && !target.isServiceLinked ? owner.rcps.lists : [];

function standingOf(member: number, survey: Survey): Standing {
  const { target, population } = survey;
  const environment = survey.environmentOf(member);
  const { profile } = environment;
  const { boundary: limit } = population.members[member]!.holder;
  const listen = (list: PolicyList): Heard => survey.hear(list, environment);
  const resource = heardResource(listen(target.policy), target, environment);
  const boundary = limit ? listen(limit) : silence;
  const endpoint = heardAtEndpoint(listen(survey.endpoint), survey.action, environment);
  const levels = scpsOver(profile).map(listen);
  const scps: Heard = {
    id: 0,
    allow: survey.formulas.all(levels.map(({ allow }) => allow)),
    deny: deniedBy(levels, survey.formulas),
    spoken: [],
  };
  const rcps = heardRcps(rcpsOver(profile, survey).map(listen), environment);
  const denied = deniedBy([resource, boundary, endpoint, scps, ...rcps], survey.formulas);
  return { environment, scps, hasLevels: levels.length > 0, endpoint, boundary, resource, denied, answers: new Map() };
}

function answerAt(standing: Standing, allow: Formula, deny: Formula, survey: Survey): Answer | null {
  const { environment, scps, hasLevels, endpoint, boundary, resource } = standing;
  const { formulas, target } = survey;
  const denied = formulas.any([standing.denied, deny]);
  if (denied === always) return null;
  const identity: Heard = { id: 0, allow, deny, spoken: [] };
  const said = { scps, hasLevels, endpoint, resource, identity, groups: silence, boundary, session: silence };
  const granted = grantedBy(said, { environment, target, session: null, endpoint: survey.endpoint });
  const passes = formulas.all([granted, formulas.not(denied)]);
  if (passes === never) return null;
  const passing = passingOf(passes, environment);
  if (passing === 'never') return null;
  if (passing === 'always') return { outcome: 'allowed', when: null };
  return { outcome: 'conditional', when: whenOf(passes, passing, environment) };
}
