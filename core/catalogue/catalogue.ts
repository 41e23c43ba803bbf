import type { StoredCatalogue, StoredService } from './stored.ts';

export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions management';

/** A resource type of a service, with its ARN templates (`arn:${Partition}:s3:::${BucketName}`). */
export interface ResourceType {
  name: string;
  templates: readonly string[];
}

/** A resource type that an action takes; `required` where AWS says that the action always names one. */
interface TakenType extends ResourceType {
  required: boolean;
}

/** An IAM action. One without resource types only ever matches the resource `*`. */
export interface CatalogueAction {
  /** Canonical `service:Action`. */
  action: string;
  service: string;
  name: string;
  accessLevel: AccessLevel;
  resourceTypes: readonly TakenType[];
  /**
   * Further actions that AWS says a call may need: to pass a role, to tag what it makes, to use a key. Whether it did, its
   * parameters say.
   */
  dependents: readonly string[];
  /** No API call has it: it is only checked while others are made. */
  permissionOnly: boolean;
}

interface Service {
  name: string;
  resourceTypes: readonly ResourceType[];
  /** By lower-case action name. */
  actions: ReadonlyMap<string, CatalogueAction>;
}

const levels: Record<string, AccessLevel> = {
  L: 'List',
  R: 'Read',
  W: 'Write',
  T: 'Tagging',
  P: 'Permissions management',
};

const stored = await load();
const storedByPrefix = new Map(stored.services.map((service) => [service.prefix, service]));
/** Services are unpacked when first asked for: few processes need more than some. */
const unpacked = new Map<string, Service>();
let everyAction: readonly string[] | undefined;

/** Where the catalogue comes from: version of the data and its UTC day. */
export const catalogueSource = { version: stored.version, date: stored.date };

/** The action of that name in any case, undefined when AWS has none. */
export function findAction(action: string): CatalogueAction | undefined {
  const colon = action.indexOf(':');
  return serviceOf(action.slice(0, colon).toLowerCase())?.actions.get(action.slice(colon + 1).toLowerCase());
}

/** The action's access level as AWS names it, undefined for an unknown action. */
export const accessLevelOf = (action: string): AccessLevel | undefined => findAction(action)?.accessLevel;

/** Every action's canonical name, by service and name. */
export function allActions(): readonly string[] {
  everyAction ??= stored.services.flatMap(({ prefix, actions }) =>
    actions === '' ? [] : actions.split(' ').map((packed) => `${prefix}:${packed.slice(0, packed.indexOf('.'))}`),
  );
  return everyAction;
}

/** Every service prefix, ascending. */
export const servicePrefixes = (): readonly string[] => [...storedByPrefix.keys()];

/** A service's name for people (`Amazon S3`), undefined for an unknown prefix. */
export const serviceNameOf = (prefix: string): string | undefined => serviceOf(prefix.toLowerCase())?.name;

/** The actions of a service in any case, by name; empty for an unknown prefix. */
export function actionsOfService(prefix: string): readonly CatalogueAction[] {
  return [...(serviceOf(prefix.toLowerCase())?.actions.values() ?? [])];
}

/** The resource types of a service in any case; empty for an unknown prefix. */
export function resourceTypesOfService(prefix: string): readonly ResourceType[] {
  return serviceOf(prefix.toLowerCase())?.resourceTypes ?? [];
}

async function load(): Promise<StoredCatalogue> {
  try {
    return (await import('./generated/catalogue.json', { with: { type: 'json' } })).default;
  } catch (cause) {
    throw new Error(
      'The IAM catalogue (core/catalogue/generated/catalogue.json) cannot be read: run npm run prepare.',
      {
        cause,
      },
    );
  }
}

function serviceOf(prefix: string): Service | undefined {
  const known = unpacked.get(prefix);
  if (known) return known;
  const packed = storedByPrefix.get(prefix);
  if (!packed) return undefined;
  const service = unpack(packed);
  unpacked.set(prefix, service);
  return service;
}

function unpack({ prefix, name, resourceTypes, actions, needs, unseen }: StoredService): Service {
  const types = resourceTypes === '' ? [] : resourceTypes.split('\n').map(unpackType);
  const taken = new Map<string, TakenType>();
  for (const [i, type] of types.entries()) {
    taken.set(`${i}`, { ...type, required: false }).set(`${i}!`, { ...type, required: true });
  }
  const byName = new Map<string, CatalogueAction>();
  const more = { needs: new Map(needs.split('\n').map(unpackNeeds)), unseen: new Set(unseen.split(' ')) };
  for (const packed of actions === '' ? [] : actions.split(' ')) {
    const action = unpackAction(prefix, packed, taken, more);
    byName.set(action.name.toLowerCase(), action);
  }
  return { name, resourceTypes: types, actions: byName };
}

function unpackType(line: string): ResourceType {
  const [name = '', templates = ''] = line.split('\t');
  return { name, templates: templates.split(', ') };
}

function unpackNeeds(line: string): [string, readonly string[]] {
  const [name = '', ...needs] = line.split(' ');
  return [name, needs];
}

const none: readonly string[] = [];

function unpackAction(
  service: string,
  packed: string,
  types: ReadonlyMap<string, TakenType>,
  { needs, unseen }: { needs: ReadonlyMap<string, readonly string[]>; unseen: ReadonlySet<string> },
): CatalogueAction {
  const [head = '', ...indexes] = packed.split(',');
  const dot = head.length - 2;
  const name = head.slice(0, dot);
  return {
    action: `${service}:${name}`,
    service,
    name,
    accessLevel: levels[head.slice(dot + 1)] as AccessLevel,
    resourceTypes: indexes.map((index) => types.get(index) as TakenType),
    dependents: needs.get(name) ?? none,
    permissionOnly: unseen.has(name),
  };
}
