import type { KnownBlock } from '@slack/types';
import { answerDigest } from '../../../core/anomaly/answerable.ts';
import type { Case, Reason } from '../../../core/anomaly/case.ts';
import { isAskedFor, loanInsteadOf } from '../../../core/anomaly/lend-instead.ts';
import type { ProposedRule } from '../../../core/anomaly/proposed-rules.ts';
import type { Day } from '../../../core/time.ts';
import type { SlackMessage } from '../../../usecases/ports/slack.ts';
import type { CaseView } from '../../../usecases/ports/slack-views.ts';
import { button } from '../buttons.ts';
import { accountName, counted, type Look, moment, personName, shortName } from './names.ts';
import { code, context, cut, fields, fitted, header, limits, plainSection, prose, section } from './text.ts';

/** One case: who, where, when, why, and the two answers while it is open. */
export const renderCase =
  (look: Look) =>
  (view: CaseView): SlackMessage => {
    const it = view.case;
    const who = shortName(it.actor);
    return {
      text: prose(`${who} did something new: ${firstWords(it)} (score ${it.score.toFixed(2)})`),
      blocks: [
        header(`${who} did something new`),
        fields(facts(look, it)),
        plainSection(reasonLines(it.reasons), 2500),
        ...(it.state === 'open' ? question(look, view) : [context(outcome(look, it))]),
      ],
    };
  };

/** The cases of one day that deserve no message of their own. Those that only a rule on trial would have told are counted, not told. */
export const renderDigest =
  (look: Look) =>
  (day: Day, ofDay: readonly Case[], proposals: readonly ProposedRule[] = []): SlackMessage => {
    const cases = ofDay.filter(({ level }) => level !== 'shadow');
    const lines = cases.map(
      (it) => `• ${code(shortName(it.actor), 80)} in ${accounts(look, it)}: ${prose(firstWords(it), 400)}`,
    );
    return {
      text: `${counted(cases.length, 'small novelty', 'small novelties')} on ${day}`,
      blocks: [
        header(`Small novelties of ${day}`),
        section(fitted(lines, limits.section - 10)),
        context(
          'Nothing here needs an answer. `npx leastwise replay` tells the details.',
          ...shadowLines(ofDay),
          ...proposalLines(look, proposals),
        ),
      ],
    };
  };

