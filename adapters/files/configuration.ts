import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { modelOf, type WeightOverrides } from '../../core/anomaly/model.ts';
import { splitName } from '../../core/approvals/roster.ts';
import type { Rota } from '../../core/approvals/rules.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { Instant } from '../../core/time.ts';
import { configurationSchema } from './configuration-schema.ts';
import { type Problem, shapeProblems, UnusableFile } from './problems.ts';

/** A configuration that cannot be used, with all its problems. */
export class ConfigurationError extends UnusableFile {
  constructor(file: string, problems: readonly Problem[]) {
    super(file, problems);
    this.name = 'ConfigurationError';
  }
}

/** Reads leastwise.config.json; throws ConfigurationError with every problem in it. */
export function readConfiguration(file: string): Configuration {
  const parsed = parseConfiguration(json(file));
  if (!parsed.ok) throw new ConfigurationError(file, parsed.error);
  return parsed.value;
}

/** Checks the shape, then what only shows between fields. */
export function parseConfiguration(value: unknown): Result<Configuration, readonly Problem[]> {
  const { data, error } = z.safeParse(configurationSchema, value);
  if (data === undefined) return fail(error.issues.flatMap(shapeProblems));
  const { $schema: _, people, onCall, ...rest } = data;
  const configuration: Configuration = {
    ...rest,
    people: people.map((person) => ({ ...person, actors: person.actors as ActorId[] })),
    ...(onCall && { onCall: rotas(onCall) }),
  };
  const problems = contradictions(configuration);
  return problems.length > 0 ? fail(problems) : ok(configuration);
}

const rotas = (stored: Readonly<Record<string, Omit<Rota, 'from'> & { from: string }>>): Record<string, Rota> =>
  Object.fromEntries(Object.entries(stored).map(([name, rota]) => [name, { ...rota, from: rota.from as Instant }]));

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    const missing = (fault as NodeJS.ErrnoException).code === 'ENOENT';
    const words = missing
      ? 'there is no such file: copy leastwise.config.example.json and fill it in'
      : `it is not JSON: ${(fault as Error).message}`;
    throw new ConfigurationError(file, [{ field: '', words }]);
  }
}

function contradictions(configuration: Configuration): Problem[] {
  const { securityAccount, homeRegion, regions, accounts, people, rules, deployment, detection } = configuration;
  return [
    ...(accounts.some(({ id }) => id === securityAccount)
      ? []
      : [problem('securityAccount', `${securityAccount} is not in accounts: add it there with a name`)]),
    ...(regions.includes(homeRegion) ? [] : [problem('homeRegion', `${homeRegion} is not in regions: add it there`)]),
    ...(deployment?.managementAccount && !accounts.some(({ id }) => id === deployment.managementAccount)
      ? [problem('deployment.managementAccount', `${deployment.managementAccount} is not in accounts: add it there`)]
      : []),
    ...(deployment?.managementAccount === securityAccount
      ? [problem('deployment.managementAccount', 'StackSets reach the security account only if it is a member account')]
      : []),
    ...(deployment?.identityCenter && !accounts.some(({ id }) => id === deployment.identityCenter?.administrator)
      ? [problem('deployment.identityCenter.administrator', 'it is not in accounts: add it there')]
      : []),
    ...(deployment?.identityCenter && !deployment.managementAccount
      ? [problem('deployment.identityCenter', 'it is read in the management account: name that in managementAccount')]
      : []),
    ...weightProblems(detection?.weights),
    ...repeated('accounts', accounts, ({ id }) => id, 'id'),
    ...repeated('people', people, ({ id }) => id, 'id'),
    ...repeated('people', people, ({ slack }) => `${slack.team}/${slack.user}`, 'slack'),
    ...repeated('rules', rules, ({ name }) => name, 'name'),
    ...rosterProblems(configuration),
    ...standingProblems(configuration),
    ...rules.flatMap((rule, index) => ruleProblems(configuration, rule, `rules[${index}]`)),
  ];
}

