import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';

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
}

export interface LoopbackServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface LoopbackOptions {
  readonly port: number;
  readonly clock: Clock;
  readonly bodyBytesMax: number;
  answer(call: Call): Promise<Answer>;
}

/**
 * An HTTP server that only this machine can reach. Host headers that name another machine are refused (421), or a
 * web page could reach it by DNS rebinding. An exception in `answer` is a bug: 500 without detail, told on stderr.
 */
export async function serveLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    respond(request, response, options).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) send(response, { status: 500, body: 'Internal failure' }, options.clock);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, options: LoopbackOptions): Promise<void> {
  const url = loopbackUrl(request);
  if (!url) return send(response, { status: 421, body: 'This server answers to its own machine only' }, options.clock);
  const body = await readBody(request, options.bodyBytesMax);
  if (!body) {
    const answer = { status: 413, headers: { connection: 'close' }, body: 'The body is too large' };
    return send(response, answer, options.clock);
  }
  const answer = await options.answer({ method: request.method ?? 'GET', url, headers: request.headers, body });
  send(response, answer, options.clock);
}

const loopbackHostnames = new Set(['127.0.0.1', 'localhost', '[::1]']);

function loopbackUrl(request: IncomingMessage): URL | undefined {
  const base = `http://${request.headers.host ?? ''}`;
  if (!URL.canParse(base) || !loopbackHostnames.has(new URL(base).hostname)) return undefined;
  // Joined as text: a target such as "//elsewhere/x" would otherwise replace the host.
  const joined = base + (request.url?.startsWith('/') ? request.url : '/');
  return URL.canParse(joined) ? new URL(joined) : undefined;
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read on without keeping: a socket closed under a sender shows it a reset instead of the answer.
    if (length <= bytesMax) chunks.push(chunk);
    else if (length > bytesMax * 2) return undefined;
  }
  return length > bytesMax ? undefined : Buffer.concat(chunks);
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
