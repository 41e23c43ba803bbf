import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateOrganizationCommand } from '@aws-sdk/client-organizations';
import { enableFastLane, enterSecrets, lockAudit, makeTrail, type Names, namesOf } from './after-deploy.ts';
import { carryRolesOver } from './carry-roles-over.ts';
import { clientsFor, organizationsOf } from './clients.ts';
import { deploy } from './deploy.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { configurationWith, type LendableSet, makeLendableSet } from './identity-center.ts';
import { configuration, management } from './organization.ts';
import { slackApi } from './slack-api.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where Leastwise is, deployed into emulators on this machine; written to `emulated.json` in the folder. */
export interface Place {
  endpoint: string;
  moto: string;
  /** What Slack would call, and its Host: the name in it is known to the emulator alone. */
  requestUrl: string;
  signingSecret: string;
  /** The permission set that can be lent. */
  lendable: LendableSet;
  /** The stand-in of Slack's Web API; `posted` under it shows what stands in the channel. */
  slackUrl: string;
  /** Logs, templates, `clock` with the seconds that the functions and schedules are ahead, and `calls.ndjson` once an adapter records what it calls. */
  folder: string;
}

export interface Emulated extends Place {
  names: Names;
  /** Ends everything that was started; `keep` leaves the logs. */
  stop(options?: { keep?: boolean }): Promise<void>;
}

/** What stands before anything is deployed. */
export type EarlierPlace = Pick<Place, 'endpoint' | 'moto' | 'folder'>;

interface Options {
  /** Emulators that somebody else started (compose.yaml) and that stay. */
  running?: Pick<Emulators, 'ministack' | 'moto'> | undefined;
  /** Deploys what this version is then deployed over. */
  earlier?: (place: EarlierPlace) => Promise<void>;
}

/** Starts the emulators and a stand-in of Slack, deploys, and does what an operator does after a first deployment. */
export async function startEmulated(
  say: (words: string) => void,
  { running, earlier = async () => {} }: Options = {},
): Promise<Emulated> {
  const folder = mkdtempSync(join(tmpdir(), 'leastwise-emulated-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  const slack = await slackApi(configuration.slack.app);
  const stops: (() => Promise<void>)[] = [slack.close];
  const stop = async ({ keep = false } = {}) => {
    await Promise.all(stops.map((each) => each()));
    process.off('exit', clear);
    if (!keep) clear();
  };
  try {
    say('starting the emulators');
    const clock = running ? join(root, '.local/clock') : join(folder, 'clock');
    writeFileSync(clock, '0');
    const emulators = running ? { ...running, stop: async () => {} } : await startEmulators(root, folder, clock);
    stops.push(emulators.stop);
    const { ministack: endpoint, moto } = emulators;
    const told = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_IAM: moto,
      AWS_ENDPOINT_URL_STS: moto,
      AWS_ENDPOINT_URL_ORGANIZATIONS: moto,
      AWS_ENDPOINT_URL_SSO_ADMIN: moto,
      AWS_ENDPOINT_URL_IDENTITYSTORE: moto,
      LEASTWISE_SLACK_API_URL: slack.url,
      LEASTWISE_STS_URL: moto,
      LEASTWISE_LOCAL_CLOCK: clock,
      NODE_OPTIONS: `--import ${join(root, 'local/emulated/shifted-clock.mjs')}`,
      LEASTWISE_RECORD_CALLS: join(folder, 'calls.ndjson'),
    };
    const lendable = await makeLendableSet(moto);
    const { requestUrl } = await deploy({
      ...{ root, folder, endpoint, told, say },
      configuration: configurationWith(lendable),
      earlier: () => earlier({ endpoint, moto, folder }),
    });
    say('entering secrets, making the trail bucket, locking the audit');
    const clients = clientsFor(endpoint);
    const names = await namesOf(clients);
    const signingSecret = randomUUID();
    await enterSecrets(clients, { SigningSecret: signingSecret, Token: `xoxb-${randomUUID()}` });
    await enableFastLane(clients);
    await makeTrail(clients, names);
    await lockAudit(clients, names);
    await carryRolesOver(endpoint, moto);
    const organizations = await organizationsOf(moto, management);
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const place = { endpoint, moto, lendable, requestUrl, signingSecret, slackUrl: slack.url, folder };
    writeFileSync(join(folder, 'emulated.json'), JSON.stringify(place));
    return { ...place, names, stop };
  } catch (fault) {
    await stop({ keep: true });
    throw fault;
  }
}
