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
    return;
  }
  if (depth >= deepest) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && search.left > 0; i++) read(value[i], named, depth + 1, anywhere, search);
  } else if (typeof value === 'object' && value !== null) {
    readMembers(value as Parameters, named, depth, anywhere, search);
  }
}

function readMembers(value: Parameters, named: boolean, depth: number, anywhere: boolean, search: Search): void {
  for (const name in value) {
    if (search.left <= 0) return;
    read(value[name], named || calledLikeRole.test(name), depth + 1, anywhere, search);
  }
}

function take(role: string, { roles }: Search): void {
  if (roles.length < mostRoles && !roles.includes(role)) roles.push(role);
}
