import { canonicalHash } from '../../../core/audit/canonical.ts';
import type { Enrolment } from '../../../core/enrolment/registry.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { button } from '../buttons.ts';
import { type Look, moment, personName } from './names.ts';
import { code, context, fields, header, prose, section } from './text.ts';

/** Who says to be whom, for everybody to see, and a way to say no. */
export const renderEnrolment =
  (look: Look) =>
  (enrolment: Enrolment): SlackMessage => {
    const { team, user, name, arn, actors, at, from, refusedBy } = enrolment;
    const title = `${name} enrols`;
    const subject = { id: `${team}/${user}`, digest: canonicalHash({ arn, actors, at }), version: 1 };
    return {
      text: prose(`${title}${refusedBy === null ? '' : ': refused'}`),
      blocks: [
        header(title),
        fields([
          ['Slack account', code(`${team} ${user}`, 100)],
          ['As', code(arn, 300)],
          ['Asked', moment(at)],
          ['Counts from', refusedBy === null ? moment(from) : 'never'],
        ]),
        ...(refusedBy === null
          ? [
              {
                type: 'actions' as const,
                elements: [
                  button(look.nonceKey, 'enrolment:refuse', subject, { text: 'This is not so', style: 'danger' }),
                ],
              },
              context(
                'A session of that identity proved itself to AWS with a code given to that Slack account.',
                '*This is not so*: the enrolment does not count, now or later. Anybody who is known here may say it.',
              ),
            ]
          : [section(`*Refused* by ${personName(look, refusedBy)}.`)]),
      ],
    };
  };
