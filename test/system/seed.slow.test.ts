import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attendanceHandlers } from '../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../lambdas/features/attendance/store.ts';
import { weekHandlers } from '../../lambdas/features/week/handlers.ts';
import { weekRoutes } from '../../lambdas/features/week/routes.ts';
import { weekStore } from '../../lambdas/features/week/store.ts';
import type { GroupId, OrganisationId } from '../../lambdas/http/ids.ts';
import { dayIn, weekOf } from '../../lambdas/platform/calendar.ts';
import { type Credentials, signIn } from '../../local/client/sign-in.ts';
import { apiFor } from '../../local/client/visitor.ts';
import { runningServiceOf, type RunningService as Seedable } from '../../local/seed/running-service.ts';
import { type Seeded, seed } from '../../local/seed/seed.ts';
import { countingWaves } from '../features/week/family.ts';
import { aService, tokenOf } from '../support/service.ts';
import type { TestStore } from '../support/store.ts';
import { type RunningService, startService } from './cloud.ts';

const FAMILIES = 12;

let service: RunningService;
let seedable: Seedable;
let seeded: Seeded;
const said: string[] = [];
beforeAll(async () => {
  service = await startService();
  seeded = await seed({ families: FAMILIES, seed: 7, stateDir: service.stateDir }, (line) => said.push(line));
  seedable = await runningServiceOf(service.stateDir);
}, 300_000);
afterAll(async () => {
  seedable?.close();
  await service?.stop();
});

/** Signed in at the running service, and as its functions would know them. */
async function signedInAs(person: Credentials) {
  const access = (await signIn(service.endpoints, person)).getAccessToken();
  const claims = access.decodePayload();
  const [sub, originJti] = [String(claims['sub']), String(claims['origin_jti'])];
  const authTime = Number(claims['auth_time']);
  const api = apiFor(service.endpoints, () => access.getJwtToken());
  return { api, token: tokenOf({ sub, originJti, authTime }, new Date()) };
}

const counting = () => countingWaves(seedable.store as TestStore);

describe('a seeded service', () => {
  it('says how far it has come, and how to sign in', () => {
    expect(said.at(-1)).toMatch(/^100 % {2}(\d+) of \1 rows/);
    expect(seeded.rows).toBeGreaterThan(FAMILIES * 200);
  });

  it('answers a parent’s week in three waves of reads at most, when it is warm', async () => {
    const from = weekOf(dayIn('Europe/Oslo', new Date()));
    const parent = await signedInAs(seeded.parent);
    const { store, during } = counting();
    const routes = aService(store, weekRoutes, weekHandlers(weekStore, service.endpoints.api)).as(parent);
    await routes.getMyWeek({ query: { from } });
    const waves = await during(async () => {
      const { entries } = (await routes.getMyWeek({ query: { from } })).body;
      expect(entries.length).toBeGreaterThan(0);
      expect(entries.some(({ days }) => days.some(({ events }) => events.length > 0))).toBe(true);
    });
    expect(waves).toBeLessThanOrEqual(3);
  });

  it('answers a group’s list in three waves of reads and one of its record', async () => {
    const staff = await signedInAs(seeded.staff);
    const [role] = (await staff.api.getMe()).body.roles;
    await staff.api.openRole({ body: { organisationId: role!.organisationId, roleId: role!.id } });
    const { store, during } = counting();
    const routes = aService(store, attendanceRoutes, attendanceHandlers(attendanceStore)).as({
      token: staff.token,
      role: role!.id,
    });
    const params = {
      organisationId: seeded.organisationId as OrganisationId,
      groupId: seeded.groupId as GroupId,
    };
    await routes.getGroupList({ params, query: {} });
    const waves = await during(() => routes.getGroupList({ params, query: {} }));
    expect(waves).toBeLessThanOrEqual(4);
  });

  it('makes a second organisation when it is run again, with the same people', async () => {
    const again = await seed({ families: 2, seed: 7, stateDir: service.stateDir }, () => {});
    expect(again.organisationId).not.toBe(seeded.organisationId);
    expect(again.parent.email).not.toBe(seeded.parent.email);
  }, 120_000);
});
