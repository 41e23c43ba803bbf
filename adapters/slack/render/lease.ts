import type { KnownBlock } from '@slack/types';
import { canonicalHash } from '../../../core/audit/canonical.ts';
import type { Change } from '../../../core/changes/change.ts';
import type { Lease, LeaseState } from '../../../core/leases/lease.ts';
import { secondsOf } from '../../../core/time.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import type { LeaseView } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { changeTerms } from './change-terms.ts';
import { accountName, duration, type Look, moment, personName, shortName } from './names.ts';
import { code, context, fields, fitted, header, prose, section } from './text.ts';

/** Lent access: until when, how to end it early, and the receipt once it is gone. */
export const renderLease =
  (look: Look) =>
  ({ lease, change, used }: LeaseView): SlackMessage => {
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
        section(statuses[lease.state](lease), ...usage(change, used)),
        ...remains(look, lease),
        ...buttons(look, lease),
      ],
    };
  };

/** The reminder: to the person it is lent to, with what can be done about it. */
export const renderEnding =
  (look: Look) =>
  (lease: Lease): SlackMessage => {
    const who = mention(look, lease.beneficiary);
    const isOver = lease.state !== 'active';
    const words = isOver ? 'This access has ended.' : `this access ends at ${moment(lease.endsAt)}.`;
    return {
      text: isOver ? words : `${who}: ${words}`,
      blocks: [section(isOver ? words : `${who}: ${words}`), ...(isOver ? [] : [ending(look, lease)])],
    };
  };

/** The one place where somebody is called by name in a message: otherwise nobody would hear of it. */
const mention = (look: Look, id: string): string => {
  const user = look.configuration.people.find((person) => person.id === id)?.slack.user ?? '';
  return /^[UW][A-Z0-9]+$/.test(user) ? `<@${user}>` : personName(look, id);
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
  active: (lease) =>
    `*Active* until ${moment(lease.endsAt)}. ${isAssigned(lease) ? 'Then it is taken away: AWS does not end it by itself.' : 'AWS itself stops allowing it then.'}`,
  revoking: (lease) => `*Being taken back*${because(lease)}.${attempts(lease)}`,
  'revoke-stuck': (lease) => `*Not taken back yet*${because(lease)}.${attempts(lease)}`,
  revoked: receipt,
  verified: receipt,
  closed: receipt,
};

const attempts = (lease: Lease): string =>
  lease.attempts > 1
    ? ` ${lease.attempts} attempts so far; it is tried until the ${isAssigned(lease) ? 'assignment' : 'policy'} is gone.`
    : '';

const isAssigned = ({ edit }: Lease): boolean => edit.slot.type === 'account-assignment';

/** Another lease may hold the same assignment; and no session that was opened before is cut. */
const readBack = (lease: Lease): string =>
  isAssigned(lease)
    ? 'reading back shows the assignment gone, unless another loan holds it. A session that was opened before is not cut: it ends within an hour.'
    : 'reading back shows the policy gone.';

function receipt(lease: Lease): string {
  if (lease.revokedAt === null) return `*Taken back*${because(lease)}.`;
  const held = duration(secondsOf(lease.revokedAt) - secondsOf(lease.startsAt));
  return `*Taken back* at ${moment(lease.revokedAt)}${because(lease)}. It was lent for ${held}; ${readBack(lease)}`;
}

/** The receipt: how much of what was lent was needed. */
function usage(change: Change | null, used: readonly string[] | null): string[] {
  if (used === null || change?.plan.terms.kind !== 'lending') return [];
  const { actions, permissionSet } = change.plan.terms;
  const names = fitted(
    used.map((action) => code(action, 100)),
    1000,
  ).replaceAll('\n', ', ');
  const of = permissionSet ? ` ${used.length === 1 ? 'action' : 'actions'} of it` : ` of ${actions.length}`;
  const told = `*Used ${used.length}${of}*${used.length === 0 ? '' : `: ${names}`}`;
  return [`${told}. By what the trail told so far, on those days.`];
}

/** What was made under it and holds it open, and how somebody else answers for it. */
function remains(look: Look, lease: Lease): KnownBlock[] {
  if (lease.residue.length === 0) return [];
  const names = lease.residue.map(
    ({ kind, what, until }) => `• ${kind} ${code(what, 200)}${until === null ? '' : ` until ${moment(until)}`}`,
  );
  const subject = { id: lease.id, digest: canonicalHash(lease.residue), version: lease.version };
  return [
    section('*Made under it, and still there*', fitted(names, 2500)),
    {
      type: 'actions',
      elements: [button(look.nonceKey, 'lease:accept', subject, { text: 'I answer for it' })],
    },
    context('*I answer for it*: whoever may approve such a loan says that this may stay; it is told in the audit.'),
  ];
}

/** What its state is, in a sentence. */
export const leaseStatus = (lease: Lease): string => statuses[lease.state](lease);

/** Under the reminder and on the page as well: each button works once a person, wherever it stands. */
export function ending(look: Look, lease: Lease): KnownBlock {
  // A lease has no digest of its own: what is taken back is the whole of it, whatever it has become.
  const subject = { id: lease.id, digest: lease.change, version: lease.version };
  return {
    type: 'actions',
    elements: [
      button(look.nonceKey, 'lease:revoke', subject, { text: 'I am done, end it now', style: 'danger' }),
      button(look.nonceKey, 'lease:extend', subject, { text: 'Extend' }),
    ],
  };
}

function buttons(look: Look, lease: Lease): KnownBlock[] {
  if (lease.state !== 'active') return [];
  return [
    ending(look, lease),
    context(
      '*End it now*: the policy is removed at once. It needs no decision and cannot be taken back.',
      '*Extend*: asks for the same for as long again; it is decided anew. Only whoever it is lent to can ask.',
    ),
  ];
}
