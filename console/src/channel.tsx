import { useEffect, useRef } from 'preact/hooks';
import type { Message, State } from '../../local/api.ts';
import { Blocks } from './blocks.tsx';
import { moment } from './words.ts';

interface ChannelProps {
  state: State;
  as: string;
  choose: (person: string) => void;
  press: (actionId: string, value: string) => void;
  busy: boolean;
}

/** The Slack channel: the very blocks that would be posted. Buttons go through the signed endpoint. */
export function Channel({ state, as, choose, press, busy }: ChannelProps) {
  const { messages } = state.channel;
  const end = useRef<HTMLDivElement>(null);
  const count = messages.length;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end', behavior: 'smooth' });
  }, [count]);
  return (
    <section class="channel" aria-label="Slack channel">
      <header>
        <h2># {state.channel.name}</h2>
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
      <div class="messages">
        {messages.length === 0 && <p class="empty">Nothing has been posted yet.</p>}
        {messages.map((message) => (
          <MessageView key={message.ts} message={message} press={press} busy={busy} />
        ))}
        <div ref={end} />
      </div>
    </section>
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
