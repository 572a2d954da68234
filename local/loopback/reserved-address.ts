import { createServer, type RequestListener } from 'node:http';
import { listen } from './listen.ts';

/** A port of 127.0.0.1 that is taken before what answers on it exists: addresses go into the template's values. */
export interface ReservedAddress {
  readonly url: string;
  /** Until then every request is answered 503. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Requests under way may end by themselves for this long. */
const STOP_MILLISECONDS_MAX = 2000;

// Node's own bounds against clients that hold connections open stay as they are.
export async function reserveAddress(port = 0, maxHeaderSize = 16_384): Promise<ReservedAddress> {
  let current: RequestListener = (_, outgoing) => {
    outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
    outgoing.end('{"message":"Service Unavailable"}');
  };
  const server = createServer({ maxHeaderSize }, (incoming, outgoing) => current(incoming, outgoing));
  const { url, close } = await listen(server, port);
  return {
    url,
    serve(listener) {
      current = listener;
    },
    close: () => close(STOP_MILLISECONDS_MAX),
  };
}
