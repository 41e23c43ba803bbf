import { MessageGone, type MessageRef, type SlackClient, type SlackMessage } from '../../usecases/ports/slack.ts';

/** What stands in the channel, as the stand-in behind the client knows it. */
export interface Stand {
  slack: SlackClient;
  channel: string;
  texts(): readonly string[];
  whispers(): readonly { user: string; text: string }[];
}

const message = (text: string): SlackMessage => ({
  text,
  blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
});

/** What every SlackClient does. */
export function slackContract(name: string, open: () => Promise<Stand>): void {
  describe(`${name} as a SlackClient`, () => {
    test('posts a message and updates it in place', async () => {
      const { slack, channel, texts } = await open();
      const ref = await slack.post(channel, 'case/a', message('one'));
      await slack.post(channel, 'case/b', message('other'));
      await slack.update(ref, 'case/a', message('two'));
      expect(texts()).toEqual(['two', 'other']);
    });

    test('finds a message by its key, and nothing where there is none', async () => {
      const { slack, channel } = await open();
      const ref = await slack.post(channel, 'case/a', message('one'));
      await slack.post(channel, 'case/b', message('other'));
      expect(await slack.find(channel, 'case/a')).toEqual<MessageRef>(ref);
      expect(await slack.find(channel, 'case/c')).toBeUndefined();
    });

    test('finds it among many', async () => {
      const { slack, channel } = await open();
      const ref = await slack.post(channel, 'case/first', message('one'));
      for (let index = 0; index < 250; index += 1) await slack.post(channel, `case/${index}`, message('more'));
      expect(await slack.find(channel, 'case/first')).toEqual(ref);
    });

    test('finds a message under the key of its last update', async () => {
      const { slack, channel } = await open();
      const ref = await slack.post(channel, 'case/a', message('one'));
      await slack.update(ref, 'case/b', message('two'));
      expect(await slack.find(channel, 'case/a')).toBeUndefined();
      expect(await slack.find(channel, 'case/b')).toEqual(ref);
    });

    test('says when the message to update is gone', async () => {
      const { slack, channel } = await open();
      await expect(slack.update({ channel, ts: '1.000001' }, 'k', message('x'))).rejects.toThrow(MessageGone);
    });

    test('tells one person only', async () => {
      const { slack, channel, texts, whispers } = await open();
      await slack.tell({ user: 'U1', channel, responseUrl: null }, 'Noted.');
      expect(texts()).toEqual([]);
      expect(whispers()).toEqual([{ user: 'U1', text: 'Noted.' }]);
    });
  });
}
