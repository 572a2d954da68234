import type { IncomingMessage } from 'node:http';

/**
 * The body, or nothing when it is too large. What is too large is read on and dropped, because a socket closed under a sender
 * shows it a reset instead of the answer; Node's `requestTimeout` bounds how long.
 */
export async function readBody(incoming: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bytesMax) chunks.push(chunk);
  }
  return length > bytesMax ? undefined : Buffer.concat(chunks);
}
