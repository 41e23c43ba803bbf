import type { Evidence, EvidenceRow } from './evidence.ts';
import { controls, sections, titles } from './sections.ts';
import { visible } from './visible.ts';

/** The report as one page that needs nothing else: no script, no picture, no address that is loaded. */
export function evidenceHtml(evidence: Evidence, signer: { fingerprint: string } | null): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Evidence ${escaped(evidence.period.from)} to ${escaped(evidence.period.to)}</title>`,
    `<style>${style}</style></head><body>`,
    '<h1>Who had access, who decided, and what became of it</h1>',
    ...about(evidence, signer),
    ...unwhole(evidence),
    ...sections.flatMap((section) =>
      tableOf(
        titles[section],
        evidence.rows.filter((row) => row.section === section),
      ),
    ),
    ...tableOf('Not verified: does not count', evidence.unverified, 'bad'),
    ...controlTable(),
    '</body></html>\n',
  ].join('\n');
}

const about = (evidence: Evidence, signer: { fingerprint: string } | null): string[] => [
  '<dl>',
  entry('Period', `${evidence.period.from} up to, and not at, ${evidence.period.to} (UTC)`),
  entry('Read', `${evidence.events} events and ${evidence.manifests} manifests of the audit bucket`),
  evidence.keyed
    ? entry('Audit signed until', evidence.signedUntil ?? 'nothing is signed', evidence.signedUntil ? '' : 'bad')
    : entry('Audit', 'no public key was given: the chains of hashes were checked, signatures were not', 'bad'),
  signer === null
    ? entry('This report', 'is not signed', 'bad')
    : entry('This report', `is signed in evidence.json.sig by the key with SHA-256 ${signer.fingerprint}`),
  entry('Check it', 'the same command over the same bucket and period gives the same bytes'),
  '</dl>',
];

function unwhole({ findings, keyed }: Evidence): string[] {
  if (findings.length === 0) {
    const words = keyed ? 'No event was removed, changed, moved or cut off.' : 'Every chain of hashes holds in itself.';
    return [`<p class="good">${words}</p>`];
  }
  const items = findings.map(
    ({ finding, aggregate, sequence, detail }) =>
      `<li>${escaped(`${aggregate}/${sequence}: ${finding}. ${detail}`)}</li>`,
  );
  return [`<h2 class="bad">The audit is not whole: ${findings.length} findings</h2>`, '<ul>', ...items, '</ul>'];
}

const shown: readonly (readonly [string, (row: EvidenceRow) => string])[] = [
  ['When', ({ time }) => time],
  ['Who', ({ who }) => who],
  ['What', ({ what, kind }) => (kind === '' ? what : `${kind}: ${what}`)],
  ['On', ({ target, account }) => (target === '' ? account : target)],
  ['Asked by, for', ({ requester, beneficiary }) => [requester, beneficiary].filter((id) => id !== '').join(', for ')],
  ['Why', ({ why }) => why],
  ['Approved by', ({ approvals }) => approvals],
];

function tableOf(title: string, rows: readonly EvidenceRow[], kind = ''): string[] {
  if (rows.length === 0) return kind === '' ? [`<h2>${escaped(title)}</h2>`, '<p>None in this period.</p>'] : [];
  const head = [...shown.map(([name]) => name), 'Proof'].map((name) => `<th>${escaped(name)}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = shown.map(([, of]) => `<td>${escaped(of(row))}</td>`).join('');
    const place = `${row.aggregate}/${row.sequence}`;
    return `<tr>${cells}<td>${escaped(row.proof)}<br><code>${escaped(place)}</code><br><code>${escaped(row.hash)}</code></td></tr>`;
  });
  return [
    `<h2 class="${kind}">${escaped(title)} (${rows.length})</h2>`,
    `<table class="rows"><tr>${head}</tr>`,
    ...lines,
    '</table>',
  ];
}

/** Sources are shown and not linked: nothing is to be loaded from here. */
const controlTable = (): string[] => [
  '<h2>Where this may be held against a control</h2>',
  '<p>Whether it suffices is for the reviewer to say. The wording was read at the source named, not in the standard itself.</p>',
  '<table><tr><th>Framework</th><th>Control</th><th>About</th><th>Sections</th><th>Source</th></tr>',
  ...controls.map(({ framework, control, title, sections: held, source }) => {
    const cells = [framework, control, title, held.map((section) => titles[section]).join('; '), source];
    return `<tr>${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`;
  }),
  '</table>',
];

const entry = (name: string, text: string, kind = ''): string =>
  `<dt>${escaped(name)}</dt><dd class="${kind}">${escaped(text)}</dd>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => visible(text).replaceAll(/[&<>"']/g, (character) => entities[character]!);

const style = `body{font:14px/1.45 system-ui,sans-serif;color:#1d2330;max-width:88rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem}dt{color:#5b6474}dd{margin:0}
table{border-collapse:collapse;width:100%;table-layout:fixed}th{text-align:left;color:#5b6474;font-weight:600}
.rows th:nth-child(1){width:12%}.rows th:nth-child(2){width:7%}.rows th:nth-child(3){width:12%}.rows th:nth-child(4){width:14%}
.rows th:nth-child(5){width:9%}.rows th:nth-child(6){width:18%}.rows th:nth-child(7){width:12%}.rows th:nth-child(8){width:16%}
th,td{padding:.4rem .6rem .4rem 0;border-bottom:1px solid #d9dee7;vertical-align:top;overflow-wrap:anywhere}
code{font-size:11px;color:#5b6474}
.bad{color:#a4161a}.good{color:#17633a}
@media print{body{max-width:none;margin:0}tr{break-inside:avoid}}`;
