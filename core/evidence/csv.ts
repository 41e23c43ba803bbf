import type { Evidence, EvidenceRow } from './evidence.ts';
import { visible } from './visible.ts';

const columns = [
  'section',
  'time',
  'who',
  'what',
  'kind',
  'account',
  'target',
  'requester',
  'beneficiary',
  'why',
  'approvals',
  'aggregate',
  'sequence',
  'hash',
  'proof',
] as const satisfies readonly (keyof EvidenceRow)[];

/** The report as CSV (RFC 4180): what counts, then what does not, with `unverified` for its section. */
export function evidenceCsv({ rows, unverified }: Evidence): string {
  const lines = [
    columns.map(cell),
    ...rows.map((row) => columns.map((column) => cell(row[column]))),
    ...unverified.map((row) =>
      columns.map((column) => cell(column === 'section' ? `unverified ${row.section}` : row[column])),
    ),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** A spreadsheet takes what begins like this for a formula; a quote before it makes it a text. */
const formula = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

function cell(value: string | number): string {
  const text = visible(String(value));
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
