import type { Parameters } from './need.ts';

const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const calledLikeRole = /roles?(?:_?arns?|_?ids?)?$/i;
/** A request can be large and deep: it is read so far. */
const [deepest, mostRead, mostRoles] = [6, 400, 20];

/**
 * The role ARNs in a request, at most 20 and each once. `anywhere`: under any name, where the call is known to take roles;
 * else under names that say so (`roleArn`, `executionRole`, `roles.authenticated`).
 */
export function rolesIn(parameters: Parameters, anywhere: boolean): readonly string[] {
  const search: Search = { roles: [], left: mostRead };
  for (const name in parameters) read(parameters[name], anywhere || calledLikeRole.test(name), 1, anywhere, search);
  return search.roles;
}

interface Search {
  roles: string[];
  left: number;
}

function read(value: unknown, named: boolean, depth: number, anywhere: boolean, search: Search): void {
  if (search.left-- <= 0) return;
  if (typeof value === 'string') {
    if (named && value.startsWith('arn:') && roleArn.test(value)) take(value, search);
  } else if (typeof value === 'object' && value !== null && depth < deepest) {
    const isList = Array.isArray(value);
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name];
      read(inner, named || (!isList && calledLikeRole.test(name)), depth + 1, anywhere, search);
    }
  }
}

function take(role: string, { roles }: Search): void {
  if (roles.length < mostRoles && !roles.includes(role)) roles.push(role);
}
