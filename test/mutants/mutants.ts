import type { Law } from '../usecases/lease-watchers.ts';

/** One line of the source, and what it becomes; the line is found by a part that stands in the file once. */
export interface Mutant {
  law: Law;
  what: string;
  file: string;
  line: string;
  becomes: string;
}

const of = (law: Law, ...mutants: readonly (readonly [what: string, file: string, line: string, becomes: string])[]) =>
  mutants.map(([what, file, line, becomes]): Mutant => ({ law, what, file, line, becomes }));

const lending = 'core/changes/lending.ts';
const role = 'core/changes/lending-role.ts';
const mayApply = 'core/changes/may-apply.ts';
const decide = 'core/approvals/decide.ts';
const emergency = 'core/approvals/emergency.ts';
const same = 'core/approvals/same-person.ts';
const step = 'core/leases/step.ts';
const due = 'core/leases/due.ts';
const assignment = 'core/leases/assignment.ts';
const shared = 'core/leases/assignment.ts';
const lend = 'usecases/lend.ts';
const request = 'usecases/request-access.ts';
const decision = 'usecases/decide-change.ts';
const ending = 'usecases/end-lease.ts';
const revoke = 'usecases/revoke-lease.ts';
const sweep = 'usecases/sweep-leases.ts';
const tellFirst = 'await (deps as unknown as { slack: { post(): Promise<void> } }).slack.post(); ';

