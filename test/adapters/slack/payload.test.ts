import fc from 'fast-check';
import { button } from '../../../adapters/slack/buttons.ts';
import { readCommand } from '../../../adapters/slack/command.ts';
import { originOf } from '../../../adapters/slack/origin.ts';
import { readSlack } from '../../../adapters/slack/payload.ts';
import { formKey, pressed } from './requests.ts';
import { look } from './samples.ts';

const read = readSlack({ buttons: look.nonceKey, forms: formKey });

test('whatever a body holds, it is read or explained, never thrown', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json().map((json) => new URLSearchParams({ payload: json }).toString()),
        fc
          .dictionary(fc.constantFrom('command', 'text', 'team_id', 'user_id', 'channel_id'), fc.string())
          .map((form) => new URLSearchParams(form).toString()),
        fc.tuple(fc.string(), fc.string()).map(([action, value]) => pressed({ action, value })),
      ),
      (body) => {
        originOf(body);
        const input = read(body);
        if (!input.ok) expect(input.error).toMatch(/whose .+ is not as Slack sends it/);
        else expect(input.value.ask.type).toMatch(/^(explain|request-access)$/);
      },
    ),
    { numRuns: 200 },
  ));

test('the button "lend instead" asks for exactly the case that it was made for', () => {
  const made = button(look.nonceKey, 'case:lend', { id: 'c', digest: 'd', version: 1 }, { text: 'Lend instead' });
  const click = JSON.parse(made.value ?? '');
  const asked = read(pressed({ action: 'leastwise:case:lend', value: JSON.stringify(click) }));
  expect(asked.ok && asked.value.ask).toEqual({ type: 'lend-instead', click });
  const foreign = read(pressed({ action: 'leastwise:case:lend', value: JSON.stringify({ ...click, id: 'other' }) }));
  expect(foreign.ok && foreign.value.ask.type).toBe('explain');
});

test('without a key no button is ours', () => {
  const minted = pressed({ action: 'leastwise:change:approve', value: '{"id":"c","digest":"d","nonce":"1.0"}' });
  const input = readSlack({ buttons: '', forms: '' })(minted);
  expect(input.ok && input.value.ask.type).toBe('explain');
});

test.each([
  ['spaces', `request a${' '.repeat(2900)}`],
  ['half a grammar', `request ${' a on b for'.repeat(260)}`],
  ['numbers', `request a on b for ${'1'.repeat(2900)}`],
])('a command of many %s is read at once', (_, text) => {
  const began = performance.now();
  expect(readCommand(text).type).toBe('explain');
  expect(performance.now() - began).toBeLessThan(1000);
});

test('a permission set is asked for by its name in an account, and the reason may say on what', () => {
  const asked = readCommand('request set `Repair` in 111122223333 for 2h because disk on db for 3h because of logs');
  expect(asked).toEqual({
    type: 'request-access',
    target: 'set:111122223333/Repair',
    actions: [],
    resources: [],
    duration: 7200,
    reason: 'disk on db for 3h because of logs',
  });
  expect(readCommand('request set Repair in 1111 for 2h because x').type).toBe('explain');
});

test('a role is named with "as", and the reason may hold any word of the grammar', () => {
  expect(readCommand('request a:B on * as arn:x for 90 minutes because for one of us on call')).toEqual({
    type: 'request-access',
    target: 'arn:x',
    actions: ['a:B'],
    resources: ['*'],
    duration: 5400,
    reason: 'for one of us on call',
  });
});
