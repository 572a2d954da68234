import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { isLoopbackHost, type Listening, LOOPBACK, listen } from './listen.ts';
import { readBody } from './read-body.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Call {
  readonly method: string;
  /** Path and query; its host is the one the caller named, already known to be this machine. */
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Of the caller. */
  readonly address: string;
}

interface CallServerOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number | undefined;
  readonly clock: Clock;
  readonly bodyBytesMax: number;
  answer(call: Call): Promise<Answer>;
}

/**
 * An HTTP server that only this machine can reach. Host headers that name another machine are refused (421), or a
 * web page could reach it by DNS rebinding. An exception in `answer` is a bug: 500 without detail, told on stderr.
 */
export function serveCalls(options: CallServerOptions): Promise<Listening> {
  const server = createServer((request, response) => {
    respond(request, response, options).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) send(response, { status: 500, body: 'Internal failure' }, options.clock);
      else response.destroy();
    });
  });
  return listen(server, options.port);
}

async function respond(request: IncomingMessage, response: ServerResponse, options: CallServerOptions): Promise<void> {
  const url = loopbackUrl(request);
  if (!url) return send(response, { status: 421, body: 'This server answers to its own machine only' }, options.clock);
  const body = await readBody(request, options.bodyBytesMax);
  if (!body) {
    const answer = { status: 413, headers: { connection: 'close' }, body: 'The body is too large' };
    return send(response, answer, options.clock);
  }
  const { method = 'GET', headers, socket } = request;
  const answer = await options.answer({ method, url, headers, body, address: socket.remoteAddress ?? LOOPBACK });
  send(response, answer, options.clock);
}

function loopbackUrl({ headers, url = '/' }: IncomingMessage): URL | undefined {
  if (!isLoopbackHost(headers.host)) return undefined;
  // Joined as text: a target such as "//elsewhere/x" would otherwise replace the host.
  const joined = `http://${headers.host}${url.startsWith('/') ? url : '/'}`;
  return URL.canParse(joined) ? new URL(joined) : undefined;
}

function send(response: ServerResponse, answer: Answer, clock: Clock): void {
  // The SDK corrects its own clock from this header, so it must show the moved time.
  response.sendDate = false;
  response.writeHead(answer.status, {
    date: new Date(clock.now()).toUTCString(),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // RFC 9110, section 8.6: an answer without content has no length either.
    ...(answer.status !== 204 && { 'content-length': Buffer.byteLength(answer.body ?? '') }),
    ...answer.headers,
  });
  response.end(answer.body ?? '');
}
