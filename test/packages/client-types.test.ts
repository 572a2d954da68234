import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { clientPackage } from '../../bin/client.ts';
import { typeOf } from '../../bin/client-types.ts';
import { account, anyone, type Routes } from '../../lambdas/http/route.ts';
import { idsOf } from './ids.ts';

describe('a schema as a type', () => {
  it.each([
    [{ $ref: '#/components/schemas/Person' }, 'Person'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: true }, 'true'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { type: 'integer' } }, 'readonly (number)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, 'readonly [string, number]'],
    [
      { type: 'object', properties: { 'a-b': { type: 'string' }, c: {} }, required: ['c'] },
      '{ readonly "a-b"?: string; readonly c: unknown }',
    ],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, '{ readonly [name: string]: boolean }'],
    [{ type: 'string', pattern: '^per_[0-7][0-9a-z]{25}$' }, `\`per_\${string}\``],
    [{ allOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] }, '(A) & (B)'],
  ])('%j', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });
});

describe('the package of the client', () => {
  const routes: Routes = {
    getBoat: {
      summary: 'Read a boat',
      tag: 'Contract',
      method: 'GET',
      path: '/v1/boats/{boatId}',
      access: anyone,
      params: z.strictObject({ boatId: z.string() }),
      success: { status: 200, body: z.strictObject({ name: z.string() }).meta({ id: 'Boat' }) },
      problems: [],
      needs: [],
      deprecated: { since: '2026-11-22', sunset: '2027-06-01' },
    },
    renameBoat: {
      summary: 'Rename a boat',
      tag: 'Contract',
      method: 'PUT',
      path: '/v1/boats/{boatId}',
      access: account,
      params: z.strictObject({ boatId: z.string() }),
      body: z.strictObject({ name: z.string() }).meta({ id: 'BoatName' }),
      success: { status: 204 },
      problems: [],
      needs: [],
      versioned: true,
    },
  };
  const { code, types } = clientPackage(routes);

  it('asks for what an operation needs, and says what goes', () => {
    expect(types).toContain('@deprecated Gone after 2027-06-01.');
    expect(types).toContain(
      'readonly getBoat: (request: { readonly params: { readonly boatId: string }; readonly role?: string }) => Promise<Answer<Boat>>',
    );
    expect(types).toContain('readonly body: BoatName; readonly ifMatch: string | number;');
  });

  it('needs no other package, and holds no schema, rule or name of ours', () => {
    expect(code).not.toMatch(/^\s*import\b/m);
    expect(types).not.toMatch(/^\s*import\b/m);
    expect(code).not.toMatch(/zod|malformed-request|strictObject/);
    expect(idsOf(code)).toEqual(['getBoat', 'renameBoat']);
  });
});
