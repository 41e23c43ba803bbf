import type { Risk } from '../approvals/risk.ts';
import { canonicalHash } from '../audit/canonical.ts';
import type { Settings } from './settings.ts';

/** What lets changes begin, or go on. Turning off needs nothing, so it has no name here. */
export type Turn = { what: 'apply-on'; account: string } | { what: 'resume' };

/** By itself it gives nothing: what is applied then was decided, and confirmed where it was risky. */
export const turnRisk: Risk = 'medium';

/** `apply-on-ACCOUNT` and `resume`, as a terminal names them; undefined: none of them. */
export function turnNamed(name: string): Turn | undefined {
  if (name === 'resume') return { what: 'resume' };
  const [, account] = /^apply-on-(\d{12})$/.exec(name) ?? [];
  return account === undefined ? undefined : { what: 'apply-on', account };
}

/** What is signed: this turn, from where the switches stand now, so that it turns them once. */
export const turnDigest = (turn: Turn, { version }: Pick<Settings, 'version'>): string =>
  canonicalHash({ turn, version });
