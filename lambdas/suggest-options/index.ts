import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { formKeyOf } from '../../adapters/slack/form-proof.ts';
import { slackMembers } from '../../adapters/slack/members.ts';
import type { InventoryStore } from '../../usecases/ports/inventory-store.ts';
import { bucket, failed, now, secret, stateStores, withPeople } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { type HttpEvent, suggestOptionsHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  const inventories = remembering(inventoryStore(bucket(environment.INVENTORY_BUCKET)));
  const signingSecret = secret(environment.SLACK_SIGNING_SECRET);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  return withPeople(state, (settings) => async (event: HttpEvent) => {
    const [signing, bot] = await Promise.all([signingSecret(), token()]);
    return suggestOptionsHandler({
      expected: { signingSecret: signing, formKey: formKeyOf(bot), slack: settings.slack },
      configuration: settings,
      inventories,
      organizations: organizationStore(bucket(environment.INVENTORY_BUCKET)),
      members: slackMembers({ token: bot, apiUrl: process.env.LEASTWISE_SLACK_API_URL }),
      count: (refusal) => tools.count(`Refused-${refusal}`),
      failed: (fault) => failed(tools)('options of a form', fault),
      now,
    })(event);
  });
});

/** Milliseconds that an inventory is read once for: somebody types letter by letter, and what is chosen is judged anew. */
const heldFor = 300_000;

function remembering({ read }: Pick<InventoryStore, 'read'>): Pick<InventoryStore, 'read'> {
  const held = new Map<string, { at: number; reading: ReturnType<typeof read> }>();
  return {
    read: (account) => {
      const known = held.get(account);
      if (known && Date.now() - known.at < heldFor) return known.reading;
      const reading = read(account);
      held.set(account, { at: Date.now(), reading });
      reading.catch(() => held.delete(account));
      return reading;
    },
  };
}
