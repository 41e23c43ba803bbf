import type { PlainTextOption } from '@slack/types';
import { useEffect, useState } from 'preact/hooks';
import type { Options } from '../../local/api.ts';

interface SelectProps {
  id: string;
  placeholder: string;
  /** How much has to be typed before anything is asked for. */
  least: number;
  many: boolean;
  chosen: readonly PlainTextOption[];
  load: (typed: string) => Promise<Options>;
  choose: (chosen: readonly PlainTextOption[]) => void;
}

/** Slack asks a moment after somebody stopped typing. */
const pause = 150;

/** A select whose options the app is asked for while somebody types. */
export function LoadedSelect({ id, placeholder, least, many, chosen, load, choose }: SelectProps) {
  const [typed, type] = useState('');
  const [isOpen, open] = useState(false);
  const [options, offer] = useState<readonly PlainTextOption[]>();
  useEffect(() => {
    if (!isOpen) return;
    if (typed.length < least) return offer(undefined);
    let current = true;
    const timer = setTimeout(() => {
      load(typed).then(
        (loaded) => current && offer(loaded.options),
        () => current && offer([]),
      );
    }, pause);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [typed, isOpen]);
  const take = (option: PlainTextOption) => {
    const others = chosen.filter(({ value }) => value !== option.value);
    choose(many ? [...others, option] : [option]);
    type('');
    open(false);
  };
  return (
    <div
      class="loaded"
      onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || open(false)}
    >
      {chosen.map((option) => (
        <span class="chosen" key={option.value}>
          {option.text.text}
          <button
            type="button"
            aria-label={`Remove ${option.text.text}`}
            onClick={() => choose(chosen.filter(({ value }) => value !== option.value))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        id={id}
        autocomplete="off"
        placeholder={chosen.length === 0 ? placeholder : many ? 'Add another' : 'Choose another'}
        value={typed}
        onFocus={() => open(true)}
        onInput={(event) => {
          type(event.currentTarget.value);
          open(true);
        }}
      />
      {isOpen && options && (
        <ul>
          {options.length === 0 && <li class="nothing">Nothing fits.</li>}
          {options.map((option) => (
            <li key={option.value}>
              <button type="button" data-test="option" onClick={() => take(option)}>
                {option.text.text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
