import fc from 'fast-check';
import { type Instant, plusSeconds } from '../../../core/time.ts';

export const account = '111122223333';
export const start = '2026-11-01T00:00:00Z' as Instant;

interface Holder {
  inline: Map<string, string>;
  attached: Set<string>;
}
interface Principal extends Holder {
  type: 'user' | 'role';
  name: string;
  path: string;
  id: string;
  createdAt: Instant;
  tags: Map<string, string>;
  trust: string | null;
  boundary: string | null;
  groups: Set<string>;
}
interface Managed {
  name: string;
  versions: string[];
  current: number;
}

/** What CloudTrail would write of a change, as far as it is read. */
export interface ModelEvent {
  source: string;
  name: string;
  time: Instant;
  account: string;
  errorCode: string | null;
  requestParameters: unknown;
  responseElements: unknown;
}

const ofAws = ['ReadOnlyAccess', 'PowerUserAccess'].map((name) => `arn:aws:iam::aws:policy/${name}`);

/** A small IAM: commands change it and tell the event; it prints its authorization details whenever asked. */
export class IamModel {
  private readonly principals = new Map<string, Principal>();
  private readonly groups = new Map<string, Holder>();
  private readonly managed = new Map<string, Managed>();
  private made = 0;
  private time = start;

  /** Does one of the things that can be done now, chosen by `pick`; undefined where nothing came of it. */
  step(pick: (most: number) => number): ModelEvent | undefined {
    this.time = plusSeconds(this.time, 1);
    const commands = this.commands(pick);
    const [name, requestParameters, responseElements] = commands[pick(commands.length)]!() ?? [];
    if (name === undefined) return undefined;
    return {
      source: 'iam.amazonaws.com',
      name,
      time: this.time,
      account,
      errorCode: null,
      requestParameters,
      responseElements: responseElements ?? null,
    };
  }

