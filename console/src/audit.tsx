import type { State } from '../../local/api.ts';
import { counted, moment } from './words.ts';

/** The newest events of all chains, and whether every chain verifies. */
export const AuditPanel = ({ state }: { state: State }) => (
  <div class="panel">
    <p class={state.audit.verified ? 'verified' : 'refusal'}>
      {counted(state.audit.events, 'event')} in {counted(state.audit.chains, 'chain')}:{' '}
      {state.audit.verified ? 'every hash follows from the one before.' : 'a chain does not verify.'}
    </p>
    <table>
      <thead>
        <tr>
          <th>When</th>
          <th>What</th>
          <th>Who</th>
          <th>Where</th>
        </tr>
      </thead>
      <tbody>
        {state.audit.latest.map((line) => (
          <tr key={`${line.aggregate}/${line.sequence}`}>
            <td>{moment(line.at)}</td>
            <td>{line.type}</td>
            <td>{line.by}</td>
            <td>
              <code>
                {line.aggregate} #{line.sequence}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
