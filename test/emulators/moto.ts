import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../.local/aws/bin/moto_server', import.meta.url));

/** Where the emulator listens; only to be asked inside tests. */
export interface Emulator {
  endpoint: string;
}

/**
 * Runs a suite against moto, an emulator of AWS that nobody here wrote. Where it is not installed, one skipped test says
 * loudly that nothing was shown; with LEASTWISE_REQUIRE_EMULATORS=1 (as in .ci/run) that is a failure instead.
 */
export function onMoto(title: string, suite: (emulator: () => Emulator) => void): void {
  if (!existsSync(program)) {
    const missing = `${title}: NOT RUN, no emulator (npm run emulators)`;
    if (process.env.LEASTWISE_REQUIRE_EMULATORS === '1') {
      test(missing, () => {
        throw new Error(`${program} is missing and LEASTWISE_REQUIRE_EMULATORS is 1`);
      });
    } else {
      process.stderr.write(`\n${missing}\n`);
      test.skip(missing, () => undefined);
    }
    return;
  }
  describe(title, () => {
    let running: { process: ChildProcess; endpoint: string } | undefined;
    beforeAll(async () => {
      running = await start();
    }, 60_000);
    afterAll(() => running?.process.kill());
    suite(() => running!);
  });
}

async function start(): Promise<{ process: ChildProcess; endpoint: string }> {
  const port = await freePort();
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`the emulator ended with ${server.exitCode}`);
    if (await answers(endpoint)) return { process: server, endpoint };
    // Another process starts up: there is no event to wait for.
    await pause(100);
  }
  server.kill();
  throw new Error('the emulator did not answer within 20 seconds');
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/moto-api/`).then(
    (response) => response.ok,
    () => false,
  );

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
