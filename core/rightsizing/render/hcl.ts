import type { PrincipalRecord } from '../../identity/inventory.ts';
import type { PolicyChange } from '../pack.ts';
import type { Rightsizing } from '../rightsize.ts';
import { labels } from './labels.ts';

/** The new policies as Terraform resources; what goes, as comments, since only its owner knows where it stands. */
export function hclOf(judged: readonly Rightsizing[]): string {
  const labelOf = labels(/[^A-Za-z0-9_]+/g, '_');
  const blocks = judged.flatMap((each) =>
    each.status === 'proposed' ? each.policies.map((policy) => blockOf(each.principal, policy, labelOf)) : [],
  );
  return blocks.join('\n\n');
}

function blockOf(principal: PrincipalRecord, policy: PolicyChange, labelOf: (text: string) => string): string {
  const { name, kind, arn, before, after } = policy;
  const { type } = principal;
  const said = quoted(principal.name);
  if (after === null) {
    return kind === 'inline'
      ? `# The inline policy ${quoted(name)} of the ${type} ${said} goes.`
      : `# ${quoted(arn ?? name)} is detached from the ${type} ${said}.`;
  }
  const label = labelOf(`${principal.name}_${name}`);
  const document = `  policy = jsonencode(${templated(JSON.stringify(JSON.parse(after), null, 2)).replaceAll('\n', '\n  ')})`;
  if (kind === 'inline') {
    return block(`aws_iam_${type}_policy`, label, [`  name   = ${quoted(name)}`, `  ${type}   = ${said}`, document]);
  }
  const path = pathOf(arn ?? '');
  const made = block('aws_iam_policy', label, [`  name   = ${quoted(name)}`, `  path   = ${quoted(path)}`, document]);
  if (before !== null) return made;
  const attachment = [`  ${type}       = ${said}`, `  policy_arn = aws_iam_policy.${label}.arn`];
  return `${made}\n\n${block(`aws_iam_${type}_policy_attachment`, label, attachment)}`;
}

const block = (type: string, label: string, lines: readonly string[]): string =>
  [`resource "${type}" "${label}" {`, ...lines, '}'].join('\n');

const pathOf = (arn: string): string => /:policy(\/(?:.*\/)?)[^/]+$/s.exec(arn)?.[1] ?? '/';

const quoted = (text: string): string => templated(JSON.stringify(text));

/** Terraform would take `${` and `%{` for its own. */
const templated = (json: string): string => json.replace(/[$%](?=\{)/g, (sign) => sign + sign);
