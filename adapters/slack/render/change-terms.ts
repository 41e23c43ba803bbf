import type { KnownBlock } from '@slack/types';
import type { Stage, Terms } from '../../../core/changes/change.ts';
import { everything } from '../../../core/rightsizing/retire.ts';
import { counted, duration, moment, shortName } from './names.ts';
import { code, fitted, plainSection, section } from './text.ts';

/** What the kind of change adds to its edits: whom else it hits, what goes and stays, for how long. */
export function changeTerms(terms: Terms): KnownBlock[] {
  if (terms.kind === 'quarantine') return quarantineTerms(terms);
  if (terms.kind === 'rightsizing') return rightsizingTerms(terms);
  return lendingTerms(terms);
}

type TermsOf<K extends Terms['kind']> = Extract<Terms, { kind: K }>;

function quarantineTerms(terms: TermsOf<'quarantine'>): KnownBlock[] {
  const cut =
    terms.cutBefore === null
      ? 'Its active access keys are deactivated, and everything is denied.'
      : 'Every session of it that began before the approval, and within a minute after, is cut off.';
  const hit =
    terms.alsoHit.length === 0
      ? 'Nobody else was seen using it.'
      : `*Also hits* ${counted(terms.alsoHit.length, 'other')}: ${codes(terms.alsoHit.map(shortName), 1000)}`;
  return [section(`*Because of* case ${code(terms.case, 13)} of ${code(terms.actor, 300)}`, cut, hit)];
}

function rightsizingTerms({ window, removed, kept, stage }: TermsOf<'rightsizing'>): KnownBlock[] {
  if (stage?.step === 'trial' && stage.services.includes(everything)) {
    return [
      section(
        `*Never seen*: no call of it was recorded, and nobody entered it from ${moment(window.from)} to ${moment(window.to)}.`,
        '*Everything is denied to it*; its unique id, trust and policies stay as they are. It ends by itself once somebody enters it.',
        'Deleting it is yours: a role that is made anew has another unique id, and whatever names the old one does not know it.',
      ),
    ];
  }
  const verb = stage?.step === 'trial' ? 'denied on trial' : 'removed';
  return [
    section(
      `*${counted(removed.length, 'action')} ${verb}, ${kept.length} kept*: not used from ${moment(window.from)} to ${moment(window.to)}.`,
      `*${verb[0]?.toUpperCase()}${verb.slice(1)}*: ${removed.length === 0 ? 'none' : codes(removed, 1000)}`,
      `*Kept*: ${kept.length === 0 ? 'none' : codes(kept, 800)}`,
      ...(stage ? stageLines(stage) : []),
    ),
  ];
}

function stageLines(stage: Stage): string[] {
  const untried =
    stage.untried.length === 0 ? [] : [`*Not tried* (${stage.untried.length}): ${codes(stage.untried, 500)}`];
  if (stage.step === 'final')
    return [
      stage.trial === null
        ? '*No trial* came before: nothing of it could be denied first.'
        : `*Tried* by ${code(stage.trial, 100)}, which denied nothing that is used.`,
      ...untried,
    ];
  const whole = stage.services.length === 0 ? [] : [`*Denied whole*: ${codes(stage.services, 300)}`];
  return [
    ...whole,
    ...untried,
    `It ends by itself when it denies what is used. After ${counted(stage.quietDays, 'quiet day')} the smaller policies are proposed.`,
  ];
}

const lendingTerms = (terms: TermsOf<'lending'>): KnownBlock[] => [
  section(
    ...(terms.permissionSet
      ? setLines(terms.permissionSet)
      : [`*Actions*: ${codes(terms.actions, 1200)}`, `*On*: ${codes(terms.resources, 1200)}`]),
    `*For* ${duration(terms.duration)}, counted from the approval.`,
  ),
  plainSection([`Reason given: ${terms.reason}`], 1000),
];

/** An assignment cannot end by itself, and nobody is told otherwise. */
const setLines = ({ name, session, classes }: NonNullable<TermsOf<'lending'>['permissionSet']>): string[] => [
  `*Permission set*: ${code(name, 100)}, by an assignment of Identity Center.`,
  classes === undefined
    ? '*Its policies allow* what is not known here: not all of them were read.'
    : `*Its policies allow*: ${classes.length === 0 ? 'nothing' : codes(classes, 500)}`,
  `It *does not end by itself*: Leastwise takes the assignment away at the end, and a session that was opened before may go on for ${duration(session)} after that.`,
];

const codes = (values: readonly string[], max: number): string =>
  fitted(
    values.map((value) => code(value, 150)),
    max,
  ).replaceAll('\n', ', ');
