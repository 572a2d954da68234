import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** A port of 127.0.0.1 that is taken before what answers on it exists: addresses go into the template's values. */
export interface ReservedAddress {
  readonly url: string;
  /** Until then every request is answered 503. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

// Node's own bounds against clients that hold connections open stay as they are.
export async function reserveAddress(port = 0, maxHeaderSize = 16_384): Promise<ReservedAddress> {
  let current: RequestListener = (_, outgoing) => {
    outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
    outgoing.end('{"message":"Service Unavailable"}');
  };
  const server: Server = createServer({ maxHeaderSize }, (incoming, outgoing) => current(incoming, outgoing));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server listens on no port');
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(listener) {
      current = listener;
    },
    close() {
      closing ??= stop(server);
      return closing;
    },
  };
}

/** Requests under way may end by themselves for this long. */
const STOP_MILLISECONDS_MAX = 2000;

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), STOP_MILLISECONDS_MAX);
  await closed;
  clearTimeout(impatience);
}
