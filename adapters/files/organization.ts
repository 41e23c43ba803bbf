import * as z from 'zod/mini';
import type { IdentityCenter } from '../../core/identity/identity-center.ts';
import { fullAccess, type OrganizationalUnit, type OrganizationTree } from '../../core/identity/organization-tree.ts';
import { policyTextOf } from '../../core/policy/text.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Problem, readJson, shapeProblems, UnusableFile } from './problems.ts';

const text = (pattern: RegExp, shape: string) => z.string().check(z.regex(pattern, `must be ${shape}`));
const accountId = () => text(/^\d{12}$/, 'an AWS account id: twelve digits, in quotes');
const list = <T extends z.ZodMiniType>(item: T) => z._default(z.array(item), () => []);
/** A policy as an object, as its text, or as its text URL-encoded. */
const document = () =>
  z.unknown().check(z.refine((value) => policyTextOf(value) !== undefined, 'must be a policy document'));
const attachments = {
  /** Absent: FullAWSAccess, as AWS attaches it by itself. */
  scps: z._default(z.array(z.string()), [fullAccess.id]),
  rcps: list(z.string()),
};

const account = z.strictObject({ id: accountId(), name: z.optional(z.string()), ...attachments });

/** Written out: a shape that holds itself cannot be inferred. */
interface Unit {
  id: string;
  name?: string | undefined;
  scps: string[];
  rcps: string[];
  accounts: z.infer<typeof account>[];
  units: Unit[];
}
const unit: z.ZodMiniType<Unit> = z.strictObject({
  id: text(/^(r|ou)-[a-z0-9-]+$/, 'the id of a root or a unit, like r-ab12 or ou-ab12-cd34ef56'),
  name: z.optional(z.string()),
  ...attachments,
  accounts: list(account),
  units: z._default(z.array(z.lazy(() => unit)), []),
});

const identityCenter = z.strictObject({
  instance: z.string(),
  identityStore: z.string(),
  permissionSets: z.array(
    z.strictObject({
      arn: z.string(),
      name: z.string(),
      /** Seconds that its sessions last. */
      session: z.optional(z.int().check(z.positive())),
      inline: z._default(z.nullable(document()), null),
      managed: list(z.string()),
      customerManaged: list(z.strictObject({ name: z.string(), path: z._default(z.string(), '/') })),
    }),
  ),
  assignments: z.array(
    z.strictObject({
      account: accountId(),
      permissionSet: z.string(),
      kind: z.enum(['USER', 'GROUP']),
      principal: z.string(),
    }),
  ),
  users: list(z.strictObject({ id: z.string(), name: z.string() })),
  groups: list(z.strictObject({ id: z.string(), name: z.string(), members: list(z.string()) })),
});

const schema = z.strictObject({
  v: z.literal(1),
  id: text(/^o-[a-z0-9]+$/, 'an organization id like o-a1b2c3d4e5'),
  managementAccount: accountId(),
  enabled: z._default(z.strictObject({ scps: z.boolean(), rcps: z.boolean() }), { scps: true, rcps: true }),
  policies: list(z.strictObject({ id: z.string(), name: z.optional(z.string()), document: document() })),
  root: unit,
  delegated: z.optional(z.array(z.strictObject({ account: accountId(), services: list(z.string()) }))),
  identityCenter: z._default(z.nullable(identityCenter), null),
  /** Written beside what a deployment read: how old it is. Nothing here depends on it. */
  parts: z.optional(z.unknown()),
});

/** Reads an organization's file (docs/inventory.md); throws UnusableFile with everything that is wrong, by its place. */
export function readOrganization(file: string): OrganizationTree {
  const parsed = parseOrganization(readJson(file));
  if (!parsed.ok) throw new UnusableFile(file, parsed.error);
  return parsed.value;
}

/** Checks the shape, then what only shows between its parts. */
export function parseOrganization(value: unknown): Result<OrganizationTree, readonly Problem[]> {
  const { data, error } = z.safeParse(schema, value);
  if (data === undefined) return fail(error.issues.flatMap(shapeProblems));
  const policies = data.policies.map(({ id, name, document: written }) => ({
    id,
    name: name ?? id,
    text: policyTextOf(written) as string,
  }));
  const known = new Set([fullAccess.id, ...policies.map(({ id }) => id)]);
  const problems = [...repeatedPolicies(policies), ...unitProblems(data.root, 'root', known, new Map())];
  if (problems.length > 0) return fail(problems);
  const { parts: _, delegated, ...tree } = data;
  return ok({
    ...tree,
    ...(delegated ? { delegated } : {}),
    policies: policies.some(({ id }) => id === fullAccess.id) ? policies : [fullAccess, ...policies],
    root: unitOf(data.root),
    identityCenter: data.identityCenter && centerOf(data.identityCenter),
  });
}

/** The file's form of a tree, policies as their text: what `parseOrganization` reads back. */
export const organizationFile = ({ policies, ...tree }: OrganizationTree): object => ({
  ...tree,
  policies: policies.map(({ id, name, text }) => ({ id, name, document: text })),
});

const unitOf = (each: Unit): OrganizationalUnit => ({
  ...each,
  name: each.name ?? each.id,
  accounts: each.accounts.map((member) => ({ ...member, name: member.name ?? member.id })),
  units: each.units.map(unitOf),
});

const centerOf = (center: z.infer<typeof identityCenter>): IdentityCenter => ({
  ...center,
  permissionSets: center.permissionSets.map(({ session, ...set }) => ({
    ...set,
    ...(session !== undefined && { session }),
    inline: set.inline === null ? null : (policyTextOf(set.inline) as string),
  })),
});

function repeatedPolicies(policies: readonly { id: string }[]): Problem[] {
  const ids = policies.map(({ id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [{ field: `policies[${index}].id`, words: `${id} stands at policies[${ids.indexOf(id)}] already` }],
  );
}

/** `seen`: where each account stands. */
function unitProblems(each: Unit, place: string, known: ReadonlySet<string>, seen: Map<string, string>): Problem[] {
  return [
    ...attachmentProblems(each, place, known),
    ...each.accounts.flatMap((member, index) => {
      const at = `${place}.accounts[${index}]`;
      const earlier = seen.get(member.id);
      seen.set(member.id, at);
      const twice =
        earlier === undefined ? [] : [{ field: `${at}.id`, words: `${member.id} stands at ${earlier} already` }];
      return [...twice, ...attachmentProblems(member, at, known)];
    }),
    ...each.units.flatMap((below, index) => unitProblems(below, `${place}.units[${index}]`, known, seen)),
  ];
}

const attachmentProblems = (
  { scps, rcps }: { scps: readonly string[]; rcps: readonly string[] },
  place: string,
  known: ReadonlySet<string>,
): Problem[] =>
  Object.entries({ scps, rcps }).flatMap(([field, ids]) =>
    ids.flatMap((id, index) =>
      known.has(id)
        ? []
        : [{ field: `${place}.${field}[${index}]`, words: `${id} is not in policies: add it there, or take it out` }],
    ),
  );
