import { render } from 'preact';
import { useState } from 'preact/hooks';
import type { State } from '../../local/api.ts';
import { AuditPanel } from './audit.tsx';
import { CalendarPanel } from './calendar.tsx';
import { CasesPanel } from './cases.tsx';
import { ChangesPanel } from './changes.tsx';
import { Channel } from './channel.tsx';
import { Clock } from './clock.tsx';
import { Form } from './form.tsx';
import { LeasesPanel } from './leases.tsx';
import { loadOptions, submittedIn, useSystem } from './server.ts';
import './page.css';

const tabs = ['Ledger', 'Cases', 'Changes', 'Leases', 'Audit'] as const;
type Tab = (typeof tabs)[number];

/** One message waiting on the left, and beside it everything that it rests on. */
function App() {
  const { state, problem, busy, send, dismiss } = useSystem();
  const [tab, show] = useState<Tab>('Changes');
  const [chosen, choose] = useState<string>();
  if (!state) return <p class="loading">{problem ?? 'Reading…'}</p>;
  const as = chosen ?? (state.people.find((person) => person.mayApprove) ?? state.people[0])?.id ?? '';
  const form = state.forms[as];
  return (
    <>
      <header class="top">
        <h1>Leastwise</h1>
        <p class="promise">Your data never leaves this process.</p>
        {state.canAttack && (
          <button
            type="button"
            class="attack"
            data-test="attack"
            disabled={busy}
            onClick={() => send('/api/attack', {})}
          >
            Replay the attack
          </button>
        )}
        <Clock clock={state.clock} set={(request) => send('/api/clock', request)} />
      </header>
      {problem && (
        <button type="button" class="problem" onClick={dismiss}>
          {problem}
        </button>
      )}
      <main>
        <Channel
          state={state}
          as={as}
          choose={choose}
          busy={busy}
          press={(actionId, value, surface) => send('/api/click', { actionId, value, as, surface })}
          openPage={() => void send('/api/home', { as })}
        />
        <section class="beside">
          <nav aria-label="Views">
            {tabs.map((name) => (
              <button
                type="button"
                key={name}
                aria-current={name === tab ? 'page' : undefined}
                data-test={`tab-${name}`}
                onClick={() => show(name)}
              >
                {name}
                <small>{countOf(state, name)}</small>
              </button>
            ))}
          </nav>
          {tab === 'Ledger' && <CalendarPanel state={state} />}
          {tab === 'Cases' && <CasesPanel state={state} />}
          {tab === 'Changes' && <ChangesPanel state={state} />}
          {tab === 'Leases' && (
            <LeasesPanel
              state={state}
              as={as}
              choose={choose}
              busy={busy}
              ask={(request) => send('/api/request', request)}
            />
          )}
          {tab === 'Audit' && <AuditPanel state={state} />}
        </section>
      </main>
      {form && (
        <Form
          key={`${as} ${form.id}`}
          form={form}
          busy={busy}
          press={(actionId, value) => send('/api/click', { actionId, value, as, surface: 'form' })}
          options={(field, typed, values) => loadOptions({ as, form: form.id, field, typed, values })}
          submit={async (values) => submittedIn(await send('/api/submit', { as, form: form.id, values }))}
          close={() => send('/api/close', { as, form: form.id })}
        />
      )}
      <footer>
        {state.source.words} {state.ingestion.events.toLocaleString('en')} events read, {state.ingestion.rejected}{' '}
        rejected, {state.ingestion.unmapped} unmapped · applying{' '}
        {state.settings.applying.length === 0 ? 'is off' : `is on in ${state.settings.applying.length} accounts`}
        {state.settings.killed && ' · everything is stopped but revocations'}
      </footer>
    </>
  );
}

const countOf = (state: State, tab: Tab): number =>
  ({
    Ledger: state.principals.length,
    Cases: state.cases.length,
    Changes: state.changes.length,
    Leases: state.leases.length,
    Audit: state.audit.events,
  })[tab];

const root = document.getElementById('app');
if (root) render(<App />, root);