function weightProblems(weights: WeightOverrides | undefined): Problem[] {
  try {
    modelOf(weights);
    return [];
  } catch (fault) {
    if (fault instanceof RangeError) return [problem('detection.weights', fault.message)];
    throw fault;
  }
}

function ruleProblems(configuration: Configuration, rule: Configuration['rules'][number], at: string): Problem[] {
  const { accounts } = configuration;
  const { approvers, quorum, teams = 0, deny } = rule;
  const most = mostOf(configuration, approvers);
  const tooMany = !deny && quorum > most;
  return [
    ...approvers.flatMap((named, index) => nameProblems(configuration, named, `${at}.approvers[${index}]`)),
    ...(teams > quorum
      ? [problem(`${at}.teams`, `${quorum} people cannot be of ${teams} teams: lower it, or ask for more people`)]
      : []),
    ...repeated(`${at}.approvers`, approvers, (id) => id),
    ...(rule.accounts ?? []).flatMap((id, index) =>
      accounts.some((account) => account.id === id)
        ? []
        : [problem(`${at}.accounts[${index}]`, `${id} is not in accounts: add it there, or take it out`)],
    ),
    ...(tooMany
      ? [problem(`${at}.quorum`, `${quorum} people cannot be found among ${most} approvers: lower it, or name more`)]
      : []),
  ];
}

function nameProblems({ people, groups = {}, onCall = {} }: Configuration, named: string, field: string): Problem[] {
  const [kind, of] = splitName(named);
  if (kind === 'group') return of in groups ? [] : [problem(field, `there is no group "${of}": add it to groups`)];
  if (kind === 'on-call') return of in onCall ? [] : [problem(field, `there is no rota "${of}": add it to onCall`)];
  return people.some(({ id }) => id === named)
    ? []
    : [problem(field, `"${named}" is nobody: add a person with this id to people, or take it out`)];
}

function standingProblems(configuration: Configuration): Problem[] {
  const { standing = [], accounts } = configuration;
  return [
    ...repeated('standing', standing, ({ name }) => name, 'name'),
    ...standing.flatMap((each, at) => [
      ...each.people.flatMap((named, index) => nameProblems(configuration, named, `standing[${at}].people[${index}]`)),
      ...each.accounts.flatMap((id, index) =>
        accounts.some((account) => account.id === id)
          ? []
          : [problem(`standing[${at}].accounts[${index}]`, `${id} is not in accounts: add it there, or take it out`)],
      ),
    ]),
  ];
}

/** How many different people may ever stand behind the names. */
function mostOf({ groups = {}, onCall = {} }: Configuration, approvers: readonly string[]): number {
  const ids = approvers.flatMap((named) => {
    const [kind, of] = splitName(named);
    if (kind === 'person') return [named];
    return kind === 'group' ? (groups[of] ?? []) : (onCall[of]?.people ?? []);
  });
  return new Set(ids).size;
}

/** Groups and rotas name people, as rules do. */
function rosterProblems(configuration: Configuration): Problem[] {
  const { groups = {}, onCall = {} } = configuration;
  const lists = [
    ...Object.entries(groups).map(([group, ids]) => ({ at: `groups.${group}`, ids })),
    ...Object.entries(onCall).map(([rota, { people }]) => ({ at: `onCall.${rota}.people`, ids: people })),
  ];
  return lists.flatMap(({ at, ids }) =>
    ids.flatMap((id, index) => nameProblems({ ...configuration, groups: {}, onCall: {} }, id, `${at}[${index}]`)),
  );
}

/** Every entry whose key stands before it already. */
function repeated<T>(list: string, items: readonly T[], keyOf: (item: T) => string, field = ''): Problem[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [problem(`${list}[${index}]${field && `.${field}`}`, `${key} stands at ${list}[${keys.indexOf(key)}] already`)],
  );
}

const problem = (field: string, words: string): Problem => ({ field, words });
