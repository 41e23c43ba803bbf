import * as z from 'zod/mini';
import type { KmsGrant } from '../../core/access/situation.ts';
import type { ResourcePolicy } from '../../core/identity/resource-policy.ts';
import { policyTextOf } from '../../core/policy/text.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Problem, readJson, shapeProblems, UnusableFile } from './problems.ts';

const text = (pattern: RegExp, shape: string) => z.string().check(z.regex(pattern, `must be ${shape}`));
const pairs = () => z.record(z.string(), z.string());

/** As `aws kms list-grants` prints it; what does not bear on access is passed over. */
const grant = z.object({
  GranteePrincipal: z.string(),
  RetiringPrincipal: z.optional(z.string()),
  Operations: z.array(z.string()),
  Constraints: z.optional(
    z.object({ EncryptionContextSubset: z.optional(pairs()), EncryptionContextEquals: z.optional(pairs()) }),
  ),
});

const resource = z.strictObject({
  arn: text(/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/, 'the ARN of a resource'),
  account: z.optional(text(/^\d{12}$/, 'an AWS account id: twelve digits, in quotes')),
  policy: z._default(
    z
      .unknown()
      .check(
        z.refine((value) => value == null || policyTextOf(value) !== undefined, 'must be a policy document or null'),
      ),
    null,
  ),
  grants: z._default(z.array(grant), []),
  unread: z._default(z.boolean(), false),
  bucket: z.optional(
    z.strictObject({
      acls: z._default(z.enum(['disabled', 'unread']), 'unread'),
      publicAccess: z._default(z.enum(['open', 'restricted', 'unread']), 'unread'),
    }),
  ),
});

const schema = z.strictObject({ v: z.literal(1), resources: z.array(resource) });

/** Reads a file of resource policies (docs/inventory.md); throws UnusableFile with all that is wrong, by its place. */
export function readResourcePolicies(file: string): readonly ResourcePolicy[] {
  const parsed = parseResourcePolicies(readJson(file));
  if (!parsed.ok) throw new UnusableFile(file, parsed.error);
  return parsed.value;
}

/** Checks the shape, and that every resource has an owner and stands there once. */
export function parseResourcePolicies(value: unknown): Result<readonly ResourcePolicy[], readonly Problem[]> {
  const { data, error } = z.safeParse(schema, value);
  if (data === undefined) return fail(error.issues.flatMap(shapeProblems));
  const seen = new Map<string, number>();
  const problems = data.resources.flatMap(({ arn, account, policy, unread }, index): Problem[] => {
    const earlier = seen.get(arn);
    seen.set(arn, index);
    const named = accountIn(arn);
    const place = `resources[${index}]`;
    if (earlier !== undefined)
      return [{ field: `${place}.arn`, words: `${arn} stands at resources[${earlier}] already` }];
    if (account === undefined && named === '')
      return [{ field: `${place}.account`, words: 'is missing, and the ARN does not name the owner: say whose it is' }];
    if (account !== undefined && named !== '' && named !== account)
      return [{ field: `${place}.account`, words: `${account} is not the account in the ARN` }];
    if (unread && policy !== null)
      return [{ field: `${place}.unread`, words: 'cannot be: its policy stands beside it' }];
    return [];
  });
  if (problems.length > 0) return fail(problems);
  return ok(
    data.resources.map(({ arn, account, policy, grants, unread, bucket }) => ({
      arn,
      account: account ?? accountIn(arn),
      policy: policyTextOf(policy) ?? null,
      grants: grants.map(grantOf),
      ...(unread ? { isUnread: true } : {}),
      ...(bucket ? { bucket } : {}),
    })),
  );
}

const accountIn = (arn: string): string => arn.split(':')[4] ?? '';

function grantOf({ GranteePrincipal, RetiringPrincipal, Operations, Constraints }: z.infer<typeof grant>): KmsGrant {
  const equals = Constraints?.EncryptionContextEquals;
  const bound = equals ?? Constraints?.EncryptionContextSubset;
  return {
    granteePrincipal: GranteePrincipal,
    retiringPrincipal: RetiringPrincipal ?? null,
    operations: Operations,
    encryptionContext: bound ? { equals: equals !== undefined, pairs: new Map(Object.entries(bound)) } : null,
  };
}
