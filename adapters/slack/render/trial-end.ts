import type { TrialEnd } from '../../../core/changes/change.ts';
import { type Look, moment, personName } from './names.ts';
import { code, fitted } from './text.ts';

/** Why a trial ended, in a sentence. */
export function trialEndWords(look: Look, { why, by, denials }: TrialEnd): string {
  switch (why) {
    case 'denied': {
      const missed = denials.map(({ action, time }) => `${code(action, 150)} at ${moment(time)}`);
      const listed = fitted(missed, 800).replaceAll('\n', ', ');
      return `it denied ${listed}, which nothing else does. It is proposed again without that.`;
    }
    case 'asked':
      return `${personName(look, by)} ended it.`;
    case 'final':
      return 'what it tried is in force.';
    case 'gone':
      return 'whom it was about is gone.';
  }
}
