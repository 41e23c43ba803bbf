import type { Instant } from '../../core/time.ts';
import { channelOf } from '../channel.ts';
import { handClock } from '../clock.ts';
import type { Fault } from '../faults.ts';
import { accounts } from '../sample-organization/accounts.ts';
import { sampleOrganization } from '../sample-organization/organization.ts';
import { loadIam } from '../sample-source.ts';
import { createSystem } from '../system.ts';
import { tellAttack } from './attack.ts';
import { tellAudit } from './audit.ts';
import { switchOn, tellHistory } from './history.ts';
import { tellLending } from './lending.ts';
import { tellRightsizing } from './rightsizing.ts';
import { Broken } from './scene.ts';

export interface StoryOptions {
  seed: number;
  end: Instant;
  /** Of history; 60 unless given. */
  days?: number;
  /** Breaks one step on purpose. */
  fault?: Fault | undefined;
  say(sentence: string): void;
}

/**
 * The whole story on the sample organization, every step told only once it is seen in the stores and in IAM. Resolves
 * to the sentence that says what did not happen, or to null.
 */
export async function tellStory({ seed, end, days = 60, fault, say }: StoryOptions): Promise<string | null> {
  const organization = sampleOrganization({ seed, end, days });
  const system = createSystem({ configuration: organization.configuration, clock: handClock(end), fault });
  const scene = { system, organization, channel: channelOf(system), say };
  try {
    await loadIam(system, organization);
    await tellHistory(scene);
    await switchOn(scene);
    await tellRightsizing(scene, accounts.security);
    await tellLending(scene);
    await tellAttack(scene);
    await tellAudit(scene);
    return null;
  } catch (fault) {
    if (fault instanceof Broken) return fault.message;
    throw fault;
  }
}