/** What rules on trial would have made of the day, so that somebody can decide whether they stay. */
function shadowLines(cases: readonly Case[]): string[] {
  const counts = new Map<string, number>();
  for (const { rules = [], level } of cases.flatMap(({ shadow }) => shadow ?? [])) {
    for (const rule of rules) {
      const what = `${rule} (${level})`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return [];
  const told = [...counts].sort().map(([what, count]) => `${code(what, 100)} ${count}`);
  return [`Rules on trial, told to nobody, would have made more of: ${told.join(', ')}.`];
}

/** So many at once; the heaviest come first. */
const mostProposed = 3;

/** Said and no more: what is expected is decided case by case until somebody changes that. */
const proposalLines = (look: Look, proposals: readonly ProposedRule[]): string[] =>
  proposals
    .slice(0, mostProposed)
    .map(
      ({ action, accounts: ids, cases, actors }) =>
        `Worth a rule? ${code(action, 100)} in ${accounts(look, { accounts: ids })} was *expected* in ${counted(cases.length, 'case')} of ${counted(actors.length, 'identity', 'identities')}. Nothing follows from this by itself.`,
    );

const firstWords = (it: Case): string => {
  const [reason] = [...it.reasons].sort((a, b) => b.points - a.points);
  return cut(reason?.words ?? 'something new', 300);
};

const accounts = (look: Look, it: Pick<Case, 'accounts'>): string =>
  fitted(
    it.accounts.map((id) => accountName(look, id)),
    300,
  ).replaceAll('\n', ', ') || '_unknown_';

function facts(look: Look, it: Case): [string, string][] {
  const arns = it.arns.length > 0 ? it.arns : [it.principal];
  return [
    ['Who', code(it.actor, 300)],
    [
      'Using',
      fitted(
        arns.map((arn) => code(arn, 250)),
        1200,
      ),
    ],
    ['Where', accounts(look, it)],
    ['When', it.from === it.to ? moment(it.from) : `${moment(it.from)} – ${moment(it.to)}`],
    ['Score', it.score.toFixed(2)],
    ['Calls', counted(it.eventIDs.length, 'scored event')],
  ];
}

const reasonLines = (reasons: readonly Reason[]): string[] =>
  [...reasons]
    .sort((a, b) => b.points - a.points || (a.time < b.time ? -1 : 1))
    .map((reason) => `• ${reason.words} (${reason.time.slice(11, 16)} UTC, +${reason.points.toFixed(2)})`);

function question(look: Look, { case: it, others }: CaseView): KnownBlock[] {
  const subject = { id: it.id, digest: answerDigest(it), version: it.version };
  return [
    {
      type: 'actions',
      elements: [
        button(look.nonceKey, 'case:expected', subject, { text: 'Expected', style: 'primary' }),
        button(look.nonceKey, 'case:not-us', subject, { text: 'Not us', style: 'danger' }),
        ...(isLendable(look, it) ? [button(look.nonceKey, 'case:lend', subject, { text: 'Lend instead' })] : []),
        ...(isDeniedSomebody(look, it) ? [button(look.nonceKey, 'form:case', subject, { text: 'Request this' })] : []),
        ...(it.muted === undefined ? [button(look.nonceKey, 'case:mute', subject, { text: 'Mute for 7 days' })] : []),
      ],
    },
    context(
      '*Expected*: what is listed above counts as normal for this identity for 90 days, except what is told whoever does it.',
      `*Not us*: plans a quarantine of ${code(shortName(it.actor), 80)} and counts as your approval of it.`,
      'A user loses its access keys and everything is denied; of a role, the sessions that are open are cut.',
      muteLine(look, it),
      ...lendInstead(look, it),
      ...(isDeniedSomebody(look, it) ? [requestLine] : []),
      alsoHit(others),
      ...answers(look, it),
    ),
  ];
}

const muteLine = (look: Look, { muted }: Case): string =>
  muted === undefined
    ? '*Mute*: its like goes to the digest for 7 days; nothing becomes normal by it, and this stays open.'
    : `Muted by ${personName(look, muted.by)} until ${moment(muted.until)}: its like goes to the digest until then.`;

/** Permissions that a loan may name at once, so that the line stays one that people type. */
const mostLent = 4;

/** A button where the case is about a person and something that may be lent, and nobody asked yet. */
const isLendable = (look: Look, it: Case): boolean =>
  !isAskedFor(it) && loanInsteadOf(it, look.configuration.people).ok;

/** A button for whoever was denied something and is known. */
const isDeniedSomebody = (look: Look, { actor, reasons }: Case): boolean =>
  reasons.some(({ kind }) => kind === 'denied') &&
  look.configuration.people.some(({ actors }) => actors.includes(actor));

const requestLine =
  '*Request this*: for whoever was denied: a form with the smallest grant that would have allowed it, or why none can.';

/** Who needs it now and then need not keep it: the button, or the command, that asks for it for hours. */
function lendInstead(look: Look, it: Case): string[] {
  const { lending } = it;
  if (lending !== undefined && isAskedFor(it))
    return [`${personName(look, lending.by)} asked to lend it instead: change ${code(lending.change, 80)}.`];
  const loan = loanInsteadOf(it, look.configuration.people);
  if (!loan.ok) return loan.error === 'nobody-to-lend-to' ? commandFor(it) : [];
  const { actions, beneficiary } = loan.value;
  const wanted = fitted(
    actions.map((action) => code(action, 100)),
    400,
  ).replaceAll('\n', ', ');
  return [
    `*Lend instead*: asks in your name for two hours of ${wanted} for ${personName(look, beneficiary.id)}. Somebody else decides, and this stays open.`,
  ];
}

function commandFor({ first }: Case): string[] {
  const actions = [
    ...new Set(first.flatMap(({ kind, action }) => (kind === 'action' && isOfIam(action) ? [action!] : []))),
  ];
  if (actions.length === 0) return [];
  const wanted = actions.slice(0, mostLent).join(',');
  return [
    `*Lend instead*: let them ask for hours of it, ${code(`/leastwise request ${wanted} on RESOURCES for 2h because REASON`, 400)}`,
  ];
}

const isOfIam = (action = ''): boolean => /^(?!sign-in:)[a-z0-9-]+:[A-Za-z0-9]+$/.test(action);

const answers = (look: Look, it: Case): string[] =>
  (it.answers ?? []).map(
    (answer) => `${personName(look, answer.by)} said *expected*, ${moment(answer.at)}; others must too.`,
  );

function alsoHit(others: readonly string[]): string {
  if (others.length === 0) return 'Nobody else was seen using this identity.';
  const names = fitted(
    others.map((actor) => code(shortName(actor), 60)),
    1000,
  ).replaceAll('\n', ', ');
  return `A quarantine would also hit ${counted(others.length, 'other')} seen using it: ${names}`;
}

function outcome(look: Look, it: Case): string {
  const by = `${personName(look, it.decidedBy)}${it.decidedAt === null ? '' : `, ${moment(it.decidedAt)}`}`;
  if (it.state === 'expected') return `Expected, says ${by}.`;
  if (it.state === 'superseded') return `Superseded: events that came late belong to the same story, told elsewhere.`;
  const next = it.change === null ? '' : ` The quarantine is change ${code(it.change, 80)}.`;
  return `Not us, says ${by}.${next}`;
}
