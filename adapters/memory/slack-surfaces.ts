import type { HomeView, ModalView } from '@slack/types';
import type { OpenForm, SlackSurfaces } from '../../usecases/ports/slack-surfaces.ts';
import { emptyForm } from '../slack/render/form.ts';
import { keep } from './freeze.ts';

/** A form that stands open somewhere. */
interface OpenedForm {
  /** Slack's own id. */
  id: string;
  trigger: string;
  view: ModalView;
}

/** Forms and pages of people in this process. */
export interface MemorySurfaces extends SlackSurfaces {
  open: OpenForm;
  /** By the trigger that opened it; undefined: it was closed, or never opened. */
  openedBy(trigger: string): OpenedForm | undefined;
  /** All that are open, the newest last. */
  opened(): readonly OpenedForm[];
  /** What Slack does once a form was sent off, or somebody closed it. */
  close(id: string): void;
  pageOf(user: string): HomeView | undefined;
}

/** Nothing is open, and nobody looked at their page. */
export function memorySurfaces(): MemorySurfaces {
  const forms = new Map<string, OpenedForm>();
  const pages = new Map<string, HomeView>();
  let count = 0;
  return {
    async open(trigger, key) {
      count += 1;
      const id = `V${count}`;
      forms.set(id, { id, trigger, view: keep(emptyForm(key)) });
    },
    async fill(form, view) {
      const found = [...forms.values()].find((it) =>
        'key' in form ? it.view.external_id === form.key : it.id === form.view,
      );
      if (found === undefined) return false;
      forms.set(found.id, { ...found, view: keep(view) });
      return true;
    },
    async publish(user, view) {
      pages.set(user, keep(view));
    },
    openedBy: (trigger) => [...forms.values()].find((it) => it.trigger === trigger),
    opened: () => [...forms.values()],
    close: (id) => void forms.delete(id),
    pageOf: (user) => pages.get(user),
  };
}
