import { fail, ok, type Result } from '../result.ts';
import type { Inventory, PrincipalRecord } from './inventory.ts';

/** Why a name stands for nobody or for several. */
export type NotFound = { reason: 'nobody' } | { reason: 'several'; arns: readonly string[] };

/**
 * Finds whom a person means: an ARN, a unique id, `user/NAME`, `role/NAME` or a bare name; the ARN of a role session
 * stands for its role.
 */
export function findPrincipal(asked: string, inventories: readonly Inventory[]): Result<PrincipalRecord, NotFound> {
  const all = inventories.flatMap(({ principals }) => principals);
  const exact = all.find(({ arn, id }) => arn === asked || id === asked);
  if (exact) return ok(exact);
  const session = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(asked);
  const found = all.filter(({ type, name, arn }) =>
    session
      ? type === 'role' && name === session[2] && arn.split(':')[4] === session[1]
      : name === asked || `${type}/${name}` === asked,
  );
  if (found.length === 1) return ok(found[0] as PrincipalRecord);
  return fail(found.length === 0 ? { reason: 'nobody' } : { reason: 'several', arns: found.map(({ arn }) => arn) });
}
