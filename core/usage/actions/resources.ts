import { parseDenialMessage } from '../../access/denial-message.ts';
import { findAction } from '../../catalogue/catalogue.ts';
import { apiGatewayPath, withInput } from './api-gateway.ts';
import { type ArnTemplate, fill, longestArn, type Place, parseTemplate, patternOf } from './arn-template.ts';
import { idsIn, makesNew } from './ec2.ts';
import { type MappableEvent, type Need, type Parameters, parametersOf } from './need.ts';
import { arnPartOf, parameterNamesOf } from './parameter-names.ts';

/** How to find an action's resources in a record; null for an action that takes only `*`. */
type Plan = {
  service: string;
  matches: RegExp;
  named: readonly Named[];
  /** Templates by resource type, and which of the types every call of the action is on. */
  types: ReadonlyMap<string, ArnTemplate>;
  required: readonly string[];
} | null;

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
  const made = about ? nothing : inRequest(plan, event);
  return made.length > 0 ? made : said(plan, action, event);
}

/** As each service writes its requests. */
function inRequest(plan: NonNullable<Plan>, event: MappableEvent): readonly string[] {
  const parameters = parametersOf(event.requestParameters);
  if (plan.service === 'ec2') return ofEc2(plan, parameters, event);
  if (plan.service === 'apigateway') return ofApiGateway(plan, parameters, event);
  const found = inParameters(plan, parameters, event);
  if (found.length > 0) return found;
  if (plan.service === 'ssm') return ofTyped(plan, parameters, event);
  return plan.service === 'iam' && parameters.userName === undefined ? ofCaller(plan, event) : nothing;
}

/** What a denial names: `arn:…:vpc/*` for what would have been made. */
function said(plan: NonNullable<Plan>, action: string, { errorMessage }: MappableEvent): readonly string[] {
  if (errorMessage === undefined || errorMessage === null) return nothing;
  const message = parseDenialMessage(errorMessage);
  if (message?.resource?.startsWith('arn:') !== true) return nothing;
  return message.action.toLowerCase() === action.toLowerCase() ? fitting(plan, [message.resource]) : nothing;
}

/** Of IAM's calls about a user, those that name none are about the caller. */
const ofCaller = (plan: NonNullable<Plan>, { caller }: MappableEvent): readonly string[] =>
  typeof caller?.arn === 'string' && caller.arn.includes(':user/') ? fitting(plan, [caller.arn]) : nothing;

/** Ids say their type; what a call makes has none yet, and is authorised as any of its type (`vpc/*`). */
function ofEc2(plan: NonNullable<Plan>, parameters: Parameters, event: MappableEvent): readonly string[] {
  const found = new Set(inParameters(plan, parameters, event));
  const present = new Set<string>();
  for (const { type, id } of idsIn(parameters)) {
    const template = plan.types.get(type);
    const arn = template && fill(template, [id], event);
    if (arn !== undefined) found.add(arn);
    present.add(type);
  }
  for (const type of makesNew(event.name) ? plan.required : []) {
    const template = plan.types.get(type);
    const arn =
      template &&
      !present.has(type) &&
      fill(
        template,
        template.own.map(() => '*'),
        event,
      );
    if (arn && ![...found].some((each) => sameType(each, arn))) found.add(arn);
  }
  return [...found].slice(0, mostNamed);
}

/** Two of EC2's ARNs up to the id. */
const sameType = (a: string, b: string): boolean => a.slice(0, a.indexOf('/')) === b.slice(0, b.indexOf('/'));

// biome-ignore lint/suspicious/noTemplateCurlyInString: the catalogue's own placeholders
const apiGatewayRoot = parseTemplate('arn:${Partition}:apigateway:${Region}::/');

function ofApiGateway(plan: NonNullable<Plan>, parameters: Parameters, event: MappableEvent): readonly string[] {
  const given = inParameters(plan, parameters, event);
  if (given.length > 0) return given;
  const path = apiGatewayPath(event.name, withInput(parameters));
  const start = fill(apiGatewayRoot, [], event);
  return path === undefined || start === undefined ? nothing : fitting(plan, [start + path]);
}

/** Systems Manager tags things by their type and id. */
const typeOfSsm: Readonly<Record<string, string>> = {
  Automation: 'automation-execution',
  Document: 'document',
  MaintenanceWindow: 'maintenancewindow',
  ManagedInstance: 'managed-instance',
  OpsItem: 'opsitem',
  OpsMetadata: 'opsmetadata',
  Parameter: 'parameter',
  PatchBaseline: 'patchbaseline',
};

function ofTyped(plan: NonNullable<Plan>, { resourceType, resourceId }: Parameters, place: Place): readonly string[] {
  if (typeof resourceType !== 'string' || typeof resourceId !== 'string') return nothing;
  const template = Object.hasOwn(typeOfSsm, resourceType) ? plan.types.get(typeOfSsm[resourceType]!) : undefined;
  const arn = template && fill(template, [resourceId.replace(/^\//, '')], place);
  return arn === undefined || arn.length > longestArn ? nothing : [arn];
}

function planOf(action: string): Plan {
  const known = plans.get(action);
  if (known !== undefined) return known;
  const found = findAction(action);
  const all = found?.resourceTypes ?? [];
  const types = new Map(all.map(({ name, templates: [first = ''] }) => [name, parseTemplate(first)]));
  const templates = all.flatMap((type) => type.templates.map(parseTemplate));
  const service = found?.service ?? '';
  const required = all.filter((type) => type.required).map(({ name }) => name);
  const plan: Plan =
    templates.length === 0
      ? null
      : { service, matches: patternOf(templates), named: namedOf(templates, service), types, required };
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
    const arns = makeArns(named, parameters, place);
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
function makeArns(named: Named, parameters: Parameters, place: Place): readonly string[] {
  const { template } = named;
  // Mostly one of the parameters is not there: no rows are made before all are known to be.
  const values: (readonly string[])[] = [];
  for (let i = 0; i < named.parameters.length; i++) {
    const found = valuesOf(named.parameters[i]!, template.own[i] as string, parameters);
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

function valuesOf(names: readonly string[], variable: string, parameters: Parameters) {
  for (const name of names) {
    const value = parameters[name];
    if (value !== undefined && value !== null) return partsOf(variable, value, parameters);
  }
  return nothing;
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
