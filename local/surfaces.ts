import type { Person } from '../core/approvals/rules.ts';
import type { FormValues, Options, Submitted } from './api.ts';
import { Refused } from './server.ts';
import { clickRequest, formRequest, homeRequest, type OpenView, type SlackApp } from './slack-clicks.ts';
import type { System } from './system.ts';

/** Forms and the app's page as people use them: what Slack would send, signed, and what it does with the answers. */
export interface Surfaces {
  options(person: Person, asked: { form: string; field: string; typed: string; values: FormValues }): Promise<Options>;
  submit(person: Person, filled: { form: string; values: FormValues }): Promise<Submitted>;
  /** Presses a button that stands there; resolves to the endpoint's status. */
  press(person: Person, button: { actionId: string; value: string }, surface: 'form' | 'home'): Promise<number>;
  openPage(person: Person): Promise<number>;
}

export function surfacesOf(system: System): Surfaces {
  const { configuration, clock, secrets } = system;
  const { surfaces } = system.stores;
  const app: SlackApp = { ...configuration.slack, signingSecret: secrets.signing };
  const formOf = (person: Person, id?: string): OpenView => {
    const mine = surfaces.opened().findLast(({ trigger }) => trigger.startsWith(`${person.slack.user}.`));
    if (mine === undefined || (id !== undefined && mine.id !== id)) throw new Refused('That form is closed.');
    return { id: mine.id, type: 'modal', metadata: mine.view.private_metadata ?? '' };
  };
  return {
    async options(person, { form, field, typed, values }) {
      const request = formRequest(
        app,
        { person, view: formOf(person, form), values, typed: { field, text: typed } },
        clock.now(),
      );
      const { status, body } = await system.slack(request, '/slack/options');
      if (status !== 200) throw new Refused(`The endpoint for options answered ${status}.`);
      return JSON.parse(body) as Options;
    },
    async submit(person, { form, values }) {
      const { status, body } = await system.slack(
        formRequest(app, { person, view: formOf(person, form), values }, clock.now()),
      );
      if (status !== 200) throw new Refused(`The Slack endpoint answered ${status}.`);
      if (body !== '') return { errors: (JSON.parse(body) as { errors: Record<string, string> }).errors };
      surfaces.close(form);
      await system.settle();
      return {};
    },
    async press(person, { actionId, value }, surface) {
      const view: OpenView = surface === 'form' ? formOf(person) : { id: 'VHOME', type: 'home', metadata: '' };
      const { status } = await system.slack(clickRequest(app, { person, actionId, value, ts: '', view }, clock.now()));
      await system.settle();
      return status;
    },
    async openPage(person) {
      const { status } = await system.slack(homeRequest(app, person, clock.now()));
      await system.settle();
      return status;
    },
  };
}