  private commands(pick: (most: number) => number): (() => [string, object, object?] | undefined)[] {
    const one = <T>(list: Iterable<T>): T | undefined => [...list][pick([...list].length || 1)];
    const text = () => JSON.stringify({ Version: '2012-10-17', Statement: [], Id: `${pick(5)} %25 + ä` });
    const type = pick(2) === 0 ? 'user' : 'role';
    const Type = type === 'user' ? 'User' : 'Role';
    const principal = one([...this.principals.values()].filter((each) => each.type === type));
    const user = one([...this.principals.values()].filter((each) => each.type === 'user'));
    const group = one(this.groups.keys());
    const inGroup = pick(3) === 0 ? group : undefined;
    const holder: Holder | undefined = inGroup ? this.groups.get(inGroup) : principal;
    const kind = inGroup ? 'Group' : Type;
    const by = inGroup ? { groupName: inGroup } : principal && { [`${type}Name`]: principal.name };
    const policies = [...this.managed.keys(), ...ofAws];
    const policyName = `p${pick(3)}`;
    const managed = one(this.managed.keys());
    return [
      () => this.createPrincipal(type, Type, pick, text()),
      () => this.createPrincipal(type, Type, pick, text()),
      () => {
        const groupName = `g${pick(3)}`;
        if (this.groups.has(groupName)) return undefined;
        this.groups.set(groupName, { inline: new Map(), attached: new Set() });
        return ['CreateGroup', { groupName }, { group: { groupName, arn: groupArn(groupName) } }];
      },
      () => {
        if (!principal || principal.groups.size > 0) return undefined;
        this.principals.delete(arnOf(principal));
        return [`Delete${Type}`, { [`${type}Name`]: principal.name }];
      },
      () => {
        if (!group || [...this.principals.values()].some(({ groups }) => groups.has(group))) return undefined;
        this.groups.delete(group);
        return ['DeleteGroup', { groupName: group }];
      },
      () => this.rename(user, pick),
      () => {
        const newGroupName = `g${pick(3)}`;
        const renamed = this.groups.get(group ?? '');
        if (!group || !renamed || this.groups.has(newGroupName)) return undefined;
        this.groups.delete(group);
        this.groups.set(newGroupName, renamed);
        for (const each of this.principals.values())
          each.groups = new Set([...each.groups].map((name) => (name === group ? newGroupName : name)));
        return ['UpdateGroup', { groupName: group, newGroupName }];
      },
      () => {
        if (!group || !user) return undefined;
        user.groups.add(group);
        return ['AddUserToGroup', { groupName: group, userName: user.name }];
      },
      () => {
        const left = one(user?.groups ?? []);
        if (!left || !user) return undefined;
        user.groups.delete(left);
        return ['RemoveUserFromGroup', { groupName: left, userName: user.name }];
      },
      () => {
        if (!holder || !by) return undefined;
        const policyDocument = text();
        holder.inline.set(policyName, policyDocument);
        return [`Put${kind}Policy`, { ...by, policyName, policyDocument }];
      },
      () => {
        if (!holder?.inline.delete(policyName)) return undefined;
        return [`Delete${kind}Policy`, { ...by, policyName }];
      },
      () => {
        const policyArn = one(policies);
        if (!holder || !policyArn) return undefined;
        holder.attached.add(policyArn);
        return [`Attach${kind}Policy`, { ...by, policyArn }];
      },
      () => {
        const policyArn = one(holder?.attached ?? []);
        if (!holder || !policyArn) return undefined;
        holder.attached.delete(policyArn);
        return [`Detach${kind}Policy`, { ...by, policyArn }];
      },
      () => {
        const permissionsBoundary = one(policies);
        if (!principal || !permissionsBoundary) return undefined;
        principal.boundary = permissionsBoundary;
        return [`Put${Type}PermissionsBoundary`, { [`${type}Name`]: principal.name, permissionsBoundary }];
      },
      () => {
        if (!principal) return undefined;
        principal.boundary = null;
        return [`Delete${Type}PermissionsBoundary`, { [`${type}Name`]: principal.name }];
      },
      () => {
        if (!principal) return undefined;
        const [key, value] = [`k${pick(3)}`, `v${pick(3)}`];
        principal.tags.set(key, value);
        return [`Tag${Type}`, { [`${type}Name`]: principal.name, tags: [{ key, value }] }];
      },
      () => {
        const key = one(principal?.tags.keys() ?? []);
        if (!principal || !key) return undefined;
        principal.tags.delete(key);
        return [`Untag${Type}`, { [`${type}Name`]: principal.name, tagKeys: [key] }];
      },
      () => {
        if (principal?.type !== 'role') return undefined;
        principal.trust = text();
        return ['UpdateAssumeRolePolicy', { roleName: principal.name, policyDocument: principal.trust }];
      },
      () => {
        const arn = `arn:aws:iam::${account}:policy/m${pick(3)}`;
        if (this.managed.has(arn)) return undefined;
        const name = arn.slice(-2);
        const policyDocument = text();
        this.managed.set(arn, { name, versions: [policyDocument], current: 0 });
        return ['CreatePolicy', { policyName: name, policyDocument }, { policy: { arn, policyName: name } }];
      },
      () => {
        const policy = this.managed.get(managed ?? '');
        if (!policy) return undefined;
        const setAsDefault = pick(2) === 0;
        policy.versions.push(text());
        if (setAsDefault) policy.current = policy.versions.length - 1;
        return ['CreatePolicyVersion', { policyArn: managed, policyDocument: policy.versions.at(-1), setAsDefault }];
      },
      () => {
        const policy = this.managed.get(managed ?? '');
        if (!policy) return undefined;
        policy.current = pick(policy.versions.length);
        return ['SetDefaultPolicyVersion', { policyArn: managed, versionId: `v${policy.current + 1}` }];
      },
      () => {
        const held = [...this.principals.values(), ...this.groups.values()].some(
          (each) => each.attached.has(managed ?? '') || ('boundary' in each && each.boundary === managed),
        );
        if (!managed || held) return undefined;
        this.managed.delete(managed);
        return ['DeletePolicy', { policyArn: managed }];
      },
      () => ['ListUsers', {}],
    ];
  }

