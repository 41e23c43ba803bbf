import type { YearFigures } from './year.ts';

/** The figures of some years side by side, as a Markdown table for the README. */
export function yearTable(years: readonly YearFigures[]): string {
  const row = (name: string, value: (year: YearFigures) => string) => `| ${name} | ${years.map(value).join(' | ')} |`;
  const gone = ({ gone: taken, of }: { gone: number; of: number }) => `${taken} of ${of} (${percent(taken / of)})`;
  const risk = ({ measured, taken, again }: YearFigures['risk']['named']) =>
    `${percent(measured.share)} (${percent(measured.low)} to ${percent(measured.high)}); came ${again} of ${taken} (${percent(again / taken)})`;
  return [
    row('seed', ({ seed }) => String(seed)),
    `| --- |${years.map(() => ' --- |').join('')}`,
    row('principals, proposals', ({ principals, proposals }) => `${principals}, ${proposals}`),
    row('events of nine months', ({ events }) => String(events)),
    row('permissions taken', ({ removed }) => String(removed)),
    row('calls of months ten to twelve', ({ replayed }) => String(replayed.calls)),
    row('denied: seen by month nine', ({ denied }) => String(denied.seen.length)),
    row('denied: kept by an owner’s tag', ({ denied }) => String(denied.kept.length)),
    row('denied: asked for the first time', ({ denied }) => String(denied.news.length)),
    row('foretold of what policies name', ({ risk: { named } }) => risk(named)),
    row('foretold of what wildcards cover', ({ risk: { wildcard } }) => risk(wildcard)),
    row('unused excess gone', ({ excess }) => gone(excess.unused)),
    row('of it dangerous', ({ excess }) => gone(excess.escalation)),
    row(
      'and dangerous, used by others who hold the policy',
      ({
        excess: {
          escalationUsedByOthers: { gone: taken, of },
        },
      }) => `${taken} of ${of}`,
    ),
    row('unobservable excess listed', ({ excess: { unobservable } }) => `${unobservable.listed} of ${unobservable.of}`),
  ].join('\n');
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 2 : share < 0.1 ? 1 : 0)} %`;
