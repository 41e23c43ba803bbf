import type { KnownBlock } from '@slack/types';
import type { Change, ChangeKind, ChangeState, Decision } from '../../../core/changes/change.ts';
import { digestToDecide } from '../../../core/changes/digest.ts';
import { changeRefusalWords } from '../../../core/changes/refusal-words.ts';
import { trialIn } from '../../../core/changes/trial.ts';
import type { LoanHistory } from '../../../core/leases/difference.ts';
import { everything } from '../../../core/rightsizing/retire.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import { type ButtonAction, type ButtonLook, button } from '../buttons.ts';
import { changeTerms } from './change-terms.ts';
import { loanBlocks } from './loan-difference.ts';
import { accountName, type Look, moment, personName, shortName } from './names.ts';
import { differenceOf } from './policy-difference.ts';
import { code, context, fields, header, listing, plainSection, prose, section } from './text.ts';
import { trialEndWords } from './trial-end.ts';

const titles: Readonly<Record<ChangeKind, (who: string) => string>> = {
  quarantine: (who) => `Quarantine ${who}`,
  rightsizing: (who) => `Right-size ${who}`,
  lending: (who) => `Lend access to ${who}`,
};

/** One change in whatever state it is: what it does, who decided, and what can be done next. */
export const renderChange =
  (look: Look) =>
  (change: Change, history?: LoanHistory): SlackMessage => {
    const title = titleOf(change);
    const status = statuses[change.state](look, change);
    return {
      text: prose(`${title}: ${change.state}`),
      blocks: [
        header(title),
        fields(facts(look, change)),
        ...changeTerms(change.plan.terms),
        ...loanBlocks(look, change, history),
        ...differences(change),
        ...patch(change),
        section(status),
        ...buttons(look, change),
        ...said(look, change),
      ],
    };
  };

/** What a change is called. */
export const titleOf = (change: Change): string => {
  const who = shortName(change.plan.target);
  const trial = trialIn(change);
  if (trial?.services.includes(everything)) return `Retire ${who}`;
  return trial ? `Trial for ${who}: deny what is not used` : titles[change.plan.kind](who);
};

const facts = (look: Look, change: Change): [string, string][] => [
  ['Whose permissions', code(change.plan.target, 300)],
  ['Account', accountName(look, change.plan.account)],
  ['Proposed by', personName(look, change.requester)],
  ...(change.beneficiary === null ? [] : [['For', personName(look, change.beneficiary)] as [string, string]]),
  ['Change', code(change.id, 100)],
];

const shownEdits = 4;

function differences(change: Change): KnownBlock[] {
  const all = change.applied.length > 0 ? change.applied : change.plan.edits;
  // What must only stay as it is was reviewed, and is no difference.
  const edits = all.filter(({ before, after }) => before !== after);
  const shown = edits.slice(0, shownEdits).flatMap((edit) => {
    const { title, lines } = differenceOf(edit);
    return [plainSection([title], 400), ...(lines.length > 0 ? [listing(lines, 1800)] : [])];
  });
  return edits.length > shownEdits ? [...shown, context(`… and ${edits.length - shownEdits} more edits`)] : shown;
}

/** For who changes the source: the statements as a template takes them, in the place of the old ones. */
function patch({ plan, refusal }: Change): KnownBlock[] {
  if (refusal?.reason !== 'owned-by-source') return [];
  const texts = plan.edits
    .filter(({ before, after }) => before !== after && after?.startsWith('{'))
    .slice(0, shownEdits);
  return texts.map(({ after }) => listing(['Statement:', ...(statementText(after) ?? '').split('\n')], 2500));
}

function statementText(text: string | null): string | undefined {
  try {
    return JSON.stringify((JSON.parse(text ?? '') as { Statement?: unknown }).Statement, null, 1);
  } catch {
    return undefined;
  }
}

/** One sentence a state. */
const statuses: Readonly<Record<ChangeState, (look: Look, change: Change) => string>> = {
  planned: (_, change) => `*Waiting for a decision* until ${moment(change.decideBy)}. Nothing has been changed.`,
  denied: () => '*Denied.* Nothing has been changed.',
  lapsed: () => '*Lapsed*: nobody decided in time. Nothing has been changed.',
  approved: () => '*Approved*, waiting to be applied.',
  refused: (_, change) => `*Not applied.* ${refusalOf(change)}`,
  applying: () => '*Being applied.*',
  verified: (_, change) =>
    `*${trialIn(change) ? 'Trial running' : 'Applied and read back'}*${appliedAt(change)}.${notUndone(change)}`,
  'undo-planned': (look, change) =>
    `*Undo asked for*${undoAsked(look, change)}. It stays applied until that is decided.`,
  'undo-approved': (look, change) =>
    change.ended ? `*Trial over*: ${trialEndWords(look, change.ended)}` : '*Undo approved*, waiting to be carried out.',
  undoing: (look, change) => (change.ended ? `*Trial over*: ${trialEndWords(look, change.ended)}` : '*Being undone.*'),
  undone: (look, change) => {
    if (change.ended) return `*Trial over*: ${trialEndWords(look, change.ended)} Its policy is gone, read back.`;
    const { terms } = change.plan;
    if (terms.kind === 'lending' && terms.permissionSet) return '*Ended*: it holds the assignment no longer.';
    return terms.kind === 'lending'
      ? '*Ended*: reading back shows the policy gone.'
      : '*Undone and read back*: what was there before is there again, byte for byte.';
  },
};

