import type { ActorId } from '../identity/principal.ts';
import { isAbove, type Risk } from './risk.ts';

/**
 * A proof that Slack's secrets cannot make (ADR-0026): a session of AWS signed the digest that is decided. Whoever makes
 * one of these has seen STS name the session's identity.
 */
export interface Confirmation {
  /** Whose session it was. */
  actor: ActorId;
  /** The digest that was signed. */
  digest: string;
}

/** Up to this risk a click in Slack is enough, unless the configuration says another. */
const clicksSuffice: Risk = 'medium';

/** Whether an approval of this risk counts only with a confirmation. */
export const needsConfirmation = (risk: Risk | undefined, confirmAbove: Risk = clicksSuffice): boolean =>
  risk !== undefined && isAbove(risk, confirmAbove);

/** Whether the proof is about this digest and by one of these identities. */
export const isConfirmed = (
  confirmation: Confirmation | undefined,
  digest: string,
  identities: ReadonlySet<ActorId>,
): confirmation is Confirmation =>
  confirmation !== undefined && confirmation.digest === digest && identities.has(confirmation.actor);
