import type { Certificate } from '../certificate.ts';
import type { PolicyChange } from '../pack.ts';
import { quotas, sizeOf } from '../quotas.ts';
import { summaryOf } from '../report.ts';
import type { Rightsizing } from '../rightsize.ts';
import { differenceOf } from './difference.ts';

/** For a review or a pull request: what goes, what stays and why, the proof, and every policy line by line. */
export function markdownOf(
  judged: readonly Rightsizing[],
  risk: string,
  certificates: readonly (Certificate | undefined)[],
): string {
  return [risk, ...judged.map((each, i) => sectionOf(each, certificates[i]))].join('\n\n');
}

function sectionOf(judged: Rightsizing, certificate: Certificate | undefined): string {
  const title = `## ${judged.principal.arn}`;
  if (judged.status === 'nothing-to-remove') return `${title}\n\nNothing to remove.`;
  if (judged.status === 'not-yet-decidable') {
    return `${title}\n\nNothing can be concluded: ${judged.reason}${judged.detail && `: ${judged.detail}`}.`;
  }
  const { removed, byClass, dangerous, kept } = summaryOf(judged);
  const { used, allowed, newAccess } = judged.proof;
  return [
    title,
    `**${removed} actions go**: ${byClass.map(({ class: name, count }) => `${count} ${name}`).join(', ')}.`,
    ...(dangerous.length === 0 ? [] : [listOf('Dangerous ones that go', dangerous)]),
    `Proof: of ${used} recorded actions that these policies allowed, ${allowed} are allowed after, on what they were used on and under the same conditions; new access: ${newAccess}.`,
    ...(certificate === undefined ? [] : [certificateWords(certificate)]),
    `Kept: ${kept.map(({ why, count }) => `${count} ${why}`).join(', ')}.`,
    ...judged.policies.map(policyOf),
  ].join('\n\n');
}

function certificateWords({ rows, same, byOthers, byNoneKnown }: Certificate): string {
  const named = (words: string, actions: readonly string[]) =>
    actions.length === 0 ? '' : ` ${words}: ${actions.map((each) => `\`${each}\``).join(', ')}.`;
  return `Replayed: of ${rows} recorded uses, ${same} are decided after as before.${named('Allowed by policies that do not change', byOthers)}${named('Allowed by nothing that is known here', byNoneKnown)}`;
}

const listOf = (title: string, entries: readonly string[]): string =>
  `<details><summary>${title}: ${entries.length}</summary>\n\n${entries.map((each) => `- \`${each}\``).join('\n')}\n\n</details>`;

function policyOf({ name, kind, before, after }: PolicyChange): string {
  const what = before === null ? 'is made' : after === null ? (kind === 'inline' ? 'goes' : 'is detached') : 'changes';
  const size = after === null ? '' : `, ${sizeOf(after)} of ${quotas.managed} characters`;
  return `### ${name} (${kind}) ${what}${kind === 'inline' ? '' : size}\n\n\`\`\`diff\n${differenceOf(before, after)}\n\`\`\``;
}
