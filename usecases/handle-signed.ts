import type { Confirmation } from '../core/approvals/confirmation.ts';
import type { Person, Refusal } from '../core/approvals/rules.ts';
import { digestToDecide } from '../core/changes/digest.ts';
import { riskOf } from '../core/changes/risk.ts';
import { settingsId } from '../core/changes/settings.ts';
import { onlyObserving } from '../core/changes/settings-step.ts';
import { type Turn, turnDigest, turnNamed } from '../core/changes/turn.ts';
import type { Configuration } from '../core/configuration.ts';
import { actorsOfStoreUser, type Signer, type SignerRefusal, signerOf } from '../core/enrolment/caller.ts';
import { freezeDigest, freezeOf } from '../core/enrolment/freeze.ts';
import { type EnrolmentRefusal, isFrozen, type Registry, registryId } from '../core/enrolment/registry.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Carriers, inWords, outcomeOf, ownCarrier, requestedWords } from './carry-out-ask.ts';
import type { EnrollRequest } from './enroll.ts';
import type { Lifting } from './freeze-enrolments.ts';
import type { IdentityStore } from './ports/identity.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { SignedAnswer, SignedAsk, SignedInput } from './ports/signed-asks.ts';
import type { ChangeStore, EnrolmentStore, LeaseStore, SettingsStore } from './ports/state-stores.ts';
import { statusOf } from './tell-status.ts';

export interface SignedDeps
  extends Pick<Carriers, 'decideChange' | 'requestAccess' | 'endLease' | 'switchApplying' | 'switchKill'> {
  /** With everybody who is enrolled by now. */
  configuration: Pick<Configuration, 'people' | 'accounts'>;
  inventories: Pick<InventoryStore, 'read'>;
  /** null: none was read, so users of Identity Center are known by name alone and cannot enrol. */
  identityStore(): Promise<IdentityStore | null>;
  changes: Pick<ChangeStore, 'find' | 'list'>;
  leases: Pick<LeaseStore, 'list'>;
  settings: Pick<SettingsStore, 'find'>;
  enrolments: Pick<EnrolmentStore, 'find'>;
  liftFreeze(lifting: Lifting): Promise<Result<unknown, Refusal>>;
  enroll(request: EnrollRequest): Promise<Result<Registry, EnrolmentRefusal>>;
}

type Refused =
  | SignerRefusal
  | EnrolmentRefusal
  | 'unknown-user'
  | 'no-identity-store'
  | 'not-enrolled'
  | 'no-second-factor';
type Asked<T extends SignedAsk['type']> = Extract<SignedAsk, { type: T }>;

/** Whose session it was, with every name under which the ledger knows this person. */
interface Known {
  signer: Signer;
  actors: readonly ActorId[];
}

/** Carries out what somebody asked for by their own session of AWS. `key` names the wish through all its deliveries. */
export const handleSigned =
  (deps: SignedDeps) =>
  async ({ signer: answer, ask }: SignedInput, key: string): Promise<SignedAnswer> => {
    const { accounts } = deps.configuration;
    const known = accounts.some(({ id }) => id === answer.account)
      ? await knownAs(deps, signerOf(answer, await deps.inventories.read(answer.account)))
      : fail('foreign-account' as const);
    if (!known.ok) return refused(known.error);
    if (ask.type === 'enroll') return enrol(deps, known.value, ask);
    const person = personOf(deps, known.value);
    if (person === undefined) return refused('not-enrolled');
    switch (ask.type) {
      case 'show':
        return show(deps, ask);
      case 'confirm':
        return confirm(deps, person, known.value, ask, key);
      case 'request':
        return request(deps, person, known.value, ask, key);
      case 'status':
        return status(deps, person);
      case 'revoke':
        return revoke(deps, person, ask, key);
    }
  };

