/** A fault at one of a port's calls. */
const at = (fault: string, ...calls: readonly string[]) => calls.map((call) => `${fault} at ${call}`);

/** Every call of a port that lending makes: a process may die before it and after it. */
const calls = [
  'archive.put',
  'assignments.commit',
  'assignments.find',
  'bus.publish',
  'changes.commit',
  'changes.find',
  'iam.read',
  'iam.write',
  'leases.commit',
  'leases.due',
  'leases.find',
  'leases.settling',
  'outbox.published',
  'scheduler.cancel',
  'scheduler.revokeAt',
  'settings.find',
  'signer.sign',
  'slack.post',
  'verifier.verify',
];

/** What two thousand histories must reach for the laws to say anything, by what it is an instance of. */
const reach: Readonly<Record<string, readonly string[]>> = {
  throttles: ['IAM throttles', ...at('before', 'iam.read', 'iam.write', 'leases.commit', 'scheduler.revokeAt')],
  'responses lost after the effect': at('after', 'iam.write', 'leases.commit', 'changes.commit', 'scheduler.revokeAt'),
  'asynchronous failures': [...at('lost', 'iam.write', 'scheduler.revokeAt', 'scheduler.cancel'), 'a schedule is lost'],
  duplicates: ['delivered again', ...at('twice', 'iam.write', 'bus.publish', 'scheduler.revokeAt')],
  reordering: ['delivered out of order', 'a late writer', ...at('meanwhile', 'iam.write', 'leases.commit')],
  'clock jumps': ['the clock goes back', 'the clock jumps a day'],
  'a crash at any await': [...at('crash-before', ...calls), ...at('crash-after', ...calls)],
  'carriers and leases': [
    'lease active',
    'lease role active',
    'permission set active',
    'an assignment of two leases',
    'overlapping leases',
    'extended',
  ],
  'ends for every reason': ['ended', 'early', 'in-doubt', 'alarm', 'offboarded'].map((why) => `revoked: ${why}`),
  'a Slack outage': ['lease active while Slack is down', 'lease revoked while Slack is down'],
  'states of a lease': ['prepared', 'provisioning', 'revoking', 'revoke-stuck', 'revoked', 'verified', 'closed'].map(
    (state) => `lease ${state}`,
  ),
  'events of trouble': ['lease.revoke-failed', 'lease.revoke-stuck', 'lease.removed-again', 'lease.end-refused'],
  'ends of a change': [
    ...['denied', 'lapsed', 'undone'].map((state) => `change ${state}`),
    ...['kill-switch', 'lapsed', 'not-verified', 'target-excluded', 'terms-refused'].map(
      (why) => `change refused: ${why}`,
    ),
  ],
  'refused decisions': ['self-approval', 'already-decided', 'not-an-approver', 'digest-mismatch', 'not-pending'].map(
    (why) => `decision refused: ${why}`,
  ),
  emergencies: ['approve', 'deny', 'overdue'].map((said) => `taken in an emergency, ${said}`),
  tampering: ['tampered'],
};

/** How often each was reached, in words. */
export const reachWords = (reached: ReadonlyMap<string, number>): string =>
  Object.entries(reach)
    .map(([kind, each]) => `${kind}: ${each.map((what) => `${reached.get(what) ?? 0} ${what}`).join(', ')}`)
    .join('\n');

/** What was never reached. */
export const unreached = (reached: ReadonlyMap<string, number>): readonly string[] =>
  Object.values(reach)
    .flat()
    .filter((what) => !reached.has(what));
