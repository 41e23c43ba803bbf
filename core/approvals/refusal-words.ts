import type { Refusal } from './rules.ts';

/** Why an answer does not count, in one sentence to the person who gave it. */
export const refusalWords: Readonly<Record<Refusal, string>> = {
  'unknown-person': 'This Slack account is not enrolled: an operator adds it to `people` in the configuration.',
  suspended: 'You were taken out of the configuration: you may say no, and nothing else.',
  'not-pending': 'This is no longer waiting for a decision.',
  lapsed: 'The time to decide is over. It can be proposed again.',
  'self-approval': 'Nobody decides for themselves: somebody else has to.',
  'no-matching-rule': 'No approver rule of the configuration covers this, so nobody can approve it.',
  'denied-by-rule': 'A rule of the configuration forbids this, whoever approves.',
  'not-an-approver': 'The rules do not name you as an approver for this.',
  'already-decided': 'You have answered this already.',
  'not-confirmed':
    'A click is not enough for this: please confirm it by your own AWS session, with `npx leastwise confirm` and the id of the change.',
  'no-standing-decision':
    'No standing decision covers this: not for you, there, for so long, or for these actions. It waits for approval like any other request.',
  'found-wrong':
    'A review found wrong what you took in an emergency, so you take nothing more for a week. It waits for approval like any other request.',
  'not-reviewed':
    'Nobody has looked at what you took in an emergency, and with this it would last longer than anything is lent. It waits for approval like any other request.',
  'digest-mismatch': 'It changed since it was shown to you. Please look at the newest message and answer again.',
};