async function knownAs(deps: SignedDeps, signed: Result<Signer, SignerRefusal>): Promise<Result<Known, Refused>> {
  if (!signed.ok) return signed;
  const signer = signed.value;
  if (signer.kind !== 'identity-center') return ok({ signer, actors: [signer.actor] });
  const { userName } = signer;
  // Only Identity Center names such sessions, so the name is the user's; whether it still is anybody's the store says.
  if (isFrozen(await deps.enrolments.find(registryId), signer.account)) return fail('account-frozen');
  const store = await deps.identityStore();
  if (store === null) return ok({ signer, actors: [`federated:AWSReservedSSO/${userName}` as ActorId] });
  const user = await store.userNamed(userName);
  return user === undefined ? fail('unknown-user') : ok({ signer, actors: actorsOfStoreUser(user, userName) });
}

const personOf = ({ configuration }: SignedDeps, { actors }: Known): Person | undefined =>
  configuration.people.find((person) => person.actors.some((actor) => actors.includes(actor)));

async function enrol(deps: SignedDeps, { signer, actors }: Known, ask: Asked<'enroll'>): Promise<SignedAnswer> {
  if (signer.kind === 'confirming') return refused('not-a-person');
  if (signer.kind === 'identity-center' && (await deps.identityStore()) === null) return refused('no-identity-store');
  const { team, user } = ask;
  const made = await deps.enroll({ team, user, signer, actors });
  if (!made.ok) return refused(made.error);
  const mine = made.value.enrolments.find((it) => it.team === team && it.user === user && it.refusedBy === null);
  return done(`You are enrolled as ${signer.arn}. It counts from ${mine?.from}, unless somebody refuses it.`);
}

/** `freeze-ACCOUNT` names the freeze of an account's enrolments. */
const frozenAccount = (id: string): string | undefined => /^freeze-(\d{12})$/.exec(id)?.[1];

async function showFreeze({ enrolments }: SignedDeps, account: string): Promise<SignedAnswer> {
  const registry = await enrolments.find(registryId);
  const freeze = registry && freezeOf(registry, account);
  if (freeze === undefined) return told(false, inWords('not-pending'));
  return done('The enrolments of this account are frozen.', { freeze, toDecide: freezeDigest(freeze) });
}

async function showTurn({ settings }: SignedDeps, turn: Turn): Promise<SignedAnswer> {
  const { version } = (await settings.find(settingsId)) ?? onlyObserving;
  return done('Nothing is turned yet.', { turn, version, toDecide: turnDigest(turn, { version }) });
}

async function confirmTurn(
  deps: SignedDeps,
  turn: Turn,
  by: string,
  confirmation: Confirmation,
): Promise<SignedAnswer> {
  const turned = await (turn.what === 'resume'
    ? deps.switchKill({ by, killed: false, confirmation })
    : deps.switchApplying({ by, account: turn.account, on: true, confirmation }));
  return turned.ok ? done('Turned on.') : told(false, inWords(turned.error));
}

async function show(deps: SignedDeps, { change: id }: Asked<'show'>): Promise<SignedAnswer> {
  const account = frozenAccount(id);
  if (account !== undefined) return showFreeze(deps, account);
  const turn = turnNamed(id);
  if (turn !== undefined) return showTurn(deps, turn);
  const { changes } = deps;
  const change = await changes.find(id);
  if (change === undefined) return told(false, inWords('no-such-change'));
  const { state, plan, undo, digest, requester, beneficiary, decideBy, review } = change;
  const shown = { id, state, risk: riskOf(change), plan, undo, digest, requester, beneficiary, decideBy, review };
  return done(outcomeOf(change), { change: shown, toDecide: digestToDecide(change) });
}

