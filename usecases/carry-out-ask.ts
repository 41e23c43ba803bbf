import type { LendInsteadRefusal } from '../core/anomaly/lend-instead.ts';
import { refusalWords } from '../core/approvals/refusal-words.ts';
import type { Person, Refusal } from '../core/approvals/rules.ts';
import type { Change, ChangeState } from '../core/changes/change.ts';
import { changeRefusalWords } from '../core/changes/refusal-words.ts';
import { parseIamArn } from '../core/identity/iam-arn.ts';
import type { Result } from '../core/result.ts';
import type { Answered, CaseAnswer } from './answer-case.ts';
import type { ResidueAnswer } from './answer-for-residue.ts';
import type { AccessQuestion } from './ask-access.ts';
import type { ChangeDecision } from './decide-change.ts';
import type { LeaseEnding } from './end-lease.ts';
import type { EnrolmentAnswer } from './enroll.ts';
import type { LeaseExtension } from './extend-lease.ts';
import type { Lifting } from './freeze-enrolments.ts';
import type { Objection, ObjectionRefusal } from './keep-rules.ts';
import type { LendInsteadAsking } from './lend-instead.ts';
import type { SlackAsk } from './ports/slack-input.ts';
import type { AccessRequest } from './request-access.ts';
import type { UndoAsking, UndoAskingRefusal } from './request-undo.ts';
import type { SwitchRefusal, switchApplying, switchKill } from './switch-applying.ts';

/** The use cases behind the buttons and the command, with their ports. */
export interface Carriers {
  answerCase(answer: CaseAnswer): Promise<Result<Answered, Refusal | 'no-such-case'>>;
  lendInstead(asking: LendInsteadAsking): Promise<Result<Change, LendInsteadRefusal | 'no-such-case'>>;
  decideChange(decision: ChangeDecision): Promise<Result<Change, Refusal | 'no-such-change'>>;
  requestUndo(asking: UndoAsking): Promise<Result<Change, UndoAskingRefusal>>;
  openProposal(opening: { change: string; by: string }): Promise<Result<Change, 'no-such-change' | 'unknown-person'>>;
  requestAccess(request: AccessRequest): Promise<Change>;
  switchApplying(turn: Parameters<ReturnType<typeof switchApplying>>[0]): Promise<Result<unknown, SwitchRefusal>>;
  switchKill(turn: Parameters<ReturnType<typeof switchKill>>[0]): Promise<Result<unknown, SwitchRefusal>>;
  extendLease(extension: LeaseExtension): Promise<Result<Change, 'no-such-lease' | 'not-yours'>>;
  answerForResidue(answer: ResidueAnswer): Promise<Result<unknown, 'no-such-lease' | 'nothing-remains' | Refusal>>;
  tellStatus(person: Person): Promise<string>;
  askAccess(question: AccessQuestion): Promise<string>;
  refuseEnrolment(answer: EnrolmentAnswer): Promise<Result<unknown, 'no-such-enrolment'>>;
  liftFreeze(lifting: Lifting): Promise<Result<unknown, Refusal>>;
  objectToRules(objection: Objection): Promise<Result<unknown, ObjectionRefusal>>;
  endLease(ending: LeaseEnding): Promise<Result<unknown, 'no-such-lease' | 'unknown-person'>>;
}

/** What only a known person may ask for. */
export type PersonAsk = Exclude<SlackAsk, { type: 'enroll' | 'open-form' | 'show-home' | 'ignore' }>;
type Asked<T extends SlackAsk['type']> = Extract<SlackAsk, { type: T }>;

/** Carries out one ask of a person; resolves to what they are told. `key` names the ask through all its deliveries. */
export const carryOut =
  (carriers: Carriers) =>
  (ask: PersonAsk, person: Person, key: string): Promise<string> => {
    switch (ask.type) {
      case 'answer-case':
        return answer(carriers, ask, person, key);
      case 'lend-instead':
        return lend(carriers, ask, person, key);
      case 'decide-change':
        return decide(carriers, ask, person, key);
      case 'undo-change':
        return undo(carriers, ask, person, key);
      case 'open-change':
        return open(carriers, ask, person);
      case 'end-lease':
        return end(carriers, { lease: ask.click.id }, person, key);
      case 'extend-lease':
        return extend(carriers, ask, person, key);
      case 'answer-for-residue':
        return answerForResidue(carriers, ask, person);
      case 'status':
        return carriers.tellStatus(person);
      case 'revoke-lease':
        return end(carriers, { lease: ask.lease }, person, key);
      case 'ask-access':
        return carriers.askAccess(ask);
      case 'refuse-enrolment':
        return refuseEnrolment(carriers, ask, person);
      case 'lift-freeze':
        return liftFrozen(carriers, ask, person, key);
      case 'object-to-rules':
        return object(carriers, ask, person, key);
      case 'request-access':
        return request(carriers, ask, person, key);
      case 'switch-applying':
        return turnApplying(carriers, ask, person);
      case 'switch-kill':
        return turnKill(carriers, ask, person);
      case 'explain':
        return Promise.resolve(ask.words);
    }
  };