function refusalOf({ refusal }: Change): string {
  if (refusal === null) return 'The reason was not kept.';
  return `${changeRefusalWords[refusal.reason]} ${refusal.detail === '' ? '' : `(${prose(refusal.detail, 400)})`}`.trim();
}

const appliedAt = ({ appliedAt: at }: Change): string => (at === null ? '' : ` at ${moment(at)}`);

/** An undo that was denied, lapsed or refused leaves the change applied, and says so. */
const notUndone = (change: Change): string => (change.refusal === null ? '' : ` *Not undone.* ${refusalOf(change)}`);

const undoAsked = (look: Look, { undo }: Change): string =>
  undo === null
    ? ''
    : ` by ${personName(look, undo.by)} (${prose(undo.reason, 300)}): waiting for a decision until ${moment(undo.decideBy)}`;

const undoNames: Readonly<Record<ChangeKind, string>> = {
  quarantine: 'Lift the quarantine',
  rightsizing: 'Roll back',
  lending: 'Take back',
};

/** Yes and no to what is waiting for a decision, with what either does; nothing where nothing waits. */
export function decideButtons(look: Look, change: Change): KnownBlock[] {
  const subject = { id: change.id, digest: digestToDecide(change), version: change.version };
  const make = (action: ButtonAction, looks: ButtonLook) => button(look.nonceKey, action, subject, looks);
  const decide = [
    make('change:approve', { text: change.state === 'planned' ? 'Approve' : 'Approve the undo', style: 'primary' }),
    make('change:deny', { text: 'Deny', style: 'danger' }),
  ];
  if (change.state === 'planned') {
    return [{ type: 'actions', elements: decide }, context(whatApprovingDoes(change))];
  }
  if (change.state !== 'undo-planned') return [];
  return [
    { type: 'actions', elements: decide },
    context('*Approve the undo*: puts back what was there before. *Deny*: it stays as it is.'),
  ];
}

function buttons(look: Look, change: Change): KnownBlock[] {
  const subject = { id: change.id, digest: digestToDecide(change), version: change.version };
  const make = (action: ButtonAction, looks: ButtonLook) => button(look.nonceKey, action, subject, looks);
  const decide = decideButtons(look, change);
  if (decide.length > 0) return decide;
  // A loan is taken back on its lease's own message, which needs no decision.
  if (change.state !== 'verified' || change.plan.kind === 'lending') return [];
  if (trialIn(change))
    return [
      { type: 'actions', elements: [make('change:undo', { text: 'End the trial' })] },
      context('*End the trial*: takes its policy off at once. That was decided together with it.'),
    ];
  return [
    { type: 'actions', elements: [make('change:undo', { text: undoNames[change.plan.kind] })] },
    context(`*${undoNames[change.plan.kind]}*: asks for a decision; permissions come back once it is approved.`),
  ];
}

function whatApprovingDoes(change: Change): string {
  const { plan } = change;
  const who = code(shortName(plan.target), 80);
  if (trialIn(change))
    return `*Approve*: attaches one policy to ${who} that denies what is listed, and takes it off by itself if it hits. The policies under it stay.`;
  if (plan.kind === 'quarantine')
    return `*Approve*: cuts ${who} off as shown, at once. It can be lifted byte for byte.`;
  if (plan.kind === 'rightsizing')
    return `*Approve*: replaces the policy of ${who} as shown, if it is still the one shown.`;
  return `*Approve*: lends ${who} what is listed. The clock starts then, and the policy ends by itself.`;
}

function said(look: Look, change: Change): KnownBlock[] {
  const words = (decision: Decision, about: string) =>
    `${personName(look, decision.by)} said *${decision.verdict}*${about}, ${moment(decision.at)} (rule ${code(decision.rule, 80)})`;
  const lines = [
    ...change.decisions.map((decision) => words(decision, '')),
    ...change.undoDecisions.map((decision) => words(decision, ' to the undo')),
  ];
  return lines.length === 0 ? [] : [context(...lines)];
}
