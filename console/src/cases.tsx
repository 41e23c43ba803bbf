import type { Case } from '../../core/anomaly/case.ts';
import type { State } from '../../local/api.ts';
import { counted, moment, shortName } from './words.ts';

/** Each case as a story: what happened first, why it scored, what people made of it. */
export function CasesPanel({ state }: { state: State }) {
  const told = state.cases.filter(({ level }) => level !== 'shadow');
  if (told.length === 0) return <p class="empty panel">No case: nobody did anything that is new to them.</p>;
  return (
    <div class="panel">
      {told.map((one) => (
        <Story key={one.id} it={one} />
      ))}
    </div>
  );
}

function Story({ it }: { it: Case }) {
  const most = Math.max(...it.reasons.map((reason) => reason.points), 1);
  return (
    <article class={`story level-${it.level}`}>
      <h3>
        {shortName(it.actor)} <span class={`state ${it.state}`}>{it.state}</span>
      </h3>
      <p class="note">
        {moment(it.from)} to {moment(it.to)} · score {it.score.toFixed(2)} · {counted(it.eventIDs.length, 'event')} ·{' '}
        {it.level === 'message' ? 'worth a message' : 'for the digest'}
      </p>
      <ol>
        {it.reasons.map((reason) => (
          <li key={reason.eventID + reason.kind + (reason.facet.action ?? '') + (reason.facet.value ?? '')}>
            <time>{reason.time.slice(11, 19)}</time>
            <span class="bar" style={{ width: `${Math.round((reason.points / most) * 64)}px` }} />
            <span class="words">{reason.words}</span>
            <span class="points">{reason.points.toFixed(1)}</span>
          </li>
        ))}
      </ol>
    </article>
  );
}
