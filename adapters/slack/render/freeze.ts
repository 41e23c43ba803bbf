import { type Freeze, freezeDigest } from '../../../core/enrolment/freeze.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { button } from '../buttons.ts';
import { accountName, type Look, moment } from './names.ts';
import { code, context, fields, header, section } from './text.ts';

/** That nobody enrols from an account until somebody looked at a change, as loud as a channel gets. */
export const renderFreeze =
  (look: Look) =>
  (freeze: Freeze | { account: string; isOver: true }): SlackMessage => {
    const title = `Who signs in to ${freeze.account} was changed`;
    if ('isOver' in freeze)
      return { text: title, blocks: [header(title), section('It was lifted, or another change of it came after.')] };
    const { account, call, who, eventID, at } = freeze;
    const subject = { id: account, digest: freezeDigest(freeze), version: 1 };
    return {
      text: `<!channel> ${title}`,
      blocks: [
        header(title),
        section(
          '<!channel> *The SAML provider of Identity Center was changed in an account.* Whoever did it can make sessions there in anybody’s name.',
          '*Frozen*: nobody enrols from it, and sessions of Identity Center there confirm and ask for nothing.',
        ),
        fields([
          ['Account', accountName(look, account)],
          ['Call', code(call, 60)],
          ['By', code(who ?? 'unknown', 300)],
          ['Event', code(eventID, 60)],
          ['Since', moment(at)],
        ]),
        {
          type: 'actions',
          elements: [button(look.nonceKey, 'freeze:lift', subject, { text: 'It was right: lift' })],
        },
        context(
          `Above \`confirmAbove\` a click is not enough: \`npx leastwise confirm freeze-${account}\`, from another account.`,
        ),
      ],
    };
  };
