import { createServer } from 'node:http';
import { listen } from '../../local/loopback/listen.ts';
import type { Exhibit } from './evidence.ts';

/** The path at which a program never takes what it is told, so that it is told again and again. */
export const AWAY = 'away';

/** Customers' own systems, as the world outside has them: what they were told is theirs to know, and must name nobody. */
export async function startProgramsOutside() {
  const heard: Exhibit[] = [];
  const server = await listen(
    createServer(async (request, response) => {
      const body = (await request.toArray()).join('');
      const bytes = Buffer.from(JSON.stringify({ url: request.url, headers: request.headers, body }));
      heard.push({ sink: 'programs outside', place: `${request.url}/${heard.length + 1}`, bytes });
      response.writeHead(request.url === `/${AWAY}` ? 503 : 204).end();
    }),
  );
  return { url: server.url, heard: (): readonly Exhibit[] => heard, close: () => server.close() };
}
