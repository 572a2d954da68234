import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedOffset } from '../../../local/clock.ts';
import { credentialsOf, type FunctionDeclaration } from '../../../local/lambda/functions.ts';
import { functionPool, type PoolLimits } from '../../../local/lambda/pool.ts';
import { functionRuntimeCode } from '../../../local/lambda/runtime-code.ts';
import type { ThreadSettings } from '../../../local/lambda/thread.ts';
import { aFolder } from '../fixtures/assembly.ts';

const runtimeCode = await functionRuntimeCode();

function aPool(settings: Partial<ThreadSettings> = {}, limits?: PoolLimits) {
  const offset = sharedOffset();
  const logDirectory = aFolder();
  const pool = functionPool(
    {
      runtimeCode,
      clockOffset: offset.buffer,
      cognitoEndpoint: undefined,
      logDirectory,
      isVerbose: false,
      endpointVariables: () => ({}),
      ...settings,
    },
    limits,
  );
  onTestFinished(() => pool.close());
  return { pool, offset, logDirectory };
}

function aHandler(source: string, more: Partial<FunctionDeclaration> = {}, file = 'index.js'): FunctionDeclaration {
  const codeDirectory = aFolder();
  mkdirSync(codeDirectory, { recursive: true });
  writeFileSync(join(codeDirectory, file), source);
  // The repository says that .js is ESM; a function's bundle is CommonJS all the same.
  writeFileSync(join(codeDirectory, 'package.json'), '{"type":"module"}');
  return {
    name: 'one',
    logicalId: 'One',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:one',
    codeDirectory,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    environment: {},
    timeoutMilliseconds: 10_000,
    memoryMegabytes: 128,
    reservedConcurrency: undefined,
    allowedActions: new Set(),
    ...more,
  };
}

const json = ({ payload }: { payload: string }) => JSON.parse(payload);

