import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Choice } from '../../../usecases/ports/slack-surfaces.ts';
import type { FormView } from '../../../usecases/ports/slack-views.ts';
import { longestReason } from '../command.ts';
import { formBlocks, formElement } from '../form-values.ts';
import { duration } from './names.ts';
import { context, limits, plain, plainSection, prose } from './text.ts';

/** Slack's limits of a view and of what can be chosen in it. */
export const viewLimits = { title: 24, optionText: 75, optionValue: 150, options: 100, placeholder: 150 } as const;
const most = viewLimits;

/** Characters of the field for what no select offers. */
const longestTyped = 3000;

/** A choice that Slack takes; undefined where its value is longer than an option may be. */
const optionOf = ({ text, value }: Choice): PlainTextOption | undefined =>
  value === '' || value.length > most.optionValue
    ? undefined
    : { text: plain(middleCut(text), most.optionText), value };

/** As many options as a select takes. */
export const optionsOf = (choices: readonly Choice[]): PlainTextOption[] =>
  choices
    .map(optionOf)
    .filter((option) => option !== undefined)
    .slice(0, most.options);

/** Of a long name both ends tell more than its beginning. */
function middleCut(text: string): string {
  const characters = Array.from(text);
  if (text.length <= most.optionText) return text;
  return `${characters.slice(0, 30).join('')}…${characters.slice(-40).join('')}`;
}

/** The title of every form. */
export const formTitle = plain('Ask for access', most.title);

/** What is opened at once, before anything is known. */
export const emptyForm = (key: string): ModalView => ({
  type: 'modal',
  external_id: key,
  title: formTitle,
  close: plain('Cancel', most.title),
  blocks: [plainSection(['Looking up what you can ask for…'])],
});

/** Words in the place of a form. */
export const renderNotice = (words: string): ModalView => ({
  type: 'modal',
  title: formTitle,
  close: plain('Close', most.title),
  blocks: [plainSection(words.split('\n'))],
});

/** The form for a request, filled in as far as that is known. `proof` says for whom, and is all that it carries along. */
export const renderForm = (form: FormView, proof: string): ModalView => ({
  type: 'modal',
  callback_id: 'request',
  private_metadata: proof,
  title: formTitle,
  submit: plain('Ask', most.title),
  close: plain('Cancel', most.title),
  blocks: [...(form.notes.length === 0 ? [] : [context(...form.notes.map((note) => prose(note)))]), ...fieldsOf(form)],
});

function fieldsOf(form: FormView): KnownBlock[] {
  const typed = form.resources.filter(({ value }) => value.length > most.optionValue).map(({ value }) => value);
  return [
    select('carrier', 'On', 'What carries it: your user, a role that is yours, or a role of its own', {
      type: 'external_select',
      min_query_length: 0,
      initial: form.carrier === null ? [] : [form.carrier],
    }),
    select('actions', 'Actions', 'Type a service or an action, like s3 get', {
      type: 'multi_external_select',
      min_query_length: 2,
      initial: form.actions,
      // A permission set names its own.
      optional: true,
    }),
    select('resources', 'Resources', 'Type a part of the name, or a whole ARN', {
      type: 'multi_external_select',
      min_query_length: 0,
      initial: form.resources,
      optional: true,
    }),
    input('more', 'Further resources', {
      type: 'plain_text_input',
      action_id: formElement,
      multiline: true,
      max_length: longestTyped,
      ...(typed.length > 0 && { initial_value: typed.join('\n').slice(0, longestTyped) }),
    }),
    durationField(form),
    input('reason', 'Reason', {
      type: 'plain_text_input',
      action_id: formElement,
      multiline: true,
      max_length: longestReason,
      placeholder: plain('Why it is needed now', most.placeholder),
      ...(form.reason !== '' && { initial_value: form.reason }),
    }),
  ];
}

type Field = keyof typeof formBlocks;

interface Loaded {
  type: 'external_select' | 'multi_external_select';
  min_query_length: number;
  initial: readonly Choice[];
  optional?: boolean;
}

function select(field: Field, label: string, placeholder: string, loaded: Loaded): InputBlock {
  const common = {
    action_id: formElement,
    placeholder: plain(placeholder, most.placeholder),
    min_query_length: loaded.min_query_length,
  };
  const options = optionsOf(loaded.initial);
  const [first] = options;
  const element =
    loaded.type === 'external_select'
      ? { type: loaded.type, ...common, ...(first && { initial_option: first }) }
      : { type: loaded.type, ...common, ...(first && { initial_options: options }) };
  return { ...input(field, label, element), optional: loaded.optional ?? false };
}

const input = (field: Field, label: string, element: InputBlock['element']): InputBlock => ({
  type: 'input',
  block_id: formBlocks[field],
  label: plain(label, limits.field),
  element,
  optional: field === 'more',
});

const usual = [15, 30, 60, 120, 240, 480, 720, 1440] as const;

/** How long, as far as anything may be lent. */
function durationField({ duration: wanted, maxHours }: FormView): InputBlock {
  const seconds = [...new Set([...usual.map((minutes) => minutes * 60), maxHours * 3600, wanted])];
  const options = seconds
    .filter((each) => each >= 300 && each <= maxHours * 3600)
    .sort((a, b) => a - b)
    .map((each) => ({ text: plain(duration(each), most.optionText), value: String(each) }));
  const chosen = options.find(({ value }) => value === String(wanted)) ?? options.at(-1);
  return input('duration', 'For', {
    type: 'static_select',
    action_id: formElement,
    options,
    ...(chosen && { initial_option: chosen }),
  });
}
