import { findAction } from '../../catalogue/catalogue.ts';
import type { MappableEvent } from './actions-of.ts';
import { type ArnTemplate, fill, type Place, parseTemplate, patternOf } from './arn-template.ts';
import { listOf, type Need, type Parameters, parametersOf } from './need.ts';
import { arnPartOf, parameterNamesOf } from './parameter-names.ts';

/** How to find an action's resources in a record; null for an action that takes only `*`. */
type Plan = { service: string; matches: RegExp; templates: readonly ArnTemplate[] } | null;

/** A request that names more is read this far: whoever chooses the names must not choose the work. */
const mostNamed = 100;
const plans = new Map<string, Plan>();
const nothing: readonly string[] = [];

/**
 * The ARNs that an action was used on: those of `resources[]` and of the request's parameters that fit a resource type
 * of the action, else what the catalogue's templates make of names and ids in the parameters. An IAM path that the
 * request does not name is missing in such an ARN, and of a secret's name it is a pattern.
 */
export function resourcesOf({ action, about }: Need, event: MappableEvent): readonly string[] {
  if (action.startsWith('unmapped:')) return event.resources;
  const plan = planOf(action);
  if (!plan) return nothing;
  if (about && about.length > 0) {
    const found = about.flatMap((parameters) => inParameters(plan, parameters, event));
    if (found.length > 0) return [...new Set(found)].slice(0, mostNamed);
  }
  const listed = event.resources.length > 0 ? event.resources.filter((arn) => plan.matches.test(arn)) : nothing;
  if (listed.length > 0) return listed;
  return about ? nothing : inParameters(plan, parametersOf(event.requestParameters), event);
}

function planOf(action: string): Plan {
  const known = plans.get(action);
  if (known !== undefined) return known;
  const found = findAction(action);
  const all = found?.resourceTypes.flatMap((type) => type.templates.map(parseTemplate)) ?? [];
  const service = found?.service ?? '';
  const plan: Plan = all.length === 0 ? null : { service, matches: patternOf(all), templates: named(all, service) };
  plans.set(action, plan);
  return plan;
}

/** The templates whose variables parameters can hold, the longest first: what lies in a bucket before the bucket. */
const named = (templates: readonly ArnTemplate[], service: string): readonly ArnTemplate[] =>
  templates
    .filter(({ own }) => own.length > 0 && own.every((variable) => parameterNamesOf(service, variable).length > 0))
    .sort((a, b) => b.own.length - a.own.length);

function inParameters(plan: NonNullable<Plan>, parameters: Parameters, place: Place): readonly string[] {
  const given = arnsIn(parameters).filter((arn) => plan.matches.test(arn));
  if (given.length > 0) return given.slice(0, mostNamed);
  const made: string[] = [];
  const used: ArnTemplate[] = [];
  for (const template of plan.templates) {
    if (used.some((longer) => liesIn(longer, template))) continue;
    const before = made.length;
    for (const values of combinations(template, plan.service, parameters)) {
      const arn = fill(template, values, place);
      if (arn) made.push(arn);
      if (made.length === mostNamed) return made;
    }
    if (made.length > before) used.push(template);
  }
  return made;
}

/** An object lies in its bucket, an index in its table: the call was on the inner one. */
const liesIn = (inner: ArnTemplate, outer: ArnTemplate): boolean => inner.source.startsWith(`${outer.source}/`);

function arnsIn(parameters: Parameters): readonly string[] {
  let arns: string[] | undefined;
  for (const name in parameters) {
    const value = parameters[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === 'string' && each.startsWith('arn:')) arns = [...(arns ?? []), each];
    }
  }
  return arns ?? nothing;
}

/** Values for the template's own variables. A list (instances, parameter names) gives one combination for each. */
function combinations({ own }: ArnTemplate, service: string, parameters: Parameters): readonly string[][] {
  let rows: string[][] = [[]];
  for (const variable of own) {
    const values = valuesOf(service, variable, parameters);
    if (values.length === 0) return [];
    rows = values.slice(0, mostNamed).flatMap((value) => rows.map((row) => [...row, value]));
  }
  return rows.slice(0, mostNamed);
}

function valuesOf(service: string, variable: string, parameters: Parameters): readonly string[] {
  for (const name of parameterNamesOf(service, variable)) {
    const value = parameters[name];
    if (value === undefined || value === null) continue;
    return texts(value)
      .map((text) => arnPartOf(variable, text))
      .filter((part): part is string => part !== undefined && part !== '')
      .map((part) => (variable.endsWith('NameWithPath') ? withPath(part, parameters) : part));
  }
  return service === 'ec2' && variable === 'InstanceId' ? instancesIn(parameters) : nothing;
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string' && each !== '');

const withPath = (name: string, { path }: Parameters): string =>
  typeof path === 'string' && path.length > 1 ? path.slice(1) + name : name;

/** EC2 writes lists as `instancesSet: { items: [{ instanceId }] }`. */
const instancesIn = ({ instancesSet }: Parameters): readonly string[] =>
  listOf(parametersOf(instancesSet).items).flatMap((item) => texts(parametersOf(item).instanceId));
