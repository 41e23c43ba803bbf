import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on the first free port from `from` on. */
export async function listen(app: Hono, from = 4000): Promise<Listening> {
  for (let port = from; port < Math.min(from + 100, 65_536); port++) {
    const server = createAdaptorServer({ fetch: app.fetch, hostname: '127.0.0.1' });
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(true) : reject(error),
      );
      server.listen(port, '127.0.0.1', () => resolve(false));
    });
    if (taken) continue;
    const { port: bound } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${bound}`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          if ('closeAllConnections' in server) server.closeAllConnections();
        }),
    };
  }
  throw new Error(`no free port between ${from} and ${from + 99}`);
}
