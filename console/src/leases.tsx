import { useState } from 'preact/hooks';
import type { Lease } from '../../core/leases/lease.ts';
import type { AccessRequest, State } from '../../local/api.ts';
import { countdown, moment, shortName } from './words.ts';

interface LeasesProps {
  state: State;
  as: string;
  choose: (person: string) => void;
  ask: (request: AccessRequest) => void;
  busy: boolean;
}

/** Lent access counting down, and a way to ask for some. */
export function LeasesPanel({ state, as, choose, ask, busy }: LeasesProps) {
  const [text, write] = useState('');
  const { example } = state;
  return (
    <div class="panel">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask({ as, text });
        }}
      >
        <label for="ask">/leastwise</label>
        <input
          id="ask"
          data-test="ask"
          value={text}
          placeholder="request s3:GetObject on arn:aws:s3:::bucket/* for 2h because …"
          onInput={(event) => write(event.currentTarget.value)}
        />
        <button type="submit" disabled={busy || text.trim() === ''}>
          Ask
        </button>
      </form>
      {example && (
        <p class="note">
          <button
            type="button"
            data-test="example"
            onClick={() => {
              choose(example.as);
              write(example.text);
            }}
          >
            Fill in an example
          </button>{' '}
          You then click as {state.people.find(({ id }) => id === example.as)?.name ?? example.as}; somebody else has to
          approve.
        </p>
      )}
      {state.leases.length === 0 && <p class="empty">Nothing is lent.</p>}
      {state.leases.map((lease) => (
        <LeaseView key={lease.id} lease={lease} now={state.clock.now} />
      ))}
    </div>
  );
}

function LeaseView({ lease, now }: { lease: Lease; now: string }) {
  const alive = lease.state === 'active' || lease.state === 'prepared';
  const whole = Date.parse(lease.endsAt) - Date.parse(lease.startsAt);
  const left = Math.max(0, Math.min(1, (Date.parse(lease.endsAt) - Date.parse(now)) / Math.max(whole, 1)));
  return (
    <article class="lease" data-lease={lease.state}>
      <h3>
        {shortName(lease.carrier)} for {lease.beneficiary} <span class={`state ${lease.state}`}>{lease.state}</span>
      </h3>
      <p class="note">
        {moment(lease.startsAt)} to {moment(lease.endsAt)}
        {lease.revokedAt && ` · revoked ${moment(lease.revokedAt)} (${lease.revokeReason})`}
      </p>
      {alive && (
        <div class="countdown">
          <div class="left" style={{ width: `${left * 100}%` }} />
          <b>{countdown(now, lease.endsAt)}</b>
        </div>
      )}
    </article>
  );
}
