import { once } from 'node:events';
import type { Server } from 'node:http';

/** Where no other machine can reach. */
export const LOOPBACK = '127.0.0.1';

export interface Listening {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections; resolves when all are closed. Requests under way may end by themselves for that long, 0 by default. */
  close(graceMilliseconds?: number): Promise<void>;
}

/** As AWS's endpoints do it: a client that comes back after a pause finds its connection open, and loses no request in its closing. */
const KEEP_ALIVE_MILLISECONDS = 60_000;

/** Lets a server listen on 127.0.0.1 alone; port 0 is any free one. Rejects when the port is taken. */
export async function listen(server: Server, port = 0): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server listens on no port');
  let closing: Promise<void> | undefined;
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    port: address.port,
    close(graceMilliseconds = 0) {
      closing ??= stop(server, graceMilliseconds);
      return closing;
    },
  };
}

async function stop(server: Server, graceMilliseconds: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(impatience);
}

/** Whether a Host header names this machine: another name means DNS rebinding, a web page that calls here. */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');
}
