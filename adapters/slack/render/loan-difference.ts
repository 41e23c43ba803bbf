import type { KnownBlock } from '@slack/types';
import type { PrivilegeClass } from '../../../core/catalogue/privilege-class.ts';
import type { Change } from '../../../core/changes/change.ts';
import { type LoanHistory, loanDifference, narrowerLoan } from '../../../core/leases/difference.ts';
import { counted, type Look, personName, shortName } from './names.ts';
import { code, fitted, prose, section } from './text.ts';

/** What approving a loan would add, a narrower one where one is known, and what whoever asks had of it before. */
export function loanBlocks(look: Look, change: Change, history?: LoanHistory): KnownBlock[] {
  const { terms, target } = change.plan;
  if (terms.kind !== 'lending' || terms.permissionSet || terms.actions.length === 0 || change.state !== 'planned')
    return [];
  const { fresh, already } = loanDifference(terms);
  const who = code(shortName(target), 80);
  const news =
    fresh.length === 0
      ? [`*Nothing new*: ${who} may do all of it without this.`]
      : [`*New to ${who}*`, ...fresh.map((each) => `• ${classWords[each.class]}: ${codes(each.actions, 600)}`)];
  return [
    section(
      ...news,
      ...(already && already.length > 0 && fresh.length > 0 ? [`*Allowed anyway*: ${codes(already, 300)}`] : []),
      ...narrowerLines(change, history),
      ...(history ? [historyLine(look, change, history)] : []),
    ),
  ];
}

const classWords: Readonly<Record<PrivilegeClass, string>> = {
  'metadata-read': 'looks at single things',
  discovery: 'looks around, or reads data',
  write: 'changes things',
  'secret-read': '*reads secrets*',
  'privilege-escalation': '*can give itself more*',
  persistence: '*can leave a way back in*',
  'defense-evasion': '*can hide what it does*',
  exfiltration: '*can take data out*',
  impact: '*can destroy*',
};

function narrowerLines({ plan: { terms } }: Change, history: LoanHistory | undefined): string[] {
  const narrower = terms.kind === 'lending' ? narrowerLoan(terms, history) : undefined;
  if (narrower === undefined) return [];
  const { actions, resources, why } = narrower;
  return [
    `*Narrower*: ${codes(actions, 400)} on ${codes(resources, 400)} would do. ${why.map((each) => prose(each, 300)).join(' ')}`,
  ];
}

function historyLine(look: Look, { beneficiary }: Change, { lent, last, denied, used }: LoanHistory): string {
  const who = personName(look, beneficiary);
  const no = denied === 0 ? '' : ` ${counted(denied, 'request')} for it came to nothing.`;
  if (lent === 0) return `*Before*: nothing of it was lent to ${who}.${no}`;
  const use = used === null ? '' : used.length === 0 ? ' and nothing of it was used' : `, used: ${codes(used, 300)}`;
  return `*Before*: lent to ${who} ${counted(lent, 'time')}, last on ${last ?? 'an unknown day'}${use}.${no}`;
}

const codes = (values: readonly string[], max: number): string =>
  fitted(
    values.map((value) => code(value, 150)),
    max,
  ).replaceAll('\n', ', ');
