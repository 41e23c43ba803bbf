import type { Command } from 'commander';
import type { Change } from '../core/changes/change.ts';
import { digestOf, isReviewDue, reviewDigestOf, undoDigestOf } from '../core/changes/digest.ts';
import { type Turn, turnDigest } from '../core/changes/turn.ts';
import { type Freeze, freezeDigest } from '../core/enrolment/freeze.ts';
import { agreed, ask, type SignedFlags, signedOptions, tell } from './signed-options.ts';

interface Flags extends SignedFlags {
  digest?: string;
  yes: boolean;
}

/** `leastwise confirm`: approves a change by the caller's own session of AWS, after showing it. */
export function registerConfirm(program: Command): void {
  signedOptions(program.command('confirm'))
    .argument('<change>', 'id of the change, as its message shows it')
    .description('approves by your own AWS session what is too risky for a click in Slack')
    .option('--digest <sha256>', 'only if it still is exactly this')
    .option('--yes', 'do not ask again', false)
    .addHelpText('after', help)
    .action(confirm);
}

const help = `
IAM users confirm through a role that asks for a second factor. A profile for it:

  [profile confirm]
  role_arn = arn:aws:iam::ACCOUNT:role/leastwise-confirm
  role_session_name = YOUR-USER-NAME
  source_profile = default
  mfa_serial = arn:aws:iam::ACCOUNT:mfa/YOUR-DEVICE

Exit code 3: refused.`;

type Shown = Pick<Change, 'id' | 'state' | 'plan' | 'undo' | 'digest' | 'review'> & { risk: string };

interface Answered {
  change?: Shown;
  freeze?: Freeze;
  turn?: Turn;
  version?: number;
  toDecide?: string;
}

async function confirm(id: string, { digest, yes, ...flags }: Flags): Promise<void> {
  const shown = await ask(flags, { type: 'show', change: id });
  const { change, freeze, turn, version, toDecide } = (shown.data ?? {}) as Answered;
  const flagged = { digest, yes, ...flags };
  if (shown.done && freeze !== undefined) return sign(id, freezeDigest(freeze), freezeWords(freeze), flagged);
  if (shown.done && turn !== undefined && version !== undefined)
    return sign(id, turnDigest(turn, { version }), `${turn.what} ${'account' in turn ? turn.account : ''}`, flagged);
  if (!shown.done || change === undefined || toDecide === undefined) return tell(shown);
  const computed = digestShown(change);
  if (computed !== toDecide) throw new Error('What is shown is not what would be approved; nothing was signed.');
  if (digest !== undefined && digest !== computed) throw new Error(`It is ${computed} by now; nothing was signed.`);
  process.stderr.write(`${words(change)}\n`);
  if (!yes && digest === undefined && !(await agreed('Approve this?')))
    throw new Error('Nothing was done. With --digest or --yes it is not asked again.');
  tell(await ask(flags, { type: 'confirm', change: id, digest: computed }));
}

const freezeWords = ({ call, account, who, eventID }: Freeze): string =>
  `lift the freeze of ${account}: ${call} by ${who}, event ${eventID}`;

/** Signs what is no change: shown in words, its digest computed here. */
async function sign(id: string, computed: string, what: string, { digest, yes, ...flags }: Flags): Promise<void> {
  if (digest !== undefined && digest !== computed) throw new Error(`It is ${computed} by now; nothing was signed.`);
  process.stderr.write(`${visible(what)}\n`);
  if (!yes && digest === undefined && !(await agreed('Confirm this?')))
    throw new Error('Nothing was done. With --digest or --yes it is not asked again.');
  tell(await ask(flags, { type: 'confirm', change: id, digest: computed }));
}

/** Computed here from what is shown, so that the digest that gets signed is that of what was read. */
const digestShown = (change: Shown): string => {
  const ofPlan = digestOf(change.plan);
  if (isReviewDue(change)) return reviewDigestOf({ ...change, digest: ofPlan });
  return change.state === 'undo-planned' ? undoDigestOf({ ...change, digest: ofPlan }) : ofPlan;
};

function words(change: Shown): string {
  const { id, plan, state, undo, risk } = change;
  const of = isReviewDue(change) ? `review of ${plan.kind}, taken in an emergency` : plan.kind;
  const asked = state === 'undo-planned' ? `undo of ${plan.kind}, asked by ${undo?.by}: ${undo?.reason}` : of;
  const edits = plan.edits.map(({ slot, before, after }) =>
    [`  ${JSON.stringify(slot)}`, `  - ${before ?? '(absent)'}`, `  + ${after ?? '(absent)'}`].join('\n'),
  );
  const terms = JSON.stringify(plan.terms);
  return [`${id}: ${asked}, risk ${risk}`, `on ${plan.target}`, terms, ...edits].map(visible).join('\n');
}

/** A text of somebody else's must not move the cursor, or hide what comes after it. */
const visible = (text: string): string => text.replace(/[^\P{C}\n]/gu, '\u{FFFD}');
