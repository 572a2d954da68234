import { Server } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { REGION } from '../account.ts';
import { patchDate, sharedOffset } from '../clock.ts';

/*
 * fauxqs in a thread of its own, for two reasons: it reads the clock by Date.now(), which is moved here for
 * it alone, and it always listens on 0.0.0.0, which is turned into 127.0.0.1 here before it loads.
 */

export interface MessagingStart {
  readonly dataDirectory: string;
  readonly clockOffset: SharedArrayBuffer;
}

const { dataDirectory, clockOffset } = workerData as MessagingStart;
patchDate(sharedOffset(clockOffset).read);

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(this: Server, options: unknown, ...rest: unknown[]): Server {
  return Reflect.apply(listen, this, [{ ...Object(options), host: '127.0.0.1' }, ...rest]);
} as typeof listen;

const { startFauxqs } = await import('fauxqs');
const server = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION, dataDir: dataDirectory });

parentPort?.once('message', () => {
  server.stop().then(() => parentPort?.close());
});
parentPort?.postMessage(server.port);
