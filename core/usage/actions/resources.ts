import { findAction } from '../../catalogue/catalogue.ts';
import { type ArnTemplate, fill, longestArn, type Place, parseTemplate, patternOf } from './arn-template.ts';
import { listOf, type MappableEvent, type Need, type Parameters, parametersOf } from './need.ts';
import { arnPartOf, parameterNamesOf } from './parameter-names.ts';

/** How to find an action's resources in a record; null for an action that takes only `*`. */
type Plan = { service: string; matches: RegExp; named: readonly Named[] } | null;

/** A template whose own variables all stand in parameters of known names. */
interface Named {
  template: ArnTemplate;
  parameters: readonly (readonly string[])[];
}

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
  const listed = fitting(plan, event.resources);
  if (listed.length > 0) return listed;
  return about ? nothing : inParameters(plan, parametersOf(event.requestParameters), event);
}

function planOf(action: string): Plan {
  const known = plans.get(action);
  if (known !== undefined) return known;
  const found = findAction(action);
  const templates = found?.resourceTypes.flatMap((type) => type.templates.map(parseTemplate)) ?? [];
  const service = found?.service ?? '';
  const plan: Plan =
    templates.length === 0 ? null : { service, matches: patternOf(templates), named: namedOf(templates, service) };
  plans.set(action, plan);
  return plan;
}

/** Ordered so that what lies in a bucket comes before the bucket. */
const namedOf = (templates: readonly ArnTemplate[], service: string): readonly Named[] =>
  templates
    .filter((template) => isNameable(template, service))
    .map((template) => ({ template, parameters: template.own.map((each) => parameterNamesOf(service, each)) }))
    .filter(({ parameters }) => parameters.length > 0 && parameters.every((names) => names.length > 0))
    .sort((a, b) => b.parameters.length - a.parameters.length);

/**
 * API Gateway's resources are paths of which the parameters are only a part; hybrid machines share the parameter of
 * EC2's instances.
 */
const isNameable = ({ source }: ArnTemplate, service: string): boolean =>
  service !== 'apigateway' && !source.includes(':managed-instance');

const fits = ({ matches }: NonNullable<Plan>, arn: string): boolean => arn.length <= longestArn && matches.test(arn);

/** Most events name none or one: then there is no list to make. */
function fitting(plan: NonNullable<Plan>, arns: readonly string[]): readonly string[] {
  if (arns.length === 1) return fits(plan, arns[0]!) ? arns : nothing;
  return arns.length === 0 ? nothing : arns.filter((arn) => fits(plan, arn));
}

function inParameters(plan: NonNullable<Plan>, parameters: Parameters, place: Place): readonly string[] {
  const given = fitting(plan, arnsIn(parameters));
  if (given.length > 0) return given.slice(0, mostNamed);
  const made: string[] = [];
  const used: ArnTemplate[] = [];
  for (const named of plan.named) {
    if (used.some((inner) => liesIn(inner, named.template))) continue;
    const arns = makeArns(named, plan.service, parameters, place);
    if (arns.length === 0) continue;
    used.push(named.template);
    made.push(...arns.slice(0, mostNamed - made.length));
  }
  return made.length > 0 ? made : nothing;
}

/** An object lies in its bucket, an index in its table: the call was on the inner one. */
const liesIn = (inner: ArnTemplate, outer: ArnTemplate): boolean => inner.source.startsWith(`${outer.source}/`);

function arnsIn(parameters: Parameters): readonly string[] {
  let arns: string[] | undefined;
  for (const name in parameters) {
    const value = parameters[name];
    if (typeof value !== 'string' && !Array.isArray(value)) continue;
    for (const each of typeof value === 'string' ? [value] : value.slice(0, mostNamed)) {
      if (typeof each !== 'string' || !each.startsWith('arn:')) continue;
      arns ??= [];
      arns.push(withoutIterator(each));
    }
  }
  return arns ?? nothing;
}

/** A shard iterator is its stream's ARN and more. */
const withoutIterator = (arn: string): string => arn.split('|', 1)[0] as string;

/** One ARN for each combination of values: a parameter can hold a list (instances, parameter names). */
function makeArns(named: Named, service: string, parameters: Parameters, place: Place): readonly string[] {
  const { template } = named;
  // Mostly one of the parameters is not there: no rows are made before all are known to be.
  const values: (readonly string[])[] = [];
  for (let i = 0; i < named.parameters.length; i++) {
    const found = valuesOf(named.parameters[i]!, service, template.own[i] as string, parameters);
    if (found.length === 0) return nothing;
    values.push(found.length > mostNamed ? found.slice(0, mostNamed) : found);
  }
  const arns = rowsOf(values).map((row) => fill(template, row, place));
  return arns.filter((arn): arn is string => arn !== undefined && arn.length <= longestArn);
}

function rowsOf(values: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let rows: readonly (readonly string[])[] = [[]];
  for (const each of values) {
    rows = rows.flatMap((row) => each.map((value) => [...row, value])).slice(0, mostNamed);
  }
  return rows;
}

function valuesOf(names: readonly string[], service: string, variable: string, parameters: Parameters) {
  for (const name of names) {
    const value = parameters[name];
    if (value !== undefined && value !== null) return partsOf(variable, value, parameters);
  }
  return service === 'ec2' && variable === 'InstanceId' ? instancesIn(parameters) : nothing;
}

function partsOf(variable: string, value: unknown, parameters: Parameters): readonly string[] {
  const parts: string[] = [];
  for (const text of texts(value)) {
    const part = arnPartOf(variable, text);
    if (part) parts.push(variable.endsWith('NameWithPath') ? withPath(part, parameters) : part);
  }
  return parts;
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string' && each !== '');

const withPath = (name: string, { path }: Parameters): string =>
  typeof path === 'string' && path.length > 1 ? path.slice(1) + name : name;

/** EC2 writes lists as `instancesSet: { items: [{ instanceId }] }`. */
const instancesIn = ({ instancesSet }: Parameters): readonly string[] =>
  listOf(parametersOf(instancesSet).items)
    .slice(0, mostNamed)
    .flatMap((item) => texts(parametersOf(item).instanceId));