async function answer({ answerCase }: Carriers, ask: Asked<'answer-case'>, person: Person, key: string) {
  const { id, digest } = ask.click;
  const answered = await answerCase({ case: id, by: person.id, answer: ask.answer, digest, key });
  if (!answered.ok) return inWords(answered.error);
  const { case: it, change } = answered.value;
  if (ask.answer === 'muted')
    return `Muted until ${it.muted?.until ?? 'its end'}: its like goes to the digest until then.`;
  if (it.state === 'open') return words['more-people'];
  return change === null ? 'Noted: expected.' : `Noted: not us. About the quarantine: ${outcomeOf(change)}`;
}

async function lend({ lendInstead }: Carriers, { click }: Asked<'lend-instead'>, { id: by }: Person, key: string) {
  const asked = await lendInstead({ case: click.id, by, digest: click.digest, key });
  return asked.ok ? `Asked to be lent instead. ${outcomeOf(asked.value)}` : inWords(asked.error);
}

async function decide({ decideChange }: Carriers, ask: Asked<'decide-change'>, person: Person, key: string) {
  const { id, digest } = ask.click;
  const decided = await decideChange({ change: id, by: person.id, verdict: ask.verdict, digest, key });
  if (!decided.ok) return inWords(decided.error);
  const { state, review } = decided.value;
  if (review?.said?.by === person.id) return words[ask.verdict === 'approve' ? 'reviewed' : 'review-denied'];
  if (state === 'planned' || state === 'undo-planned') return words['more-people'];
  return state === 'verified' && ask.verdict === 'deny' ? words['undo-denied'] : outcomeOf(decided.value);
}

async function undo({ requestUndo }: Carriers, ask: Asked<'undo-change'>, person: Person, key: string) {
  const asked = await requestUndo({ change: ask.click.id, by: person.id, reason: 'asked in Slack', key });
  return asked.ok ? outcomeOf(asked.value) : inWords(asked.error);
}

async function open({ openProposal }: Carriers, ask: Asked<'open-change'>, person: Person) {
  const opened = await openProposal({ change: ask.click.id, by: person.id });
  if (!opened.ok) return inWords(opened.error);
  return opened.value.state === 'planned' ? 'Opened: it has a message of its own now.' : outcomeOf(opened.value);
}

async function end({ endLease }: Carriers, { lease }: { lease: string }, person: Person, key: string) {
  const ended = await endLease({ lease, by: person.id, key });
  return ended.ok ? 'The access is being taken back.' : inWords(ended.error);
}

async function extend({ extendLease }: Carriers, { click }: Asked<'extend-lease'>, { id: by }: Person, key: string) {
  const asked = await extendLease({ lease: click.id, by, key });
  return asked.ok ? outcomeOf(asked.value) : inWords(asked.error);
}

async function answerForResidue(carriers: Carriers, { click }: Asked<'answer-for-residue'>, { id: by }: Person) {
  const answered = await carriers.answerForResidue({
    lease: click.id,
    by,
    residue: { digest: click.digest },
    reason: 'answered in Slack',
  });
  return answered.ok ? 'Noted: you answer for what remains.' : inWords(answered.error);
}

async function refuseEnrolment(carriers: Carriers, { click }: Asked<'refuse-enrolment'>, { id: by }: Person) {
  const [team = '', user = ''] = click.id.split('/');
  const refused = await carriers.refuseEnrolment({ team, user, by });
  return refused.ok ? 'Refused: this enrolment does not count.' : inWords(refused.error);
}

async function liftFrozen(carriers: Carriers, { click }: Asked<'lift-freeze'>, { id: by }: Person, key: string) {
  const lifted = await carriers.liftFreeze({ account: click.id, by, digest: click.digest, key });
  return lifted.ok ? 'Lifted: people enrol from that account again.' : inWords(lifted.error);
}

async function object(carriers: Carriers, { click }: Asked<'object-to-rules'>, { id: by }: Person, key: string) {
  const said = await carriers.objectToRules({ digest: click.digest, by, key });
  return said.ok ? 'Noted: these rules do not come into force.' : inWords(said.error);
}

const confirmTurn = (name: string): string =>
  `Nothing was turned: please confirm it by your own AWS session, with \`npx leastwise confirm ${name}\`.`;

