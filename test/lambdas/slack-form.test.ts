import type { ModalView } from '@slack/types';
import { formIn } from '../../adapters/slack/form-proof.ts';
import { app, filledIn, formKey, pressed, sentOff, team, typed } from '../adapters/slack/requests.ts';
import { look } from '../adapters/slack/samples.ts';
import { refusedInView } from '../adapters/slack/view-limits.ts';

import { desk, user } from './slack-desk.ts';

const request = (text: string, who = 'U1') => typed(text, who, { trigger_id: 't.1' });
const words = (view: unknown) => JSON.stringify(view);

test('`/leastwise request` opens a form, which is filled in for whoever asked and as Slack takes it', async () => {
  const { send, surfaces, said } = desk();
  await send(request('request because the nightly job failed'));
  const view = surfaces.openedBy('t.1')!.view;
  expect(refusedInView(view)).toEqual([]);
  expect(view.submit?.text).toBe('Ask');
  expect(words(view)).toContain('Your user ana in shop');
  expect(words(view)).toContain('the nightly job failed');
  expect(formIn(formKey, { team, user: 'U1' }, view.private_metadata!)).toMatch(/^[0-9a-f]{64}$/);
  expect(formIn(formKey, { team, user: 'U2' }, view.private_metadata!)).toBeUndefined();
  expect(said()).toEqual([]);
});

test('what is sent off is the same request as one that is typed, and its answer is told in our channel', async () => {
  const { send, asked, said } = desk();
  await send(sentOff());
  expect(asked).toEqual([
    {
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: 'ana',
      beneficiary: 'ana',
      target: user,
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::logs/*'],
      duration: 3600,
      reason: 'the nightly job failed',
    },
  ]);
  expect(said()).toEqual([['C0', 'It waits for approval.']]);
});

test('one form is one request, however often it is sent off', async () => {
  const { send, asked, said } = desk();
  await send(sentOff());
  await send(sentOff(filledIn({ reason: { value: 'again' } })));
  expect(asked).toHaveLength(1);
  expect(said().at(-1)?.[1]).toMatch(/^You sent this form off already/);
});

test('what was typed into the form counts beside what was chosen', async () => {
  const { send, asked } = desk();
  const typedOnes = { value: 'arn:aws:s3:::a/*\narn:aws:s3:::b/*, arn:aws:s3:::logs/*' };
  await send(sentOff(filledIn({ more: typedOnes })));
  expect(asked).toMatchObject([{ resources: ['arn:aws:s3:::logs/*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] }]);
});

test.each([
  ['nobody knows', 'U9', {}, /not enrolled/],
  ['is a guest', 'U1', { members: { standing: async () => 'guest' as const } }, /Guests/],
])('whoever %s is told so in the form, and gets none', async (_, who, over, refusal) => {
  const { send, surfaces, away } = desk(over);
  await send(request('request', who));
  const view = surfaces.openedBy('t.1')!.view;
  expect(words(view)).toMatch(refusal);
  expect(view.submit).toBeUndefined();
  expect(refusedInView(view)).toEqual([]);
  expect(away).toHaveLength(1);
});

test('where the form is gone, whoever asked is told how else to ask', async () => {
  const { send, said } = desk({ surfaces: { fill: async () => false, publish: async () => {} } });
  await send(request('request'));
  expect(said()[0]?.[1]).toMatch(/^The form is not there/);
});

test('a button of ours opens a form, as often as it is pressed', async () => {
  const { send, surfaces } = desk();
  const { button } = await import('../../adapters/slack/buttons.ts');
  const { value = '' } = button(look.nonceKey, 'form:blank', { id: 'new', digest: '', version: 1 }, { text: 'Ask' });
  for (const trigger of ['t.1', 't.2']) {
    await send(pressed({ action: 'leastwise:form:blank', value, over: { trigger_id: trigger } }));
    expect(surfaces.openedBy(trigger)!.view.submit).toBeDefined();
  }
});

test('a button that somebody made up opens nothing but a sentence', async () => {
  const { send, surfaces } = desk();
  const value = JSON.stringify({ id: 'new', digest: '', nonce: `1.${'0'.repeat(32)}` });
  await send(pressed({ action: 'leastwise:form:blank', value, over: { trigger_id: 't.1' } }));
  const opened = surfaces.openedBy('t.1')!.view;
  expect(words(opened)).toMatch(/not made by this Leastwise/);
});

/** Presses the button in a form, as Slack tells it. */
const pressIn = (view: ModalView, index: number, id: string) => {
  const [found] = view.blocks
    .flatMap((block) =>
      block.type === 'section' && 'accessory' in block && block.accessory?.type === 'button' ? [block.accessory] : [],
    )
    .slice(index);
  const over = { trigger_id: 't.9', view: { id, type: 'modal', app_id: app, private_metadata: view.private_metadata } };
  return pressed({ action: found!.action_id!, value: found!.value!, over });
};

test('`/leastwise request denied` lists what was denied, and each that can be helped becomes the form', async () => {
  const { send, surfaces } = desk();
  await send(request('request denied'));
  const { view, id } = surfaces.openedBy('t.1')!;
  expect(refusedInView(view)).toEqual([]);
  expect(words(view)).toContain('A service control policy denies it.');
  expect(words(view).match(/Request this/g)).toHaveLength(1);
  await send(pressIn(view, 0, id));
  const filled = surfaces.openedBy('t.1')!.view;
  expect(filled.submit).toBeDefined();
  expect(words(filled)).toContain('arn:aws:s3:::logs/a');
  expect(words(filled)).toContain('s3:GetObject was denied on 2026-03-01');
  expect(surfaces.openedBy('t.9')).toBeUndefined();
});
