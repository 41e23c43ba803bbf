import type { InputBlock, InputBlockElement, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { useEffect, useState } from 'preact/hooks';
import type { FormValues, OpenForm, Options, Submitted } from '../../local/api.ts';
import { Blocks, type Press } from './blocks.tsx';
import { LoadedSelect } from './loaded-select.tsx';

interface FormProps {
  form: OpenForm;
  busy: boolean;
  press: Press;
  options: (field: string, typed: string, values: FormValues) => Promise<Options>;
  submit: (values: FormValues) => Promise<Submitted | undefined>;
  close: () => void;
}

/** One element's state, as Slack tells it to the app. */
type Filled = Record<string, unknown>;

/** A form of the app, over everything else, as Slack shows it. What was sent off and taken closes it. */
export function Form({ form, busy, press, options, submit, close }: FormProps) {
  const { view } = form;
  const [filled, fill] = useState<Record<string, Filled>>({});
  const [errors, complain] = useState<Readonly<Record<string, string>>>({});
  const inputs = view.blocks.filter(isInput);
  // The form as it is opened is empty, and another view may take its place later.
  const asShown = JSON.stringify(view.blocks);
  useEffect(() => {
    fill(Object.fromEntries(inputs.map((block) => [block.block_id ?? '', initially(block.element)])));
    complain({});
  }, [asShown]);
  const values = (): FormValues =>
    Object.fromEntries(
      inputs.map(({ block_id: id = '', element }) => [id, { [element.action_id ?? '']: filled[id] ?? {} }]),
    );
  const send = async () => {
    const submitted = await submit(values());
    complain(submitted?.errors ?? {});
  };
  return (
    <div class="over">
      <form
        class="modal"
        data-test="form"
        aria-label={view.title.text}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <header>
          <h2>{view.title.text}</h2>
          <button type="button" class="close" aria-label="Close the form" onClick={close}>
            ×
          </button>
        </header>
        <div class="fields-of-form">
          {view.blocks.map((block, index) =>
            isInput(block) ? (
              <Field
                key={block.block_id}
                block={block}
                filled={filled[block.block_id ?? ''] ?? {}}
                error={errors[block.block_id ?? '']}
                change={(state) => fill((before) => ({ ...before, [block.block_id ?? '']: state }))}
                load={(typed) => options(block.block_id ?? '', typed, values())}
              />
            ) : (
              <Blocks key={index} blocks={[block as KnownBlock]} press={press} busy={busy} />
            ),
          )}
        </div>
        <footer>
          {view.close && (
            <button type="button" class="plain" onClick={close}>
              {view.close.text}
            </button>
          )}
          {view.submit && (
            <button type="submit" class="primary" disabled={busy}>
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </div>
  );
}

const isInput = (block: ModalView['blocks'][number]): block is InputBlock => block.type === 'input';

function initially(element: InputBlockElement): Filled {
  if (element.type === 'plain_text_input') return { type: element.type, value: element.initial_value ?? null };
  if (element.type === 'multi_external_select')
    return { type: element.type, selected_options: element.initial_options ?? [] };
  if (element.type === 'external_select' || element.type === 'static_select')
    return { type: element.type, selected_option: element.initial_option ?? null };
  return { type: element.type };
}

interface FieldProps {
  block: InputBlock;
  filled: Filled;
  error: string | undefined;
  change: (filled: Filled) => void;
  load: (typed: string) => Promise<Options>;
}

function Field({ block, error, ...rest }: FieldProps) {
  const id = `field-${block.block_id}`;
  return (
    <div class="field" data-field={block.block_id}>
      <label for={id}>
        {block.label.text} {block.optional && <small>(optional)</small>}
      </label>
      <ElementView id={id} element={block.element} {...rest} />
      {error && <p class="error">{error}</p>}
    </div>
  );
}

function ElementView({
  id,
  element,
  filled,
  change,
  load,
}: Omit<FieldProps, 'block' | 'error'> & { id: string; element: InputBlockElement }) {
  const { type } = element;
  if (type === 'plain_text_input')
    return (
      <textarea
        id={id}
        rows={2}
        maxLength={element.max_length}
        placeholder={element.placeholder?.text}
        value={(filled.value as string | null) ?? ''}
        onInput={(event) => change({ type, value: event.currentTarget.value || null })}
      />
    );
  if (type === 'static_select')
    return (
      <select
        id={id}
        value={(filled.selected_option as PlainTextOption | null)?.value ?? ''}
        onChange={(event) => {
          const chosen = (element.options as PlainTextOption[]).find(
            ({ value }) => value === event.currentTarget.value,
          );
          change({ type, selected_option: chosen ?? null });
        }}
      >
        {(element.options as PlainTextOption[]).map(({ text, value }) => (
          <option key={value} value={value}>
            {text.text}
          </option>
        ))}
      </select>
    );
  if (type === 'external_select' || type === 'multi_external_select') {
    const many = type === 'multi_external_select';
    const one = filled.selected_option as PlainTextOption | null | undefined;
    return (
      <LoadedSelect
        id={id}
        placeholder={element.placeholder?.text ?? ''}
        least={element.min_query_length ?? 0}
        chosen={many ? ((filled.selected_options as PlainTextOption[]) ?? []) : one ? [one] : []}
        many={many}
        load={load}
        choose={(chosen) =>
          change(many ? { type, selected_options: chosen } : { type, selected_option: chosen[0] ?? null })
        }
      />
    );
  }
  return <p class="not-drawn">An element of the type “{type}”, which this page does not draw.</p>;
}
