import type { Instant } from '../core/time.ts';
import { createClock } from './clock.ts';
import { colours } from './colours.ts';
import { listen } from './listen.ts';
import { type Live, liveSystem, type Source } from './live.ts';
import { readOwnData } from './own-data.ts';
import { bundlePage, type Page } from './page.ts';
import { sampleSource } from './sample-live.ts';
import { accounts } from './sample-organization/accounts.ts';
import { sampleOrganization } from './sample-organization/organization.ts';
import { loadIam, readHistory } from './sample-source.ts';
import { routes } from './server.ts';
import { switchOnEverywhere } from './switch-on.ts';
import { createSystem } from './system.ts';

export interface ServeOptions {
  cloudtrail?: string[];
  authorizationDetails?: string[];
  port: number;
  seed: number;
  end: Instant;
}

const everyHalfSecond = 500;

/** Serves the page until Ctrl-C. The address is printed at once, the first proposal stands there when it is opened. */
export async function serve(options: ServeOptions): Promise<void> {
  const isOwn = options.cloudtrail !== undefined || options.authorizationDetails !== undefined;
  const { live, begin } = isOwn ? await ownSystem(options) : sampleSystem(options);
  let isStopped = false;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  }).then(() => {
    isStopped = true;
  });
  let page: Promise<Page> | undefined;
  const { url, close } = await listen(
    routes(live, () => (page ??= bundlePage())),
    options.port,
  );
  console.log(`Leastwise runs at ${colours.cyan(url)}`);
  console.log('Your data never leaves this process. Ctrl-C ends it.\n');
  const begun = live.doing(begin).then((words) => isStopped || console.log(words));
  await Promise.race([begun, stopped]);
  const timer = setInterval(() => void live.step().catch((fault: unknown) => console.error(fault)), everyHalfSecond);
  await stopped;
  clearInterval(timer);
  await close();
  console.log('\nEnded; nothing is left behind.');
}

interface Begun {
  live: Live;
  /** Fills the system; resolves to what it found, in words. */
  begin(): Promise<string>;
}

function sampleSystem({ seed, end }: ServeOptions): Begun {
  const organization = sampleOrganization({ seed, end });
  const clock = createClock(end, () => performance.now(), false);
  const system = createSystem({ configuration: organization.configuration, clock });
  const source = sampleSource(system, organization);
  const begin = async () => {
    await loadIam(system, organization);
    const { days, records } = await readHistory(system, organization);
    await switchOnEverywhere(system, 'ada');
    await system.proposeRightsizing(accounts.security, 'ada');
    clock.pause(false);
    return `Read ${records} events of ${days} days of a sample organization. One proposal waits for your answer.`;
  };
  return { live: liveSystem(system, source), begin };
}

async function ownSystem({ cloudtrail, authorizationDetails }: ServeOptions): Promise<Begun> {
  const own = await readOwnData({ cloudtrail: cloudtrail ?? [], authorizationDetails: authorizationDetails ?? [] });
  const clock = createClock(own.end, () => performance.now(), false);
  const system = createSystem({ configuration: own.configuration, clock });
  const source: Source = {
    kind: 'own',
    words: own.words,
    example: null,
    catchUp: async () => false,
    canAttack: async () => false,
    attack: async () => {},
    ingestion: () => own.ingestion,
  };
  const begin = async () => {
    const words = await own.fill(system);
    clock.pause(false);
    return words;
  };
  return { live: liveSystem(system, source), begin };
}
