import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hub } from './organization.ts';
import { type Running, start } from './processes.ts';

const installed = join('.local', 'aws', 'bin');

/** Where both listen, on this machine only. */
export interface Emulators {
  /** MiniStack: functions, and everything that calls them or that they call. */
  ministack: string;
  /** moto: IAM and STS in every account, Organizations and Identity Center. */
  moto: string;
  stop(): Promise<void>;
}

/**
 * Starts both emulators on free ports, each from a clean environment; `folder` takes their logs and files. `clock` names
 * the file of the shifted clock.
 */
export async function startEmulators(root: string, folder: string, clock: string): Promise<Emulators> {
  const bin = join(root, installed);
  if (!existsSync(join(bin, 'moto_server'))) throw new Error('The emulators are not installed: npm run emulators.');
  const [first, second] = [await freePort(), await freePort()];
  const files = join(folder, 'ministack');
  mkdirSync(files);
  const common = {
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: files,
    LANG: 'C.UTF-8',
  };
  const ministack = start({
    program: join(bin, 'python'),
    args: [join(root, 'local/emulated/emulator.py'), 'ministack'],
    // Whatever stands here leaks into the functions.
    env: {
      ...common,
      TMPDIR: files,
      BIND_HOST: '127.0.0.1',
      // The name in the endpoint of an HTTP API; an address would make no valid URL.
      MINISTACK_HOST: 'localhost',
      GATEWAY_PORT: String(first),
      // Whose HTTP API an unsigned request reaches: Slack signs in its own way.
      MINISTACK_ACCOUNT_ID: hub,
      IOT_MTLS_ENABLED: '0',
      LEASTWISE_LOCAL_CLOCK: clock,
    },
    cwd: files,
    log: join(folder, 'ministack.log'),
  });
  const moto = start({
    program: join(bin, 'python'),
    args: [join(root, 'local/emulated/emulator.py'), 'moto', '-H', '127.0.0.1', '-p', String(second)],
    env: common,
    cwd: files,
    log: join(folder, 'moto.log'),
  });
  const stop = async () => {
    await Promise.all([ministack.stop(), moto.stop()]);
  };
  const urls = { ministack: `http://127.0.0.1:${first}`, moto: `http://127.0.0.1:${second}` };
  try {
    await Promise.all([ready(ministack, `${urls.ministack}/_ministack/health`), ready(moto, `${urls.moto}/moto-api/`)]);
  } catch (fault) {
    await stop();
    throw fault;
  }
  return { ...urls, stop };
}

/** Another process starts up: there is no event to wait for. */
async function ready(running: Running, url: string): Promise<void> {
  const { spawnargs } = running.process;
  for (let tries = 0; tries < 300; tries++) {
    if (running.process.exitCode !== null) throw new Error(`${spawnargs.join(' ')}: ${await running.ended}`);
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await pause(100);
  }
  throw new Error(`${spawnargs.join(' ')} did not answer within 30 seconds`);
}

/** A port that was free a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