/** Mistakes that somebody could make, at least three for each law. */
export const mutants: readonly Mutant[] = [
  ...of(
    'P1',
    ['lets the policy end never', lending, "DateLessThan: { 'aws:CurrentTime': endPlaceholder },", ''],
    [
      'lets the last second in',
      lending,
      'DateLessThan: {',
      "DateLessThanEquals: { 'aws:CurrentTime': endPlaceholder },",
    ],
    ['makes a role that can be assumed for ever', role, '        DateLessThan: {', ''],
    ['forgets the sweeper', due, 'return lease.endsAt;', 'return undefined;'],
    [
      'schedules the start',
      lend,
      'await deps.scheduler.revokeAt',
      'await deps.scheduler.revokeAt(lease.id, lease.startsAt);',
    ],
  ),
  ...of(
    'P2',
    ['skips the schedule', lend, 'await deps.scheduler.revokeAt', ''],
    ['grants while it is only prepared', lend, 'if (step === undefined) return lease;', '  return lease;'],
    [
      'grants before the lease is durable',
      lend,
      'const lease = (await deps.leases.find(under.lease',
      "const [edit] = under.applied; await deps.iam.write(edit!.slot, edit!.after, { change: under.id }); const lease = (await deps.leases.find(under.lease ?? '')) ?? (await prepare(deps, under));",
    ],
    ['stores another end than it grants', step, '    endsAt: end,', '    endsAt: plusSeconds(end, 60),'],
  ),
  ...of(
    'P3',
    ['lets the parties decide', decide, 'if (decidesForSelf(person', '  if (matter.parties.length > 99) {'],
    ['compares names', same, 'a.slack.team === b.slack.team', 'if (a.name === b.name) return true;'],
    ['forgets shared identities', same, 'return a.actors.some', 'return false;'],
    ['counts one human twice', decide, "return fail('already-decided');", ''],
    ['decides what is decided', decide, "return fail('not-pending');", ''],
    ['is content with one', decide, 'Math.max(1, quorum)', '  return people.length >= 1 && different.size >= teams;'],
    [
      'takes anybody for an approver',
      decide,
      'named.has(id)',
      '  return named.size > 0 && selvesOf(person, approvers.people).length > 0;',
    ],
  ),
  ...of(
    'P4',
    [
      'applies a plan whatever its digest',
      mayApply,
      'if (digestOf(change.plan) !== change.digest)',
      '  if (change.digest === "")',
    ],
    ['applies without a signature', mayApply, '  return signed', '  return signed || change.approvedAt !== null'],
    [
      'trusts the row for what is applied',
      lend,
      'prepared({ ...change, applied: edits }',
      '  const step = prepared(change, deps.now(), by);',
    ],
    ['makes a role that lets anybody in', role, "'sts:SourceIdentity': beneficiary.id", ''],
    ['takes a click on something older', decide, "return fail('digest-mismatch');", ''],
  ),
  ...of(
    'P5',
    [
      'extends without end',
      lending,
      'plusSeconds(at, duration) > from.until',
      '  from !== undefined && duration > 86_400_000',
    ],
    ['looks at the total only when asked', lend, 'const tooLong =', '  const tooLong = undefined;'],
    [
      'counts the total from the last extension',
      request,
      'const until = terms.extends?.until',
      '  const until = plusSeconds(lease.startsAt, longestLoanOf(configuration.lending) * 3600);',
    ],
    [
      'counts from when it was carried out',
      step,
      'const end = approvedAt &&',
      '  const end = approvedAt && endOf(plan, at);',
    ],
    [
      'takes hours for ten',
      lending,
      'duration > maxHours * 3600',
      "  if (duration > maxHours * 36_000) return outOfTerms('');",
    ],
  ),
  ...of(
    'P6',
    [
      'makes active what is only prepared',
      step,
      "lease.state === 'provisioning' && lease.generation",
      '  lease.generation === generation',
    ],
    [
      'accepts a stale generation',
      step,
      "lease.state === 'provisioning' && lease.generation",
      "  lease.state === 'provisioning'",
    ],
    [
      'keeps the generation when revoking',
      step,
      'retryAt: at, generation: lease.generation + 1',
      "        { state: 'revoking', revokeReason: reason, retryAt: at },",
    ],
    ['leaves what a late writer put back', revoke, 'else if (revocation.again)', ''],
    [
      'begins again after the end',
      step,
      "state === 'prepared' || state === 'provisioning' || state === 'active';",
      "  state === 'prepared' || state === 'provisioning' || state === 'active' || state === 'revoked';",
    ],
  ),
  ...of(
    'P7',
    [
      'releases a shared assignment too early',
      shared,
      'if (holders.length === 0) return removing(',
      '  return removing({ ...row, holders }, lease, at, by);',
    ],
    ['lends and takes away what stood before', shared, "return fail('stood-before');", ''],
    ['names all policies alike', lending, 'leasePolicyPrefix}', "    name: 'leastwise-lease-shared',"],
    [
      'sweeps what is not due',
      sweep,
      'leases.due(now',
      '    const page = await (leases as unknown as { list: typeof leases.settling }).list(atOnce);',
    ],
    [
      'names all leases alike',
      'core/changes/applied.ts',
      'export const leaseIdOf',
      'export const leaseIdOf = (change: string): string => change.slice(0, 3);',
    ],
    [
      'finds due what is not',
      'adapters/memory/lease-store.ts',
      'at !== undefined && at <= until',
      '        .filter(({ at }) => at !== undefined)',
    ],
  ),
  ...of(
    'P8',
    ['asks twice', request, 'if (existing !== undefined) return', ''],
    ['counts a click twice', decision, 'if (wasCounted', ''],
    ['tells a refusal twice', decision, 'if (wasRefused', ''],
    ['tells a refused end twice', ending, 'wasRefused(lease, key)', ''],
    ['removes again what is gone', revoke, '=== null) return lease;', ''],
  ),
  ...of(
    'P9',
    [
      'changes leases untold',
      step,
      'events: [event] };',
      '  return { after: { ...next, version: lease.version + 1, audit: head }, events: [] };',
    ],
    [
      'changes changes untold',
      'core/changes/step.ts',
      'events: [event] };',
      '  return { after: { ...next, version: change.version + 1, audit: head }, events: [] };',
    ],
    ['keeps no refusal', decision, '  await changes.commit(change, after, events);', ''],
    [
      'keeps no refused end',
      ending,
      'if (step === undefined) return ok(lease);',
      "      if (step === undefined || !known) return fail('unknown-person');",
    ],
    ['breaks the chain', 'core/audit/chain.ts', 'previous: head.hash,', "    previous: '',"],
  ),
  ...of(
    'P10',
    ['forgets what is on its way', due, '      return lease.startsAt;', '      return undefined;'],
    [
      'forgets what is verified',
      due,
      "state === 'revoked' || state === 'verified'",
      "export const isSettling = ({ state }: Pick<Lease, 'state'>): boolean => state === 'revoked';",
    ],
    ['lets nothing lapse', 'usecases/lapse-changes.ts', 'if (isOverdue', ''],
    [
      'closes nothing that is over',
      step,
      "lease.state === 'verified' && lease.residue.length === 0",
      "  lease.state === 'verified' && lease.residue.length === 0 && at < lease.startsAt",
    ],
  ),
  ...of(
    'P11',
    [
      'tells first, revokes then',
      revoke,
      'const found = await deps.leases.find',
      `${tellFirst}const found = await deps.leases.find(revocation.lease);`,
    ],
    ['tells first, sweeps then', sweep, 'const from = deps.now();', `${tellFirst}const from = deps.now();`],
    [
      'tells before it has settled',
      revoke,
      'await deps.scheduler.cancel',
      `${tellFirst}await deps.scheduler.cancel(lease.id);`,
    ],
  ),
  ...of(
    'P12',
    ['lends on what is given to somebody else', lending, 'given === beneficiary.id ? undefined', '  return undefined;'],
    ['plans on what is kept for emergencies', 'core/changes/reach.ts', 'if (breakGlass.includes(arn))', ''],
    ['applies to what is kept since then', mayApply, 'if (outside) return outside;', ''],
    [
      'removes another policy',
      revoke,
      'await iam.write(edit.slot, null',
      "    await iam.write({ ...edit.slot, name: 'work' } as typeof edit.slot, null, { change });",
    ],
  ),
  ...of(
    'P7',
    [
      'releases a shared assignment too early',
      assignment,
      'if (holders.length === 0) return removing',
      '  return removing({ ...row, holders }, lease, at, by);',
    ],
    ['takes over what stood before', assignment, "return fail('stood-before');", ''],
    [
      'forgets who else holds it',
      assignment,
      'holders: [...before.holders, lease]',
      "    stepOf(before, { holders: [lease] }, { type: 'assignment.held', at, by, data: { lease } }),",
    ],
  ),
  ...of('P1', [
    'keeps the assignment with the last lease',
    'usecases/hold-assignment.ts',
    'return now?.removing === id ?',
    '  return undefined;',
  ]),
  ...of('P9', [
    'changes assignments untold',
    assignment,
    'events: [event] };',
    '  return { after: { ...next, version: row.version + 1, audit: head }, events: [] };',
  ]),
  ...of(
    'P3',
    ['takes it for somebody else', emergency, '      isOwn &&', ''],
    ['takes it for longer', emergency, 'duration <= each.maxHours', '      true,'],
    ['takes it for anything', emergency, 'classes.every((of) => each.classes', ''],
    ['lets parties review', 'core/changes/review.ts', 'if (refusal !== undefined) return fail(refusal);', ''],
    ['lends what a review found wrong', decide, 'if (matter.emergency?.denied) return false;', ''],
    ['counts whoever was taken out', decide, "if (person.suspended && click.verdict === 'approve')", ''],
    [
      'puts other rules in force at once',
      'core/rulebook/rulebook.ts',
      'pending !== null && pending.from <= now ?',
      '  pending !== null ? pending.rules : rules;',
    ],
    [
      'lets anybody object',
      'usecases/keep-rules.ts',
      'return isApprover(who, configuration, at)',
      '  return undefined;',
    ],
  ),
  ...of('P6', ['ends what others were lent', 'core/identity/leaver.ts', 'actor.endsWith(`/$', '']),
  ...of(
    'P9',
    [
      'takes it without an alarm',
      'core/changes/decided.ts',
      "alarm: 'emergency'",
      '  const data = { rule: decision.rule, reviewBy };',
    ],
    [
      'freezes without an alarm',
      'core/enrolment/freeze.ts',
      "alarm: 'identity-center-provider'",
      '  const data = { ...change };',
    ],
    [
      'keeps no refused lift',
      'usecases/freeze-enrolments.ts',
      'if (!wasRefused(registry, key)) {',
      '      if (key === undefined) {',
    ],
  ),
  ...of('P10', [
    'never finds a review overdue',
    'core/changes/review.ts',
    'at > change.review.due',
    '  at < change.plannedAt && change.review !== undefined',
  ]),
];
