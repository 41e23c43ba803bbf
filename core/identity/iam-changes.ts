import { policyTextOf } from '../policy/text.ts';
import type { Instant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import { parseIamArn } from './iam-arn.ts';
import type { GroupRecord, PolicyText, PrincipalRecord } from './inventory.ts';

/** An entity whose state an event changed without telling how: it must be read again. */
export interface StaleEntity {
  type: 'user' | 'role' | 'group' | 'policy';
  /** The ARN of a policy, the name of the others. */
  name: string;
}

/** One account's identities while events are applied. */
export interface Draft {
  account: string;
  partition: string;
  principals: Map<string, PrincipalRecord>;
  groups: Map<string, GroupRecord>;
  managed: Map<string, PolicyText>;
  stale: StaleEntity[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What an event says: the parameters of the call, AWS's answer, when. */
interface Told {
  asked: Fields;
  answered: Fields;
  time: Instant;
}

type Change = (draft: Draft, told: Told) => void;
type HolderType = 'user' | 'role' | 'group';
type Holder = PrincipalRecord | GroupRecord;

/** What each IAM call does to the identities of its account. Calls that are not here do not change them. */
export const changes: Readonly<Record<string, Change>> = {
  CreateUser: createPrincipal('user'),
  CreateRole: createPrincipal('role'),
  CreateGroup: createGroup,
  DeleteUser: remove('user'),
  DeleteRole: remove('role'),
  DeleteGroup: remove('group'),
  UpdateUser: rename('user'),
  UpdateGroup: rename('group'),
  UpdateAssumeRolePolicy: (draft, { asked }) => {
    const trust = documentIn(asked.policyDocument);
    changePrincipal(draft, 'role', asked, (role) => (trust === null ? null : { ...role, trust }));
  },
  AddUserToGroup: (draft, { asked }) => {
    const group = textOf(asked.groupName);
    changePrincipal(
      draft,
      'user',
      asked,
      (user) => group && { ...user, groups: [...new Set([...user.groups, group])] },
    );
  },
  RemoveUserFromGroup: (draft, { asked }) =>
    changePrincipal(draft, 'user', asked, (user) => ({
      ...user,
      groups: user.groups.filter((it) => it !== asked.groupName),
    })),
  TagUser: tag('user'),
  TagRole: tag('role'),
  UntagUser: untag('user'),
  UntagRole: untag('role'),
  PutUserPolicy: putInline('user'),
  PutRolePolicy: putInline('role'),
  PutGroupPolicy: putInline('group'),
  DeleteUserPolicy: deleteInline('user'),
  DeleteRolePolicy: deleteInline('role'),
  DeleteGroupPolicy: deleteInline('group'),
  AttachUserPolicy: attach('user'),
  AttachRolePolicy: attach('role'),
  AttachGroupPolicy: attach('group'),
  DetachUserPolicy: detach('user'),
  DetachRolePolicy: detach('role'),
  DetachGroupPolicy: detach('group'),
  PutUserPermissionsBoundary: putBoundary('user'),
  PutRolePermissionsBoundary: putBoundary('role'),
  DeleteUserPermissionsBoundary: deleteBoundary('user'),
  DeleteRolePermissionsBoundary: deleteBoundary('role'),
  CreatePolicy: createPolicy,
  DeletePolicy: (draft, { asked }) => draft.managed.delete(String(asked.policyArn)),
  CreatePolicyVersion: createPolicyVersion,
  // The text of the version was told when it was made, and only the default one is held.
  SetDefaultPolicyVersion: (draft, { asked }) => stale(draft, 'policy', asked.policyArn),
  // AWS chooses the policies of a service-linked role, and deletes it when it sees fit.
  CreateServiceLinkedRole: (draft, { answered }) => stale(draft, 'role', objectOf(answered.role)?.roleName),
  DeleteServiceLinkedRole: (draft, { asked }) => stale(draft, 'role', asked.roleName),
};

/** The names of all of these calls. */
export const changingCalls: readonly string[] = Object.keys(changes);

const nameField = { user: 'userName', role: 'roleName', group: 'groupName' } as const;

/** A document in an event's parameters; null where the trail left it out. */
const documentIn = (value: unknown): string | null =>
  typeof value === 'string' ? (policyTextOf(value) ?? null) : null;

function stale({ stale: list }: Draft, type: StaleEntity['type'], name: unknown): void {
  if (typeof name !== 'string') return;
  if (!list.some((each) => each.type === type && each.name === name)) list.push({ type, name });
}

const tagsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    (Array.isArray(value) ? value : []).map((each) => {
      const { key, value: text } = objectOf(each) ?? {};
      return [String(key), typeof text === 'string' ? text : ''];
    }),
  );

const boundaryIn = (asked: Fields): string | null => textOf(asked.permissionsBoundary);

/** A policy that is attached, and whose document is not held, must be read. */
function need(draft: Draft, arn: string | null): void {
  if (arn !== null && !draft.managed.has(arn)) stale(draft, 'policy', arn);
}

function createPrincipal(type: 'user' | 'role'): Change {
  return (draft, { asked, answered, time }) => {
    const made = objectOf(answered[type]) ?? {};
    const name = textOf(asked[nameField[type]]);
    const [arn, id] = [textOf(made.arn), textOf(made[`${type}Id`])];
    const trust = type === 'role' ? documentIn(asked.assumeRolePolicyDocument) : null;
    if (name === null) return;
    const parsed = parseIamArn(arn ?? '');
    if (arn === null || id === null || parsed === undefined || (type === 'role' && trust === null)) {
      stale(draft, type, name);
      return;
    }
    const boundary = boundaryIn(asked);
    need(draft, boundary);
    draft.principals.set(arn, {
      type,
      id,
      arn,
      name,
      path: parsed.path,
      createdAt: time,
      tags: tagsIn(asked.tags),
      trust,
      inline: [],
      attached: [],
      boundary,
      groups: [],
    });
  };
}

function createGroup(draft: Draft, { asked, answered }: Told): void {
  const [name, arn] = [textOf(asked.groupName), textOf(objectOf(answered.group)?.arn)];
  if (name === null) return;
  if (arn === null) stale(draft, 'group', name);
  else draft.groups.set(arn, { name, arn, inline: [], attached: [] });
}

function holderOf(draft: Draft, type: HolderType, name: unknown): Holder | undefined {
  const all: Iterable<Holder> = type === 'group' ? draft.groups.values() : draft.principals.values();
  for (const each of all) if (each.name === name && (!('type' in each) || each.type === type)) return each;
  return undefined;
}

function put(draft: Draft, holder: Holder): void {
  if ('type' in holder) draft.principals.set(holder.arn, holder);
  else draft.groups.set(holder.arn, holder);
}

function remove(type: HolderType): Change {
  return (draft, { asked }) => {
    const holder = holderOf(draft, type, asked[nameField[type]]);
    if (holder) (type === 'group' ? draft.groups : draft.principals).delete(holder.arn);
  };
}

/** Changes a holder; null from `change`: the event does not tell. One that is not known must be read. */
function changeHolder(draft: Draft, type: HolderType, asked: Fields, change: (holder: Holder) => Holder | null): void {
  const name = asked[nameField[type]];
  const holder = holderOf(draft, type, name);
  const changed = holder && change(holder);
  if (changed) put(draft, changed);
  else stale(draft, type, name);
}

function changePrincipal(
  draft: Draft,
  type: 'user' | 'role',
  asked: Fields,
  change: (principal: PrincipalRecord) => PrincipalRecord | null | '',
): void {
  changeHolder(draft, type, asked, (holder) => ('type' in holder ? change(holder) || null : null));
}

function rename(type: 'user' | 'group'): Change {
  return (draft, { asked }) => {
    const old = holderOf(draft, type, asked[nameField[type]]);
    const name = textOf(asked[type === 'user' ? 'newUserName' : 'newGroupName']) ?? String(asked[nameField[type]]);
    const path = textOf(asked.newPath) ?? parseIamArn(old?.arn ?? '')?.path ?? '/';
    if (!old) {
      stale(draft, type, name);
      return;
    }
    const arn = `arn:${draft.partition}:iam::${draft.account}:${type}${path}${name}`;
    (type === 'group' ? draft.groups : draft.principals).delete(old.arn);
    put(draft, 'type' in old ? { ...old, name, path, arn } : { ...old, name, arn });
    if (type !== 'group') return;
    for (const user of [...draft.principals.values()]) {
      if (user.groups.includes(old.name))
        draft.principals.set(user.arn, { ...user, groups: user.groups.map((it) => (it === old.name ? name : it)) });
    }
  };
}

function tag(type: 'user' | 'role'): Change {
  return (draft, { asked }) =>
    changePrincipal(draft, type, asked, (it) => ({ ...it, tags: { ...it.tags, ...tagsIn(asked.tags) } }));
}

function untag(type: 'user' | 'role'): Change {
  return (draft, { asked }) => {
    const gone = new Set(Array.isArray(asked.tagKeys) ? asked.tagKeys : []);
    changePrincipal(draft, type, asked, (it) => ({
      ...it,
      tags: Object.fromEntries(Object.entries(it.tags).filter(([key]) => !gone.has(key))),
    }));
  };
}

function putInline(type: HolderType): Change {
  return (draft, { asked }) => {
    const [name, text] = [textOf(asked.policyName), documentIn(asked.policyDocument)];
    changeHolder(draft, type, asked, (holder) => {
      if (name === null || text === null) return null;
      const policy: PolicyText = { name, arn: null, text };
      const at = holder.inline.findIndex((each) => each.name === name);
      return { ...holder, inline: at < 0 ? [...holder.inline, policy] : holder.inline.with(at, policy) };
    });
  };
}

function deleteInline(type: HolderType): Change {
  return (draft, { asked }) =>
    changeHolder(draft, type, asked, (holder) => ({
      ...holder,
      inline: holder.inline.filter(({ name }) => name !== asked.policyName),
    }));
}

function attach(type: HolderType): Change {
  return (draft, { asked }) => {
    const arn = textOf(asked.policyArn);
    need(draft, arn);
    changeHolder(draft, type, asked, (holder) =>
      arn === null ? null : { ...holder, attached: [...new Set([...holder.attached, arn])] },
    );
  };
}

function detach(type: HolderType): Change {
  return (draft, { asked }) =>
    changeHolder(draft, type, asked, (holder) => ({
      ...holder,
      attached: holder.attached.filter((arn) => arn !== asked.policyArn),
    }));
}

function putBoundary(type: 'user' | 'role'): Change {
  return (draft, { asked }) => {
    const boundary = boundaryIn(asked);
    need(draft, boundary);
    changePrincipal(draft, type, asked, (it) => (boundary === null ? null : { ...it, boundary }));
  };
}

function deleteBoundary(type: 'user' | 'role'): Change {
  return (draft, { asked }) => changePrincipal(draft, type, asked, (it) => ({ ...it, boundary: null }));
}

function createPolicy(draft: Draft, { asked, answered }: Told): void {
  const arn = textOf(objectOf(answered.policy)?.arn);
  const [name, text] = [textOf(asked.policyName), documentIn(asked.policyDocument)];
  if (arn === null) return;
  if (name === null || text === null) stale(draft, 'policy', arn);
  else draft.managed.set(arn, { name, arn, text });
}

function createPolicyVersion(draft: Draft, { asked }: Told): void {
  if (asked.setAsDefault !== true) return;
  const [arn, text] = [textOf(asked.policyArn), documentIn(asked.policyDocument)];
  const policy = draft.managed.get(arn ?? '');
  if (arn === null) return;
  if (text === null || policy === undefined) stale(draft, 'policy', arn);
  else draft.managed.set(arn, { ...policy, text });
}
