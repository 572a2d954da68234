import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientPackage } from '../../bin/client.ts';
import { allRoutes } from '../../bin/openapi.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { type Programs, somePrograms } from '../features/service-clients/world.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { aPerson } from '../support/service.ts';

const ROOT = join(import.meta.dirname, '../..');
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

let db: TestDynamoDb;
let world: Programs;
let server: Server;
let folder: string;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await somePrograms(db);
  // The service behind a real port of this machine: what the program does is done by real HTTP.
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await world.service.send(`http://127.0.0.1${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks).toString() }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  folder = mkdtempSync(join(tmpdir(), 'vern-client-'));
}, 60_000);
afterAll(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
  await db.stop();
});

/** A copy of the package beside the one in the tree, built anew, as npm packs it. */
function packed(): string {
  const source = join(folder, 'source');
  cpSync(join(ROOT, 'packages/client'), source, { recursive: true });
  mkdirSync(join(source, 'dist'), { recursive: true });
  const { code, types } = clientPackage(allRoutes(apiFunctions));
  writeFileSync(join(source, 'dist/index.js'), code);
  writeFileSync(join(source, 'dist/index.d.ts'), types);
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: source,
    encoding: 'utf8',
  });
  return join(folder, name.trim());
}

const PROGRAM = `
import { ProblemError, serviceTokens, vernClient } from '@vern/client';

const [baseUrl = '', clientId = '', clientSecret = '', role = '', organisation = ''] = process.argv.slice(2);
const organisationId = organisation as \`org_\${string}\`;
const vern = vernClient({ baseUrl, role, token: serviceTokens({ baseUrl, clientId, clientSecret }) });
const { body } = await vern.listChanges({ params: { organisationId }, query: { nouns: 'person' } });
const events: readonly string[] = body.items.map(({ event }) => event);
let refusal = '';
try {
  await vern.listWebhooks({ params: { organisationId } });
} catch (error) {
  if (error instanceof ProblemError) refusal = error.slug ?? '';
}
console.log(JSON.stringify({ events, refusal }));
`;

describe('the client as a package', () => {
  it('is installed from its tarball alone, checks what is written with it, and works', async () => {
    const app = join(folder, 'app');
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', packed()], { cwd: app });
    const compilerOptions = {
      ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'] },
      ...{ types: ['node'], exactOptionalPropertyTypes: true, skipLibCheck: false },
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.ts'] }));
    mkdirSync(join(app, 'node_modules/@types'), { recursive: true });
    for (const name of ['@types/node', 'undici-types']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
    }
    const check = () => execFileSync(bin('tsc'), ['-p', '.'], { cwd: app, encoding: 'utf8' });

    writeFileSync(join(app, 'program.ts'), PROGRAM.replace("nouns: 'person'", 'nouns: 1'));
    expect(check).toThrow();
    writeFileSync(join(app, 'program.ts'), PROGRAM);
    expect(check()).toBe('');

    const { body: made } = await world.service.as(world.administrator).createServiceClient({
      params: { organisationId: world.organisationId },
      body: { name: 'Prøven', scopes: ['change:read', 'person:list'] },
    });
    await aPerson(world.store, world.organisationId);
    await world.sequence();
    const { port } = server.address() as AddressInfo;
    const { id, roleId } = made.client;
    const given = [`http://127.0.0.1:${port}`, id, made.secret ?? '', roleId, world.organisationId];
    const program = spawn(bin('node'), ['program.ts', ...given], { cwd: app, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of program.stdout) said += chunk;
    expect(JSON.parse(said)).toEqual({ events: ['person.created', 'person.created'], refusal: 'not-allowed' });
  }, 120_000);
});