async function confirm(
  deps: SignedDeps,
  person: Person,
  { signer, actors }: Known,
  { change, digest }: Asked<'confirm'>,
  key: string,
): Promise<SignedAnswer> {
  // A key of a user says nothing of a second factor; the role that is there for it does.
  if (signer.kind === 'user') return refused('no-second-factor');
  const actor = actors.find((it) => person.actors.includes(it));
  if (actor === undefined) return refused('not-enrolled');
  const confirmation = { actor, digest };
  const turn = turnNamed(change);
  if (turn !== undefined) return confirmTurn(deps, turn, person.id, confirmation);
  const account = frozenAccount(change);
  if (account !== undefined) {
    const lifted = await deps.liftFreeze({ account, by: person.id, digest, key, confirmation });
    return lifted.ok ? done('Lifted: people enrol from that account again.') : told(false, inWords(lifted.error));
  }
  const decided = await deps.decideChange({ change, by: person.id, verdict: 'approve', digest, key, confirmation });
  if (!decided.ok) return told(false, inWords(decided.error));
  const { state } = decided.value;
  const waits = state === 'planned' || state === 'undo-planned';
  return done(waits ? inWords('more-people') : outcomeOf(decided.value), { state });
}

async function request(
  deps: SignedDeps,
  person: Person,
  { signer, actors }: Known,
  ask: Asked<'request'>,
  key: string,
): Promise<SignedAnswer> {
  const target = ask.target ?? ownCarrier(person);
  if (target === undefined) return told(false, inWords('which-carrier'));
  const { actions, resources, duration, reason } = ask;
  const by = person.id;
  const wish = { key, by, beneficiary: by, target, actions, resources, duration, reason };
  // The wish itself is signed. A user's key alone says nothing of a second factor, as when it confirms.
  const signedBy = signer.kind === 'user' ? undefined : actors.find((it) => person.actors.includes(it));
  const change = await deps.requestAccess({
    ...wish,
    ...(ask.emergency && { emergency: true, ...(signedBy && { signedBy }) }),
  });
  return told(change.state !== 'refused', requestedWords(change), { change: change.id, state: change.state, target });
}

async function status(deps: SignedDeps, person: Person): Promise<SignedAnswer> {
  const { leases, waiting } = await statusOf(deps)(person);
  const data = {
    leases: leases.map(({ id, state, carrier, startsAt, endsAt }) => ({ id, state, carrier, startsAt, endsAt })),
    waiting: waiting.map(({ id, plan, decideBy }) => ({ id, kind: plan.kind, target: plan.target, decideBy })),
  };
  return done(`${leases.length} leases, ${waiting.length} requests that wait.`, data);
}

async function revoke(deps: SignedDeps, person: Person, { lease }: Asked<'revoke'>, key: string) {
  const ended = await deps.endLease({ lease, by: person.id, key });
  return ended.ok ? done('The access is being taken back.') : told(false, inWords(ended.error));
}

const told = (isDone: boolean, words: string, data?: SignedAnswer['data']): SignedAnswer => ({
  done: isDone,
  words,
  ...(data && { data }),
});
const done = (words: string, data?: SignedAnswer['data']) => told(true, words, data);
const refused = (refusal: Refused): SignedAnswer => ({ ...told(false, refusals[refusal]), data: { refusal } });

const refusals: Readonly<Record<Refused, string>> = {
  'account-frozen':
    'Somebody changed who vouches for sessions of Identity Center in this account, so none of it counts until an approver lifts that.',
  'foreign-account': 'This session belongs to an account that is not in the configuration, or has no inventory yet.',
  'not-in-the-inventory': 'This identity is not in the inventory yet; it is read every night and when it changes.',
  'not-a-person':
    'Only IAM users and sessions of IAM Identity Center can be somebody here; this is another role, or root.',
  'unknown-user': 'IAM Identity Center knows no user of this name.',
  'no-identity-store': 'The users of IAM Identity Center were not read yet, so none of them can enrol.',
  'already-enrolled': 'This Slack account is enrolled already. Somebody has to refuse that enrolment first.',
  'identity-taken': 'This identity is somebody else’s already.',
  'configured-otherwise':
    'The configuration binds this Slack account to another identity; an operator can change that.',
  'too-many': 'There is no room for more enrolments.',
  'not-enrolled': 'Nobody is known by this session: enrol with `/leastwise enroll` in Slack.',
  'no-second-factor':
    'A user’s key proves no second factor: assume the role leastwise-confirm with your MFA device, and confirm again.',
};
