import type { Share } from '../../core/wilson.ts';
import type { AnomalyFigures, Caught, Detector } from '../anomaly.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const bounded = ({ share, low, high }: Share): string => `${percent(share)} (${percent(low)} to ${percent(high)})`;

const publicDay = ({ publicDay: { same, new: other } }: Detector): string =>
  `${percent(same.share)}, ${percent(other.share)}`;

const techniques = ({ techniques: { mostly, of } }: Caught): string => `${mostly} of ${of}`;

const rows: readonly (readonly [string, (detector: Detector) => string])[] = [
  ['own network: told', ({ same }) => bounded(same.told)],
  ['own network: told in a message', ({ same }) => bounded(same.messaged)],
  ['new network: told', (it) => bounded(it.new.told)],
  ['new network: told in a message', (it) => bounded(it.new.messaged)],
  ['techniques that mostly reach a message, own network', ({ same }) => techniques(same)],
  ['told on a public log of one day: own network, new network', publicDay],
  ['benign sessions that reach a message', ({ benign }) => bounded(benign.messages)],
  ['benign sessions that reach digest or message', ({ benign }) => bounded(benign.digestOrMessage)],
  ['messages per 10,000 benign events', ({ benign }) => benign.messagesPer10kEvents.toFixed(1)],
  ['messages per incident', ({ same }) => same.messagesPerIncident.toFixed(2)],
  ['first alert, index of the event (median)', ({ same }) => `${same.firstAlert ?? '–'}`],
  ['first message, index of the event (median)', ({ same }) => `${same.firstMessage ?? '–'}`],
];

/** The figures as Markdown, for people and for the documentation. */
export function tableOf(figures: AnomalyFigures): string {
  const { half, weeks, hosts, techniques: count, specimens, incidents, benign, detectors } = figures;
  const names = Object.keys(detectors);
  const ours = Object.values(detectors)[0]!;
  const tactics = Object.keys(ours.same.byTactic);
  return [
    `${half === 'all' ? 'All' : `The ${half} half`}, ${weeks} weeks: ${count} techniques in ${specimens} logs on ${hosts} hosts, ${incidents} attacks a network; ${benign.sessions} benign sessions of ${benign.events} events.`,
    '',
    line(['', ...names]),
    line(['---', ...names.map(() => '---')]),
    ...rows.map(([title, cell]) => line([title, ...Object.values(detectors).map(cell)])),
    '',
    line(['tactic', 'attacks', 'own network: told', 'in a message', 'new network: told', 'in a message']),
    line(['---', '---', '---', '---', '---', '---']),
    ...tactics.map((tactic) => {
      const [same, other] = [ours.same.byTactic[tactic]!, ours.new.byTactic[tactic]!];
      const shares = [same.told, same.messaged, other.told, other.messaged].map(({ share }) => percent(share));
      return line([tactic, `${same.told.of}`, ...shares]);
    }),
    '',
    line(['benign sessions', 'of', 'digest', 'message']),
    line(['---', '---', '---', '---']),
    ...Object.entries(ours.benign.byKind).map(([kind, [messages, digests, of]]) =>
      line([kind, `${of}`, `${digests}`, `${messages}`]),
    ),
  ].join('\n');
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
