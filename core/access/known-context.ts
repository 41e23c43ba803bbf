import type { PrincipalRecord } from '../identity/inventory.ts';
import type { Guardrails } from './organization.ts';
import type { ContextValue } from './situation.ts';

type Known = readonly (readonly [key: string, value: ContextValue])[];

/** What an organization knows of a caller: tags and place. A session's own tags come with the request and stand above. */
export const knownOfCaller = (holder: PrincipalRecord | undefined, guardrails: Guardrails | undefined): Known => [
  ...Object.entries(holder?.tags ?? {}).map(
    ([name, value]) => [`aws:principaltag/${name.toLowerCase()}`, value] as const,
  ),
  ...(guardrails
    ? [['aws:principalorgid', guardrails.organization] as const, ['aws:principalorgpaths', [guardrails.path]] as const]
    : []),
];

/** What it knows of a resource by its owner's place. */
export const knownOfResource = (guardrails: Guardrails | undefined): Known =>
  guardrails
    ? [['aws:resourceorgid', guardrails.organization] as const, ['aws:resourceorgpaths', [guardrails.path]] as const]
    : [];
