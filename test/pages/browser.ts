import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser is not among our packages: this needs one on the machine. */
const CHROMIUM = process.env['CHROMIUM'] ?? 'chromium';
const START_MILLISECONDS_MAX = 60_000;
const ANSWER_MILLISECONDS_MAX = 60_000;

export type Parameters = Readonly<Record<string, unknown>>;
export type Listener = (method: string, parameters: Parameters) => void;

/** One tab, spoken to in the Chrome DevTools Protocol. */
export interface Tab {
  send<T = unknown>(method: string, parameters?: Parameters): Promise<T>;
  /** What an expression gives, awaited and as JSON. Throws what it throws. */
  evaluate<T>(expression: string): Promise<T>;
  /** Resolves with the next event of that name. */
  next(method: string): Promise<Parameters>;
}

export interface Browser {
  tab(listener: Listener): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts Chromium with a profile of its own, which goes with it. It asks for nothing but what the pages ask for. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'vern-browser-'));
  const quiet = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'];
  const child = spawn(
    CHROMIUM,
    [
      ...['--headless', '--no-sandbox', '--no-first-run', '--disable-sync', '--hide-scrollbars', ...quiet],
      ...[`--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const connection = await connect(await debuggerAddress(child));
    return { tab: (listener) => openTab(connection, listener), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Chromium says on its standard error where it listens. */
async function debuggerAddress(child: ChildProcess): Promise<string> {
  let said = '';
  const late = AbortSignal.timeout(START_MILLISECONDS_MAX);
  return new Promise((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error(`The browser did not start: ${said}`)));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The browser ended: ${said}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /^DevTools listening on (ws:\/\/\S+)$/m.exec(said)?.[1];
      if (address) resolve(address);
    });
  });
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Parameters;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Connection {
  send<T>(method: string, parameters: Parameters, sessionId?: string): Promise<T>;
  readonly listeners: Map<string, Listener>;
}

async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, Listener>();
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else if (message.method) listeners.get(message.sessionId ?? '')?.(message.method, message.params ?? {});
  });
  await once(socket, 'open');
  return {
    listeners,
    send: <T>(method: string, parameters: Parameters, sessionId?: string) =>
      new Promise<T>((resolve, reject) => {
        const id = ++lastId;
        const late = setTimeout(() => reject(new Error(`${method} was not answered`)), ANSWER_MILLISECONDS_MAX);
        waiting.set(id, ({ result, error }) => {
          clearTimeout(late);
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result as T);
        });
        socket.send(JSON.stringify({ id, method, params: parameters, ...(sessionId && { sessionId }) }));
      }),
  };
}

async function openTab(connection: Connection, listener: Listener): Promise<Tab> {
  const { targetId } = await connection.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await connection.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const expected = new Map<string, (parameters: Parameters) => void>();
  connection.listeners.set(sessionId, (method, parameters) => {
    listener(method, parameters);
    expected.get(method)?.(parameters);
    expected.delete(method);
  });
  const send = <T>(method: string, parameters: Parameters = {}) => connection.send<T>(method, parameters, sessionId);
  return {
    send,
    next: (method) => new Promise((resolve) => expected.set(method, resolve)),
    async evaluate<T>(expression: string): Promise<T> {
      const { result, exceptionDetails } = await send<{
        result: { value: T };
        exceptionDetails?: { text: string; exception?: { description?: string } };
      }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
  };
}
