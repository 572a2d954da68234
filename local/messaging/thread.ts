import { existsSync } from 'node:fs';
import { Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

// Kept over a kill -9, not over a power cut: it would otherwise wait for the disk at every message, received or deleted too.
const execute = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function executeQuickly(this: DatabaseSync, sql: string): void {
  Reflect.apply(execute, this, [sql]);
  if (/^PRAGMA journal_mode/i.test(sql)) Reflect.apply(execute, this, ['PRAGMA synchronous = NORMAL']);
};

makeVisible(join(dataDirectory, 'fauxqs.db'));
const { startFauxqs } = await import('fauxqs');
const server = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION, dataDir: dataDirectory });

parentPort?.once('message', () => {
  server.stop().then(() => parentPort?.close());
});
parentPort?.postMessage(server.port);

/** Whoever held a message when the machine stopped holds it no more: nobody need wait for its time to run out. */
function makeVisible(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  database.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  database.close();
}
