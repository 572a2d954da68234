import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categories } from '../../../lambdas/features/agreements/categories.ts';
import { fieldsOf } from '../../../lambdas/features/registers/schema-fields.ts';
import { apiFunctions } from '../../../lambdas/functions/catalogue.ts';
import { api } from '../../../lambdas/http/api.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { HandlersFor, Route, Routes } from '../../../lambdas/http/route.ts';
import { anEvent, fakeSteps, NOW, PUBLIC_URL } from '../../http/kit.ts';

const routes: Routes = Object.assign({}, ...Object.values(apiFunctions).map(({ routes: declared }) => declared));
const entities = categories.flatMap(({ entities: alike }) => alike);

const fields = entities.flatMap(({ name, schema }) =>
  fieldsOf(schema).map(({ path }) => ({ name: `${name}.${path}`, path })),
);

const PLACE = '{canary}';
const values = JSON.stringify(Object.fromEntries(fields.map(({ name, path }) => [name, `${PLACE} ${path}`])));
/** As JSON, a value for every field of every entity, which can be told wherever it turns up. */
const valuesOf = (canary: string): string => values.replaceAll(PLACE, canary);

/** What a store or a library may throw: a message of many lines that quotes all that it had, with a cause that does too. */
const quoting = (canary: string) =>
  new Error(`${canary}\n    at ${canary} (/x.ts:1:1)\n${valuesOf(canary)}`, {
    cause: new Error(`the cause: ${valuesOf(canary)}`),
  });

/** Every log line of a request in which the canary stands wherever a caller can put anything. */
async function linesOf(
  id: string,
  route: Route,
  canary: string,
  stage: 'authenticate' | 'admit' | 'handler',
): Promise<string[]> {
  const lines: string[] = [];
  const fail = async () => {
    throw quoting(canary);
  };
  // The one route that is asked: to prepare all of them for every request would be most of the time.
  const handlers = { [id]: fail } as unknown as HandlersFor<Routes, Call>;
  const { steps } = fakeSteps(stage === 'handler' ? {} : { [stage]: fail });
  const handler = api({ [id]: route }, handlers, steps, {
    publicUrl: PUBLIC_URL,
    gate: undefined,
    now: () => NOW,
    log: (line) => lines.push(line),
  });
  const text = encodeURIComponent(canary);
  const event = anEvent({
    method: route.method,
    route: route.path,
    path: route.path.replace(/\{\w+\}/g, text),
    params: Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, canary])),
    query: `cursor=${text}&${text}=${text}`,
    headers: {
      authorization: 'Bearer good',
      'content-type': 'application/json',
      'user-agent': canary,
      'vern-role': canary,
      'idempotency-key': canary,
    },
    ...(route.body && { body: `{${JSON.stringify(canary)}:${JSON.stringify(canary)},${valuesOf(canary).slice(1)}` }),
  });
  await handler(event, { awsRequestId: 'test', getRemainingTimeInMillis: () => 30_000 } as never);
  return lines;
}

const canaries = fc.string({ minLength: 12, maxLength: 24, unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZæøå') });

describe('a log line', () => {
  it.each(Object.entries(routes))('of %s holds no value of any field, whatever fails', async (id, route) => {
    await fc.assert(
      fc.asyncProperty(
        canaries,
        fc.constantFrom('authenticate' as const, 'admit' as const, 'handler' as const),
        async (canary, stage) => {
          const lines = await linesOf(id, route, canary, stage);
          expect(lines.length).toBe(1);
          expect(lines.join('\n')).not.toContain(canary);
        },
      ),
      { numRuns: 3 },
    );
  });

  it('of a bug says so, with the place and without the words', async () => {
    const [id, guarded] = Object.entries(routes).find(([, { access }]) => access.to === 'account')!;
    const [failed = ''] = await linesOf(id, guarded, 'KANARIFUGLEN', 'authenticate');
    expect(JSON.parse(failed)).toMatchObject({ level: 'error', status: 500, error: { name: 'Error' } });
    expect(failed).not.toContain('KANARIFUGLEN');
  });

  it('of a worker names an error and never quotes it', () => {
    const quotingFiles = globSync('lambdas/{features,functions}/**/*.ts').filter((file) =>
      /\b(?:error|cause|failure)\.(?:message|stack)\b|String\((?:error|cause)\)|console\.\w+\((?:error|cause)\b/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(quotingFiles).toEqual([]);
  });
});
