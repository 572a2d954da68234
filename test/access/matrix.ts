import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { aStore } from '../support/store.ts';
import { aCast, type CallerName, type Cast, callers, roleOf } from './cast.ts';
import { mountedOn } from './mounted.ts';
import { type Answer, ask, bodiesFor, makeObjects, type Named } from './objects.ts';
import { type Expected, expectedOf, notMade } from './table.ts';

/** Every route of the catalogue that is for a role in an organisation. */
export const organisationRoutes: ReadonlyMap<string, Route> = new Map(
  Object.values(apiFunctions)
    .flatMap(({ routes }): [string, Route][] => Object.entries(routes))
    .filter(([, { path, access }]) => path.includes('{organisationId}') && access.to === 'role'),
);

/** Has everybody call each of these routes, on objects that are there, and compares what they hear with the table. */
export function describeAccessTo(ids: readonly string[]): void {
  let db: TestDynamoDb;
  let mounted: ReturnType<typeof mountedOn>;
  let cast: Cast;
  let named: Named;
  let bodies: ReturnType<typeof bodiesFor>;
  beforeAll(async () => {
    db = await startDynamoDb();
    const store = await aStore(db.client, await db.createTables(), ['operator']);
    cast = await aCast(store);
    named = await makeObjects(mountedOn(store), organisationRoutes, cast);
    bodies = bodiesFor(cast, named);
    // From here on every write is taken and none is made: what one caller removes is there for the next.
    mounted = mountedOn({ ...store, now: () => store.clock, dynamo: { ...store.dynamo, transact: async () => {} } });
  }, 60_000);
  afterAll(() => db.stop());

  const call = (id: string, name: CallerName | undefined) => {
    const body = (name && bodies[`${id} ${roleOf[name]}`]) ?? bodies[id];
    return ask(mounted, [id, organisationRoutes.get(id)!], name && cast.who[name], named, body);
  };

  describe('the table of access', () => {
    it.each(ids)('FW-07, SM-02: holds for %s', async (id) => {
      const answers = await Promise.all(callers.map(async (name) => [name, heard(id, await call(id, name))]));
      expect(Object.fromEntries(answers)).toEqual(expectedOf.get(id));
    });

    it.each(ids)('answers nobody 401 at %s', async (id) => {
      expect((await call(id, undefined)).status).toBe(401);
    });
  });
}

/** What the table calls it; anything else is shown as it came. */
function heard(id: string, { status, slug }: Answer): Expected | string {
  if (status === 404 && slug === notMade[id]) return 'allowed';
  if (status === 401 || status === 403 || status === 404) return status;
  return status === 400 || status >= 500 ? `${status} ${slug}` : 'allowed';
}