describe('a function', () => {
  it('gets its event, its context, and an environment like Lambda, of its own variables alone', async () => {
    const { pool } = aPool({ endpointVariables: () => ({ AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1' }) });
    const source = `exports.handler = async (event, context) => ({ event, name: context.functionName, left: context.getRemainingTimeInMillis(), env: process.env });`;
    const result = await pool.invoke(aHandler(source, { environment: { CORE_TABLE: 'core-g1' } }), '{"a":[1]}');
    expect(result.functionError).toBeUndefined();
    const { event, name, left, env } = json(result);
    expect({ event, name }).toEqual({ event: { a: [1] }, name: 'one' });
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10_000);
    expect(env).toMatchObject({
      CORE_TABLE: 'core-g1',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'one',
      AWS_ACCESS_KEY_ID: credentialsOf('one').accessKeyId,
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
    });
    expect(env).not.toHaveProperty('HOME');
  });

  it('has an access key of its own', () => {
    expect(credentialsOf('one')).toEqual(credentialsOf('one'));
    expect(credentialsOf('one').accessKeyId).not.toBe(credentialsOf('two').accessKeyId);
    expect(credentialsOf('one').accessKeyId).toMatch(/^[A-Z0-9]{20}$/);
  });

  it.each([
    [
      'a callback',
      'index.js',
      `exports.handler = (event, context, done) => setImmediate(done, null, 'called back');`,
      '"called back"',
    ],
    ['an ES module', 'index.mjs', `import { sep } from 'node:path'; export const handler = async () => sep;`, '"/"'],
    ['nothing to say', 'index.js', 'exports.handler = async () => {};', 'null'],
  ])('may be written with %s', async (_, file, source, payload) => {
    const { pool } = aPool();
    expect(await pool.invoke(aHandler(source, {}, file), '{}')).toEqual({ functionError: undefined, payload });
  });

  it('sees the moved clock at once, warm threads too', async () => {
    const { pool, offset } = aPool();
    const target = aHandler('exports.handler = async () => Date.now();');
    const before = json(await pool.invoke(target, '{}'));
    offset.write(86_400_000);
    expect(json(await pool.invoke(target, '{}')) - before).toBeGreaterThanOrEqual(86_400_000);
  });

  it('stays warm, and takes one invocation at a time', async () => {
    const { pool } = aPool({}, { threadsMax: 1, threadsPerFunctionMax: 2, idleMilliseconds: 60_000 });
    const target = aHandler(`let running = 0, count = 0;
exports.handler = async () => { running += 1; count += 1; await new Promise((go) => setTimeout(go, 5)); const seen = running; running -= 1; return [seen, count]; };`);
    const results = await Promise.all([1, 2, 3].map(() => pool.invoke(target, '{}')));
    expect(results.map(json)).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(pool.threadCount).toBe(1);
  });

  it('never has more threads than it reserves', async () => {
    const { pool } = aPool();
    const target = aHandler('exports.handler = async () => 1;', { reservedConcurrency: 1 });
    await Promise.all([1, 2, 3, 4].map(() => pool.invoke(target, '{}')));
    expect(pool.threadCount).toBe(1);
  });

  it('gives way when idle to one that has no thread', async () => {
    const { pool } = aPool({}, { threadsMax: 2, threadsPerFunctionMax: 2, idleMilliseconds: 60_000 });
    const targets = ['a', 'b', 'c'].map((name) => aHandler(`exports.handler = async () => '${name}';`, { name }));
    const answers: unknown[] = [];
    for (const target of targets) answers.push(json(await pool.invoke(target, '{}')));
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(pool.threadCount).toBe(2);
  });

  it('never costs another its only thread for the sake of a second of its own', async () => {
    const { pool } = aPool({}, { threadsMax: 2, threadsPerFunctionMax: 2, idleMilliseconds: 60_000 });
    const source = `const born = require('node:crypto').randomUUID(); exports.handler = async () => born;`;
    const targets = ['a', 'b'].map((name) => aHandler(source, { name }));
    for (const target of targets) await pool.invoke(target, '{}');
    const births = new Set<unknown>();
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        targets.flatMap((target) => [target, target]).map((target) => pool.invoke(target, '{}')),
      );
      for (const answer of answers) births.add(json(answer));
    }
    expect(births.size).toBe(2);
  });

  it('writes what it logs to a file of its own', async () => {
    const { pool, logDirectory } = aPool();
    await pool.invoke(aHandler(`exports.handler = async () => { console.log('heard'); };`), '{}');
    await expect.poll(() => readFileSync(join(logDirectory, 'one.log'), 'utf8')).toContain('heard');
  });
});

describe('a function that fails', () => {
  it.each([
    ['throws', 'exports.handler = async () => { throw new TypeError("no"); };', 'TypeError', 'no'],
    ['does not load', 'throw new RangeError("at once");', 'RangeError', 'at once'],
    [
      'exports no handler',
      'exports.other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    [
      'ends its process',
      'exports.handler = async () => { process.exit(3); };',
      'Runtime.ExitError',
      'Runtime exited with error: exit status 3',
    ],
    [
      'crashes beside its answer',
      'exports.handler = () => new Promise(() => { setImmediate(() => { throw new Error("aside"); }); });',
      'Runtime.ExitError',
      'Runtime exited with error: aside',
    ],
  ])(
    'because it %s says so as Lambda does, and the next call starts anew',
    async (_, source, errorType, errorMessage) => {
      const { pool } = aPool();
      const target = aHandler(source);
      for (const attempt of [1, 2]) {
        const result = await pool.invoke(target, '{}');
        expect([attempt, result.functionError, json(result)]).toMatchObject([
          attempt,
          'Unhandled',
          { errorType, errorMessage },
        ]);
      }
    },
  );

  it('is stopped when its time is over, even in an endless loop', async () => {
    const { pool } = aPool();
    const source = 'exports.handler = async (event) => { while (event.forever) {} return "fine"; };';
    const target = aHandler(source, { timeoutMilliseconds: 300 });
    const late = await pool.invoke(target, '{"forever":true}');
    expect(json(late)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(json(late).errorMessage).toMatch(/Task timed out after 0\.30 seconds$/);
    expect(json(await pool.invoke({ ...target, timeoutMilliseconds: 10_000 }, '{}'))).toBe('fine');
  });

  it('for want of memory takes nobody else with it', async () => {
    const { pool } = aPool();
    const target = aHandler(
      'exports.handler = async () => { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); };',
    );
    expect(json(await pool.invoke(target, '{}'))).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
    expect(json(await pool.invoke(aHandler('exports.handler = async () => 1;'), '{}'))).toBe(1);
  });
});

describe('the outbound calls of a function', () => {
  it("bring a user pool's key set from the embedded Cognito", async () => {
    const cognito = createServer((incoming, outgoing) => outgoing.end(`{"keys":[],"asked":"${incoming.url}"}`));
    await new Promise<void>((listening) => cognito.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void cognito.close());
    const { port } = cognito.address() as { port: number };
    const { pool } = aPool({ cognitoEndpoint: `http://127.0.0.1:${port}` });
    const get = (url: string) => `exports.handler = () => new Promise((resolve, reject) => {
  const request = require('node:https').request('${url}', { method: 'GET' }, async (response) => resolve(JSON.parse((await response.toArray()).join(''))));
  request.on('error', reject);
  request.end();
});`;
    const path = '/eu-west-1_abc/.well-known/jwks.json';
    const answer = json(await pool.invoke(aHandler(get(`https://cognito-idp.eu-west-1.amazonaws.com${path}`)), '{}'));
    expect(answer).toEqual({ keys: [], asked: path });
    const refused = json(await pool.invoke(aHandler(get('https://sts.eu-west-1.amazonaws.com/')), '{}'));
    expect(refused.errorMessage).toBe('The embedded cloud has no engine for https://sts.eu-west-1.amazonaws.com');
  });

  const post = (host: string, lookup = '') => `exports.handler = () => new Promise((resolve) => {
  const { lookup } = require('node:dns/promises');
  const request = require('node:https').request(
    { method: 'POST', host: '${host}', servername: '${host}', port: 443, path: '/hook?a=1', headers: { 'x-one': '1' }${lookup} },
    async (response) => resolve({ status: response.statusCode, body: (await response.toArray()).join('') }),
  );
  request.on('error', ({ code, message }) => resolve({ code, message }));
  request.end('hei');
});`;
  // As a caller would that looks at every address before it calls one.
  const choosy = (address: string) => `, lookup: (name, options, callback) =>
    lookup(name, { all: true }).then(([found]) => found.address === '${address}' ? callback(null, options.all ? [found] : found.address, 4) : callback(new Error('refused ' + found.address), []))`;

  it('to the world outside go to whoever plays it, once the caller’s own look at the address has been asked', async () => {
    const outside = createServer(async (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      outgoing.statusCode = 202;
      outgoing.end(`${method} ${headers.host} ${url} ${headers['x-one']} ${(await incoming.toArray()).join('')}`);
    });
    await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void outside.close());
    const { port } = outside.address() as { port: number };
    const { pool } = aPool({ outsideWorld: `http://127.0.0.1:${port}` });
    const called = async (host: string, lookup?: string) => json(await pool.invoke(aHandler(post(host, lookup)), '{}'));
    expect(await called('shop.outside.test', choosy('8.8.4.4'))).toEqual({
      status: 202,
      body: 'POST shop.outside.test /hook?a=1 1 hei',
    });
    expect(await called('private.outside.test', choosy('8.8.4.4'))).toEqual({ message: 'refused 10.0.0.1' });
    expect(await called('outside.test.example.org')).toMatchObject({ errorType: 'Error' });
  });

  it('to the world outside come to nobody where nobody plays it, and no other name is known', async () => {
    const { pool } = aPool();
    const called = async (source: string) => json(await pool.invoke(aHandler(source), '{}'));
    expect(await called(post('shop.outside.test', choosy('8.8.4.4')))).toMatchObject({ code: 'EHOSTUNREACH' });
    const lookup = `exports.handler = () => require('node:dns/promises').lookup('example.org').catch(({ code }) => code);`;
    expect(await called(lookup)).toBe('ENOTFOUND');
  });
});
