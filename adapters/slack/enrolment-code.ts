import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, secondsOf } from '../../core/time.ts';

/** Seconds in which a code can be used. */
const holds = 600;

interface To {
  team: string;
  user: string;
}

/** A code for one Slack user: nothing has to be stored for it, and nobody without the key can make one. */
export const mintCode = (key: string, to: To, now: Instant): string => {
  const until = (secondsOf(now) + holds).toString(36);
  return `${until}-${proofOf(key, to, until)}`;
};

/** Whether we made the code for exactly this user, and it still holds. */
export function isCode(key: string, code: string, to: To, now: Instant): boolean {
  const [, until, proof] = /^([0-9a-z]{6,8})-([0-9a-f]{24})$/.exec(code) ?? [];
  if (key === '' || until === undefined || proof === undefined) return false;
  const left = Number.parseInt(until, 36) - secondsOf(now);
  if (!(left >= 0 && left <= holds)) return false;
  return timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(key, to, until)));
}

const proofOf = (key: string, { team, user }: To, until: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['enrolment code', team, user, until]))
    .digest('hex')
    .slice(0, 24);

/** What somebody is told who wants to be enrolled. */
export const enrollingWords = (url: string, { team, user }: To, code: string): string =>
  [
    'Run this at a terminal, with credentials of your own IAM user or your session of IAM Identity Center:',
    `npx leastwise enroll --url ${url} --team ${team} --user ${user} --code ${code}`,
    'The code holds for ten minutes and works once. Nobody else should see it.',
  ].join('\n');