  private createPrincipal(
    type: 'user' | 'role',
    Type: string,
    pick: (most: number) => number,
    trust: string,
  ): [string, object, object] | undefined {
    const name = `${type}${pick(4)}`;
    const [path, id] = [pick(2) === 0 ? '/' : '/team/', `${type === 'user' ? 'AIDA' : 'AROA'}${this.made}`];
    const principal: Principal = {
      type,
      name,
      path,
      id,
      createdAt: this.time,
      tags: new Map(),
      trust: type === 'role' ? trust : null,
      boundary: null,
      groups: new Set(),
      inline: new Map(),
      attached: new Set(),
    };
    if ([...this.principals.values()].some((each) => each.type === type && each.name === name)) return undefined;
    this.made += 1;
    this.principals.set(arnOf(principal), principal);
    const asked = { [`${type}Name`]: name, path, ...(type === 'role' ? { assumeRolePolicyDocument: trust } : {}) };
    return [`Create${Type}`, asked, { [type]: { arn: arnOf(principal), [`${type}Id`]: id } }];
  }

  private rename(user: Principal | undefined, pick: (most: number) => number): [string, object] | undefined {
    const newUserName = `user${pick(4)}`;
    const taken = [...this.principals.values()].some((each) => each.type === 'user' && each.name === newUserName);
    if (!user || taken) return undefined;
    const userName = user.name;
    this.principals.delete(arnOf(user));
    user.name = newUserName;
    this.principals.set(arnOf(user), user);
    return ['UpdateUser', { userName, newUserName }];
  }

  /** As iam:GetAccountAuthorizationDetails answers: policies of AWS only where somebody holds them. */
  details(): object {
    const holders = [...this.principals.values(), ...this.groups.values()];
    const held = ofAws.filter((arn) =>
      holders.some((it) => it.attached.has(arn) || ('boundary' in it && it.boundary === arn)),
    );
    const inline = ({ inline: all }: Holder) =>
      [...all].map(([PolicyName, PolicyDocument]) => ({ PolicyName, PolicyDocument }));
    const attached = ({ attached: all }: Holder) => [...all].map((PolicyArn) => ({ PolicyName: 'x', PolicyArn }));
    const detail = (it: Principal, Type: string) => ({
      Arn: arnOf(it),
      [`${Type}Name`]: it.name,
      [`${Type}Id`]: it.id,
      CreateDate: it.createdAt,
      Tags: [...it.tags].map(([Key, Value]) => ({ Key, Value })),
      AttachedManagedPolicies: attached(it),
      [`${Type}PolicyList`]: inline(it),
      ...(it.boundary ? { PermissionsBoundary: { PermissionsBoundaryArn: it.boundary } } : {}),
    });
    const of = (type: string) => [...this.principals.values()].filter((each) => each.type === type);
    const policy = (Arn: string, Document: string) => ({
      Arn,
      PolicyVersionList: [{ IsDefaultVersion: true, Document }],
    });
    return {
      UserDetailList: of('user').map((it) => ({ ...detail(it, 'User'), GroupList: [...it.groups] })),
      RoleDetailList: of('role').map((it) => ({ ...detail(it, 'Role'), AssumeRolePolicyDocument: it.trust })),
      GroupDetailList: [...this.groups].map(([GroupName, it]) => ({
        GroupName,
        Arn: groupArn(GroupName),
        GroupPolicyList: inline(it),
        AttachedManagedPolicies: attached(it),
      })),
      Policies: [
        ...[...this.managed].map(([arn, { versions, current }]) => policy(arn, versions[current]!)),
        ...held.map((arn) => policy(arn, JSON.stringify({ Statement: [], Id: arn }))),
      ],
    };
  }
}

const arnOf = ({ type, path, name }: Principal): string => `arn:aws:iam::${account}:${type}${path}${name}`;
const groupArn = (name: string): string => `arn:aws:iam::${account}:group/${name}`;

/** A seed and how many things are tried. */
export const runs = fc.record({ seed: fc.nat(), steps: fc.integer({ min: 1, max: 150 }) });

/** Chooses by the seed. */
export function picker(seed: number): (most: number) => number {
  let state = seed | 0;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(most, 1);
  };
}
