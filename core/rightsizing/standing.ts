import type { PrincipalRecord } from '../identity/inventory.ts';
import type { Day } from '../time.ts';
import { daysOfTwo, seasonOf } from './rhythm.ts';
import { lengthOf, startOf, type Window } from './window.ts';

/** Why nothing can be said about a principal. Missing data is never read as missing use (invariant 1). */
export type Undecidable =
  | 'break-glass'
  | 'service-linked'
  | 'identity-center'
  | 'leastwise'
  | 'owned-by-stack'
  | 'kept-by-owner'
  | 'no-ingestion'
  | 'age-unknown'
  | 'made-anew'
  | 'too-young'
  | 'seasonal'
  | 'never-seen';

export interface Doubt {
  reason: Undecidable;
  detail: string;
}

interface Facts {
  breakGlass: readonly string[];
  window: Window;
  /** What is missing of the trail, in words. */
  gap: string | undefined;
  /** Whether the ledger holds anything of the principal. */
  seen: boolean;
  /** Every day on which it did something that was not denied. */
  days: readonly Day[];
  /** The unique id that another principal of the same name had; null where none is known. */
  formerId: string | null;
}

/** What stands against judging the principal; undefined when nothing does. */
export function doubtAbout(principal: PrincipalRecord, facts: Facts): Doubt | undefined {
  return exclusionOf(principal, facts.breakGlass) ?? keptByOwner(principal, facts) ?? doubtOfData(principal, facts);
}

function exclusionOf({ arn, name, path, tags }: PrincipalRecord, breakGlass: readonly string[]): Doubt | undefined {
  if (breakGlass.includes(arn)) return doubt('break-glass', 'is kept for emergencies and never touched');
  if (path.startsWith('/aws-service-role/')) return doubt('service-linked', 'belongs to an AWS service');
  if (path.startsWith('/aws-reserved/') || name.startsWith('AWSReservedSSO_'))
    return doubt('identity-center', 'is changed through its permission set');
  if (name.startsWith('leastwise-') || path.startsWith('/leastwise/'))
    return doubt('leastwise', 'belongs to Leastwise itself');
  const stack = tags['aws:cloudformation:stack-name'];
  return stack === undefined
    ? undefined
    : doubt('owned-by-stack', `belongs to the stack ${stack}, which would undo it`);
}

/** Owners say by a tag until which day a principal keeps what it does not use. */
const keepTag = 'leastwise:keep-until';

function keptByOwner({ tags }: PrincipalRecord, { window }: Facts): Doubt | undefined {
  const until = tags[keepTag];
  if (until === undefined || (/^\d{4}-\d\d-\d\d$/.test(until) && until < window.last)) return undefined;
  return doubt('kept-by-owner', `its owner keeps it as it is until ${until} (tag ${keepTag})`);
}

function doubtOfData({ createdAt }: PrincipalRecord, { window, gap, seen, days, formerId }: Facts): Doubt | undefined {
  if (gap !== undefined) return doubt('no-ingestion', gap);
  if (createdAt === null) return doubt('age-unknown', 'it is not known when it was created');
  // A name made anew is a new principal with a new date: what its predecessor left unused says nothing.
  if (createdAt > startOf(window)) {
    const words = `was created ${createdAt}, inside the window`;
    if (formerId === null) return doubt('too-young', words);
    return doubt('made-anew', `${words}; ${formerId} had its name before and was somebody else`);
  }
  if (!seen) return doubt('never-seen', 'no call of it was ever recorded: ask whether it is needed at all');
  return doubtOfSeason(days, window);
}

/** What comes around by the month, the quarter or the year is judged by a window that holds it twice. */
function doubtOfSeason(days: readonly Day[], window: Window): Doubt | undefined {
  const season = seasonOf(days);
  if (season === undefined || lengthOf(window) >= daysOfTwo[season.rhythm]) return undefined;
  const held = season.spells.filter((day) => day >= window.first && day <= window.last).length;
  if (held >= 2) return undefined;
  return doubt(
    'seasonal',
    `works ${season.rhythm} (${season.spells.slice(-3).join(', ')}), and its window of ${lengthOf(window)} days holds ${held} of that: ${daysOfTwo[season.rhythm]} days would show; it comes around about ${season.next}`,
  );
}

const doubt = (reason: Undecidable, detail: string): Doubt => ({ reason, detail });
