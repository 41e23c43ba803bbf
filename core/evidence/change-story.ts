import type { DomainEvent } from '../audit/event.ts';
import { objectOf } from '../untrusted.ts';

/** What the events of a change say about it, for rows that only carry it out. Empty texts where nothing is known. */
export interface ChangeStory {
  kind: string;
  account: string;
  target: string;
  requester: string;
  beneficiary: string;
  why: string;
  /** `ben, rule leads, 2026-03-01T12:00:00Z` */
  approvals: readonly string[];
  undoRequester: string;
  undoReason: string;
  undoApprovals: readonly string[];
}

const unknown: ChangeStory = {
  kind: '',
  account: '',
  target: '',
  requester: '',
  beneficiary: '',
  why: '',
  approvals: [],
  undoRequester: '',
  undoReason: '',
  undoApprovals: [],
};

/** Whether an event is about giving back what a change took. */
export const isUndo = (type: string): boolean => type.startsWith('change.undo') || type === 'change.undone';

/** Told by the events of a whole chain up to some point; undefined: there is no such chain, nothing is known. */
export function storyOf(events: readonly DomainEvent[] | undefined): ChangeStory {
  let story = unknown;
  for (const event of events ?? []) story = continued(story, event);
  return story;
}

function continued(story: ChangeStory, { type, data, by, at, sequence }: DomainEvent): ChangeStory {
  if (sequence === 1) return { ...story, ...begun(data, by) };
  const approval = `${by}, rule ${text(data.rule)}, ${at}`;
  switch (type) {
    case 'change.approved':
    case 'change.approval-recorded':
      return { ...story, approvals: [...story.approvals, approval] };
    case 'change.undo-planned':
      return { ...story, undoRequester: by, undoReason: text(data.reason), undoApprovals: [] };
    case 'change.undo-approved':
    case 'change.undo-approval-recorded':
      return { ...story, undoApprovals: [...story.undoApprovals, approval] };
    default:
      return story;
  }
}

const begun = (data: DomainEvent['data'], by: string): Partial<ChangeStory> => ({
  kind: text(data.kind),
  account: text(data.account),
  target: text(data.target),
  requester: text(data.requester) || by,
  beneficiary: text(data.beneficiary),
  why: whyText(data.why),
});

function whyText(why: unknown): string {
  const { reason, actions, resources, duration, case: alert, actor, window, removed, kept } = objectOf(why) ?? {};
  if (typeof reason === 'string')
    return `${reason} (${list(actions)} on ${list(resources)} for ${Number(duration) / 60} minutes)`;
  if (typeof alert === 'string') return `case ${alert} about ${text(actor)}`;
  const { from, to } = objectOf(window) ?? {};
  if (typeof from === 'string') return `unused from ${from} to ${text(to)}: ${removed} removed, ${kept} kept`;
  return '';
}

const list = (value: unknown): string => (Array.isArray(value) ? value.filter(isText).join(', ') : '');
const isText = (value: unknown): value is string => typeof value === 'string';
const text = (value: unknown): string => (isText(value) ? value : '');
