import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readBody } from '../loopback/read-body.ts';
import { answerInvoke, INVOKE_BODY_BYTES_MAX, type InvokeAnswer } from './invoke-api.ts';
import { answerMappings, isMappingPath, type MappingApi } from './mapping-api.ts';

/** Lambda's API over HTTP, Invoke and the event source mappings; signatures and permissions are not checked. */
export function invokeServer(api: MappingApi): RequestListener {
  return (incoming, outgoing) => {
    respond(incoming, outgoing, api).catch((error: unknown) => {
      console.error('Invoke:', error);
      if (!outgoing.headersSent)
        write(outgoing, { status: 500, headers: { 'x-amzn-errortype': 'ServiceException' }, body: '{}' });
    });
  };
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, api: MappingApi): Promise<void> {
  const body = await readBody(incoming, INVOKE_BODY_BYTES_MAX);
  if (body === undefined) {
    const headers = { 'x-amzn-errortype': 'RequestTooLargeException' };
    return write(outgoing, { status: 413, headers, body: '{"Message":"Request must be smaller than 6291456 bytes"}' });
  }
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const method = incoming.method ?? 'GET';
  if (isMappingPath(pathname)) {
    const request = { method, path: pathname, query: searchParams, body: body.toString() };
    return write(outgoing, await answerMappings(api, request));
  }
  const type = incoming.headers['x-amz-invocation-type'];
  const answer = await answerInvoke(api.invoker, {
    method,
    path: pathname,
    type: typeof type === 'string' ? type : undefined,
    body: body.toString(),
  });
  write(outgoing, answer);
}

function write(outgoing: ServerResponse, { status, headers, body }: InvokeAnswer): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}