async function turnApplying({ switchApplying }: Carriers, { account, on }: Asked<'switch-applying'>, { id }: Person) {
  const turned = await switchApplying({ by: id, account, on });
  if (!turned.ok) return turned.error === 'not-confirmed' ? confirmTurn(`apply-on-${account}`) : inWords(turned.error);
  return on ? `What is approved is applied in ${account} from now on.` : `Nothing is applied in ${account} any more.`;
}

async function turnKill({ switchKill }: Carriers, { killed }: Asked<'switch-kill'>, { id }: Person) {
  const turned = await switchKill({ by: id, killed });
  if (!turned.ok) return turned.error === 'not-confirmed' ? confirmTurn('resume') : inWords(turned.error);
  return killed ? 'Every change is stopped; lent access still ends by itself.' : 'Changes go on.';
}

async function request({ requestAccess }: Carriers, ask: Asked<'request-access'>, person: Person, key: string) {
  const target = ask.target ?? ownCarrier(person);
  if (target === undefined) return inWords('which-carrier');
  const { actions, resources, duration, reason, emergency } = ask;
  const by = person.id;
  const wish = { key, by, beneficiary: by, target, actions, resources, duration, reason };
  return requestedWords(await requestAccess({ ...wish, ...(emergency && { emergency }) }));
}

/** What became of a request, in words; an emergency that was not taken at once says what can still be done. */
export function requestedWords(change: Change): string {
  const { plan, review, state, id } = change;
  if (plan.terms.kind !== 'lending' || plan.terms.emergency === undefined) return outcomeOf(change);
  if (review) return `Taken as an emergency, and told to everybody; somebody else reviews it. ${outcomeOf(change)}`;
  if (state !== 'planned') return outcomeOf(change);
  return `${outcomeOf(change)} No standing decision was taken: either none covers it, or it has to be confirmed by your own AWS session, with \`npx leastwise confirm ${id}\`.`;
}

/** The one identity of a person that could carry a loan; undefined where there are several, or none. */
export function ownCarrier(person: Person): string | undefined {
  const own = person.actors.filter((actor) => ['user', 'role'].includes(parseIamArn(actor)?.type ?? ''));
  return own.length === 1 ? own[0] : undefined;
}

const states: Readonly<Record<Exclude<ChangeState, 'refused'>, string>> = {
  planned: 'It waits for approval.',
  denied: 'Denied; nothing is changed.',
  lapsed: 'The time to decide is over; nothing is changed.',
  approved: 'Approved; it is being applied.',
  applying: 'Approved; it is being applied.',
  verified: 'It is applied.',
  'undo-planned': 'The undo is asked for; somebody else has to approve it.',
  'undo-approved': 'The undo is approved and is being carried out.',
  undoing: 'It is being undone.',
  undone: 'It is undone.',
};

/** What became of a change, in words for whoever asked. */
export function outcomeOf({ state, refusal }: Change): string {
  if (state !== 'refused') return states[state];
  return refusal === null ? 'It was refused.' : `${changeRefusalWords[refusal.reason]} ${refusal.detail}`.trim();
}

const words = {
  ...refusalWords,
  'unknown-account': 'This account is not in the configuration.',
  'nobody-to-lend-to': 'Whoever did this is no person that Leastwise knows, so nothing can be lent to them.',
  'nothing-to-lend': 'Nothing of what was used may be lent: it could outlive the loan, or IAM knows no such action.',
  'no-carrier':
    'Nothing there can carry a loan to this person: neither their own user, nor one role tagged `leastwise:beneficiary` with their id, nor roles for leases.',
  'asked-already': 'Somebody asked to lend this already; the request has a message of its own.',
  'no-such-case': 'This case is not known any more.',
  'no-such-change': 'This change is not known any more.',
  'not-yours': 'Only whoever it is lent to can ask for it to go on.',
  'nothing-remains': 'Nothing remains that anybody would have to answer for.',
  'no-such-enrolment': 'This enrolment is gone or was refused already.',
  'no-such-lease': 'This lease is not known any more.',
  'not-verified': 'This is not applied, so there is nothing to undo.',
  'is-a-lease': 'Lent access is ended on its own message; that needs no decision.',
  'more-people': 'Noted. The rules ask for more people to say so.',
  reviewed: 'Noted: it was right.',
  'review-denied': 'Noted: it was not right. The access is being taken back.',
  'undo-denied': 'Denied; it stays as it is.',
  'which-carrier': 'Please say which of your roles is to carry the access: … on RESOURCES as ROLE-ARN for ….',
} as const;

/** What a person is told of a refusal. */
export const inWords = (said: keyof typeof words): string => words[said];
