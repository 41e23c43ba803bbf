import type { OpenForm } from '../../usecases/ports/slack-surfaces.ts';
import { emptyForm } from './render/form.ts';

/** Of Slack's three seconds the part that opening a form may take; keeping what was asked comes first. */
const mostForOpening = 1500;

/** Opens an empty form. Throws where Slack does not say in time that it did. */
export const formOpener =
  ({ token, apiUrl = 'https://slack.com/api/' }: { token: string; apiUrl?: string | undefined }): OpenForm =>
  async (trigger, key) => {
    const response = await fetch(new URL('views.open', apiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ trigger_id: trigger, view: emptyForm(key) }),
      redirect: 'error',
      signal: AbortSignal.timeout(mostForOpening),
    });
    const answer = (await response.json().catch(() => ({}))) as { ok?: boolean; error?: string };
    if (answer.ok !== true) throw new Error(`Slack opened no form: ${answer.error ?? response.status}`);
  };
