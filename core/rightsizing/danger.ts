import { type PrivilegeClass, privilegeClassOf } from '../catalogue/privilege-class.ts';

/** Classes of actions by which somebody gets further, stays, or is not seen. */
const dangerous: ReadonlySet<PrivilegeClass> = new Set<PrivilegeClass>([
  'secret-read',
  'privilege-escalation',
  'persistence',
  'defense-evasion',
  'exfiltration',
]);

/** Whether the action, in the catalogue's spelling, helps whoever misuses it to more than the action itself. */
export const isDangerous = (action: string): boolean => dangerous.has(privilegeClassOf(action));
