import { useState } from 'preact/hooks';
import type { Calendar, State } from '../../local/api.ts';
import { useCalendar } from './server.ts';
import { counted } from './words.ts';

/** What one identity used, a square a day and action; below it what it may do and never did. */
export function CalendarPanel({ state }: { state: State }) {
  const [chosen, choose] = useState<string>();
  const target = state.changes[0]?.plan.target;
  const principal = chosen ?? (state.principals.find(({ arn }) => arn === target) ?? state.principals[0])?.id;
  const calendar = useCalendar(principal, state.revision);
  return (
    <div class="panel">
      <label>
        Identity{' '}
        <select value={principal} onChange={(event) => choose(event.currentTarget.value)} data-test="principal">
          {state.principals.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.kind}, {counted(one.actions, 'action')})
            </option>
          ))}
        </select>
      </label>
      {calendar ? <Squares calendar={calendar} /> : <p class="empty">Choose an identity to see what it used.</p>}
    </div>
  );
}

function Squares({ calendar }: { calendar: Calendar }) {
  const days = daysBetween(calendar.from, calendar.to);
  return (
    <>
      <p class="note">
        <code>{calendar.arn ?? calendar.principal}</code>, {calendar.from} to {calendar.to}
      </p>
      <div class="calendar">
        {calendar.rows.map((row) => (
          <div key={row.action + row.outcome} class="row">
            <span class={`action ${row.outcome}`} title={row.action}>
              {row.action}
              {row.outcome !== 'used' && <small> {row.outcome}</small>}
            </span>
            <svg
              role="img"
              aria-label={`${counted(row.days.length, 'day')} of ${days.length}`}
              viewBox={`0 0 ${days.length * 6} 12`}
              preserveAspectRatio="none"
            >
              <title>{`${counted(row.days.length, 'day')}; first ever ${row.firstEver.slice(0, 10)}`}</title>
              <rect class="ground" width={days.length * 6} height="12" />
              {row.days.map((day) => (
                <rect key={day} class={row.outcome} x={days.indexOf(day) * 6} y="1" width="5" height="10" />
              ))}
            </svg>
          </div>
        ))}
      </div>
      {calendar.unused.length > 0 && (
        <details open>
          <summary>{counted(calendar.unused.length, 'action')} granted and not used in this time</summary>
          <ul class="unused">
            {calendar.unused.map((action) => (
              <li key={action}>{action}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function daysBetween(from: string, to: string): string[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - first) / 86_400_000) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, index) =>
    new Date(first + index * 86_400_000).toISOString().slice(0, 10),
  );
}
