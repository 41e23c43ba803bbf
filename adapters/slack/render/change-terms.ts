import type { KnownBlock } from '@slack/types';
import type { Terms } from '../../../core/changes/change.ts';
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

function rightsizingTerms(terms: TermsOf<'rightsizing'>): KnownBlock[] {
  const { from, to } = terms.window;
  return [
    section(
      `*${counted(terms.removed.length, 'action')} removed, ${terms.kept.length} kept*: not used from ${moment(from)} to ${moment(to)}.`,
      `*Removed*: ${terms.removed.length === 0 ? 'none' : codes(terms.removed, 1200)}`,
      `*Kept*: ${terms.kept.length === 0 ? 'none' : codes(terms.kept, 1200)}`,
    ),
  ];
}

const lendingTerms = (terms: TermsOf<'lending'>): KnownBlock[] => [
  section(
    `*Actions*: ${codes(terms.actions, 1200)}`,
    `*On*: ${codes(terms.resources, 1200)}`,
    `*For* ${duration(terms.duration)}, counted from the approval.`,
  ),
  plainSection([`Reason given: ${terms.reason}`], 1000),
];

const codes = (values: readonly string[], max: number): string =>
  fitted(
    values.map((value) => code(value, 150)),
    max,
  ).replaceAll('\n', ', ');
