import type { Change, Edit, Slot } from '../../core/changes/change.ts';
import type { State } from '../../local/api.ts';
import { moment, shortName } from './words.ts';

/** Every change with the text before and after, as it is compared: byte for byte. */
export function ChangesPanel({ state }: { state: State }) {
  if (state.changes.length === 0) return <p class="empty panel">No change was planned yet.</p>;
  return (
    <div class="panel">
      {state.changes.map((change) => (
        <ChangeView key={change.id} change={change} />
      ))}
    </div>
  );
}

function ChangeView({ change }: { change: Change }) {
  const edits = change.applied.length > 0 ? change.applied : change.plan.edits;
  return (
    <article class="change">
      <h3>
        {change.plan.kind} of {shortName(change.plan.target)}{' '}
        <span class={`state ${change.state}`}>{change.state}</span>
      </h3>
      <p class="note">
        planned {moment(change.plannedAt)} · digest <code>{change.digest.slice(0, 12)}</code>
        {change.appliedAt && ` · applied ${moment(change.appliedAt)}`}
      </p>
      {change.refusal && <p class="refusal">{change.refusal.detail}</p>}
      {edits.map((edit) => (
        <EditView key={slotName(edit.slot)} edit={edit} />
      ))}
    </article>
  );
}

function EditView({ edit }: { edit: Edit }) {
  const before = linesOf(edit.before);
  const after = linesOf(edit.after);
  return (
    <details open={before.length + after.length < 120}>
      <summary>{slotName(edit.slot)}</summary>
      <pre class="diff">
        {difference(before, after).map(({ mark, line, at }) => (
          <span key={at} class={mark === '+' ? 'added' : mark === '-' ? 'removed' : 'same'}>
            {mark} {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </details>
  );
}

const slotName = (slot: Slot): string => {
  if (slot.type === 'access-key') return `access key ${slot.key} of ${slot.user}`;
  if (slot.type === 'attachment') return `attachment of ${shortName(slot.policy)} to ${shortName(slot.principal)}`;
  if (slot.type === 'account-assignment')
    return `permission set ${shortName(slot.permissionSet)} of user ${slot.user} in ${slot.account}`;
  if (slot.type === 'lease-role') return `role ${shortName(slot.role)}`;
  if (slot.type === 'managed-policy') return `managed policy ${shortName(slot.policy)}`;
  return `inline policy ${slot.name} of ${shortName(slot.principal)}`;
};

/** A policy's text on lines, for people; what is not JSON stays as it is. */
function linesOf(text: string | null): string[] {
  if (text === null) return [];
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n');
  } catch {
    return text.split('\n');
  }
}

type Line = { mark: '+' | '-' | ' '; line: string; at: string };

/** Lines that go, come and stay, by the longest common subsequence; a comma at the end is no difference. */
function difference(before: readonly string[], after: readonly string[]): Line[] {
  const same = (i: number, j: number) => bare(before[i]) === bare(after[j]);
  const length = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = length[i] as number[];
      row[j] = same(i, j) ? cell(length, i + 1, j + 1) + 1 : Math.max(cell(length, i + 1, j), cell(length, i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const at = `${i}:${j}`;
    if (i < before.length && j < after.length && same(i, j)) {
      lines.push({ mark: ' ', line: after[j] as string, at });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && cell(length, i + 1, j) >= cell(length, i, j + 1))) {
      lines.push({ mark: '-', line: before[i] as string, at });
      i += 1;
    } else {
      lines.push({ mark: '+', line: after[j] as string, at });
      j += 1;
    }
  }
  return lines;
}

const bare = (line: string | undefined): string => (line ?? '').replace(/,$/, '');
const cell = (length: readonly number[][], i: number, j: number): number => length[i]?.[j] ?? 0;
