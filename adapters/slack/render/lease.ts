import type { KnownBlock } from '@slack/types';
import type { Lease, LeaseState } from '../../../core/leases/lease.ts';
import { secondsOf } from '../../../core/time.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import type { LeaseView } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { changeTerms } from './change-terms.ts';
import { accountName, duration, type Look, moment, personName, shortName } from './names.ts';
import { code, context, fields, header, prose, section } from './text.ts';

/** Lent access: until when, how to end it early, and the receipt once it is gone. */
export const renderLease =
  (look: Look) =>
  ({ lease, change }: LeaseView): SlackMessage => {
    const title = `Access lent to ${shortName(lease.carrier)}`;
    return {
      text: prose(`${title}: ${plainStatus[lease.state]}`),
      blocks: [
        header(title),
        fields([
          ['For', personName(look, lease.beneficiary)],
          ['On', code(lease.carrier, 300)],
          ['Account', accountName(look, lease.account)],
          ['From', moment(lease.startsAt)],
          ['Ends', moment(lease.endsAt)],
          ['Lease', code(lease.id, 100)],
        ]),
        ...(change === null ? [] : changeTerms(change.plan.terms)),
        section(statuses[lease.state](lease)),
        ...revokeButton(look, lease),
      ],
    };
  };

const plainStatus: Readonly<Record<LeaseState, string>> = {
  prepared: 'being prepared',
  provisioning: 'being prepared',
  active: 'active',
  revoking: 'being taken back',
  'revoke-stuck': 'not taken back yet',
  revoked: 'taken back',
  verified: 'taken back',
  closed: 'taken back',
};

const why: Readonly<Record<NonNullable<Lease['revokeReason']>, string>> = {
  ended: 'its time was over',
  early: 'somebody took it back early',
  'in-doubt': 'it was not certain that it had been set up as approved',
  alarm: 'an alarm ended it',
  offboarded: 'whoever it was lent to has left',
};

const because = ({ revokeReason }: Lease): string => (revokeReason === null ? '' : `: ${why[revokeReason]}`);

const statuses: Readonly<Record<LeaseState, (lease: Lease) => string>> = {
  prepared: () => '*Being prepared.* Nothing is lent yet.',
  provisioning: () => '*Being prepared.* Nothing is lent yet.',
  active: (lease) => `*Active* until ${moment(lease.endsAt)}. AWS itself stops allowing it then.`,
  revoking: (lease) => `*Being taken back*${because(lease)}.${attempts(lease)}`,
  'revoke-stuck': (lease) => `*Not taken back yet*${because(lease)}.${attempts(lease)}`,
  revoked: receipt,
  verified: receipt,
  closed: receipt,
};

const attempts = (lease: Lease): string =>
  lease.attempts > 1 ? ` ${lease.attempts} attempts so far; it is tried until the policy is gone.` : '';

function receipt(lease: Lease): string {
  if (lease.revokedAt === null) return `*Taken back*${because(lease)}.`;
  const held = duration(secondsOf(lease.revokedAt) - secondsOf(lease.startsAt));
  return `*Taken back* at ${moment(lease.revokedAt)}${because(lease)}. It was lent for ${held}; reading back shows the policy gone.`;
}

function revokeButton(look: Look, lease: Lease): KnownBlock[] {
  if (lease.state !== 'active') return [];
  // A lease has no digest of its own: what is taken back is the whole of it, whatever it has become.
  const subject = { id: lease.id, digest: lease.change, version: lease.version };
  return [
    {
      type: 'actions',
      elements: [button(look.nonceKey, 'lease:revoke', subject, { text: 'End now', style: 'danger' })],
    },
    context('*End now*: the policy is removed at once. It needs no decision and cannot be taken back.'),
  ];
}
