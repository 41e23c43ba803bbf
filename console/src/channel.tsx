import type { KnownBlock } from '@slack/types';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Message, State } from '../../local/api.ts';
import { Blocks } from './blocks.tsx';
import { moment } from './words.ts';

interface ChannelProps {
  state: State;
  as: string;
  choose: (person: string) => void;
  press: (actionId: string, value: string, surface?: 'home') => void;
  openPage: () => void;
  busy: boolean;
}

/** The Slack channel: the very blocks that would be posted. Buttons go through the signed endpoint. */
export function Channel({ state, as, choose, press, openPage, busy }: ChannelProps) {
  const { messages } = state.channel;
  const [isPage, showPage] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  const count = messages.length;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end', behavior: 'smooth' });
  }, [count]);
  return (
    <section class="channel" aria-label="Slack channel">
      <header>
        <h2>
          <button
            type="button"
            class="place"
            aria-pressed={!isPage}
            data-test="channel"
            onClick={() => showPage(false)}
          >
            # {state.channel.name}
          </button>
          <button
            type="button"
            class="place"
            aria-pressed={isPage}
            data-test="home"
            onClick={() => {
              showPage(true);
              openPage();
            }}
          >
            Leastwise
          </button>
        </h2>
        <label>
          You click as{' '}
          <select value={as} onChange={(event) => choose(event.currentTarget.value)} data-test="as">
            {state.people.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
                {person.mayApprove ? ' (approver)' : ''}
              </option>
            ))}
          </select>
        </label>
      </header>
      {isPage && <HomePage page={state.pages[as]} as={as} press={press} openPage={openPage} busy={busy} />}
      <div class="messages" hidden={isPage}>
        {messages.length === 0 && <p class="empty">Nothing has been posted yet.</p>}
        {messages.map((message) => (
          <MessageView key={message.ts} message={message} press={press} busy={busy} />
        ))}
        <div ref={end} />
      </div>
    </section>
  );
}

interface HomeProps extends Pick<ChannelProps, 'as' | 'press' | 'openPage' | 'busy'> {
  page: State['pages'][string] | undefined;
}

/** The app's page, which Slack asks the app for whenever somebody opens it. */
function HomePage({ page, as, press, openPage, busy }: HomeProps) {
  // Whoever comes back as somebody else opens that one's page.
  useEffect(openPage, [as]);
  return (
    <div class="messages home" data-test="page">
      {page ? (
        <Blocks
          blocks={page.blocks as KnownBlock[]}
          press={(actionId, value) => press(actionId, value, 'home')}
          busy={busy}
        />
      ) : (
        <p class="empty">Opening…</p>
      )}
    </div>
  );
}

function MessageView({ message, press, busy }: { message: Message } & Pick<ChannelProps, 'press' | 'busy'>) {
  const kind = [message.thread ? 'reply' : '', message.onlyFor ? 'only-for' : ''].join(' ');
  return (
    <article class={`message ${kind}`} data-ts={message.ts}>
      <div class="avatar" aria-hidden="true">
        L
      </div>
      <div class="body">
        <div class="byline">
          <strong>Leastwise</strong> <span class="app">APP</span> <time>{moment(message.at)}</time>
        </div>
        {message.onlyFor && <p class="only-you">Only visible to {message.onlyFor}</p>}
        {message.blocks.length > 0 ? (
          <Blocks blocks={message.blocks} press={press} busy={busy} />
        ) : (
          <p class="plain">{message.text}</p>
        )}
      </div>
    </article>
  );
}
