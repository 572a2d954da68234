import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { signIn } from '../../local/client/sign-in.ts';
import { type Api, apiFor } from '../../local/client/visitor.ts';
import { type RunningService, startService } from './cloud.ts';

const CHECK_INS = 200;
const AT_ONCE = 10;
const KILLED_AFTER = 80;

let service: RunningService;
beforeAll(async () => {
  service = await startService();
}, 180_000);
afterAll(() => service?.stop());

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describe('kill -9 during 200 check-ins', () => {
  it('leaves every acknowledged one there, once', async () => {
    const { token, organisationId, as } = await aDoor();
    const children: PersonId[] = [];
    await inParallel(
      Array.from({ length: CHECK_INS }, (_, i) => i),
      async (i) => {
        const { body } = await (await as('administrator')).createPerson({
          params: { organisationId },
          body: { kind: 'child', firstName: `Barn ${i}`, lastName: 'Prøve' },
        });
        children.push(body.id);
      },
    );

    const acknowledged = new Set<PersonId>();
    const door = await as('leader');
    let killed: Promise<void> | undefined;
    await inParallel(children, async (personId) => {
      try {
        await door.checkIn({ params: { organisationId, personId } });
        acknowledged.add(personId);
      } catch (error) {
        // Only the broken connection is expected: a refusal would be a fault.
        if (error instanceof Error && 'status' in error) throw error;
      }
      if (acknowledged.size >= KILLED_AFTER) killed ??= service.kill();
    });
    await killed;
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLED_AFTER);
    expect(acknowledged.size).toBeLessThan(CHECK_INS);

    service = await service.restart();
    const after = apiFor(service.endpoints, token, (await roleOf('leader')).roleId);
    const today = dayIn('Europe/Oslo', new Date());
    const stays = new Map<PersonId, number>();
    await inParallel(children, async (personId) => {
      const { body } = await after.getAttendance({ params: { organisationId, personId, day: today } });
      stays.set(personId, body.stays.length);
    });
    expect([...acknowledged].filter((child) => stays.get(child) !== 1)).toEqual([]);
    expect([...stays.values()].every((count) => count <= 1)).toBe(true);

    // Who was not heard tries again, and the door is whole: one stay each.
    await inParallel(
      children.filter((child) => stays.get(child) === 0),
      async (personId) => {
        await after.checkIn({ params: { organisationId, personId } });
      },
    );
    for (const child of acknowledged) {
      await expect(after.checkIn({ params: { organisationId, personId: child } })).rejects.toMatchObject({
        slug: 'already-checked-in',
      });
      break;
    }
  }, 240_000);
});

async function roleOf(role: 'leader' | 'administrator') {
  const person = service.people.find(({ roles }) => roles.some((held) => held.role === role))!;
  return { person, ...person.roles.find((held) => held.role === role)! };
}

/** Two of the sample people at work, each signed in once with an open role. */
async function aDoor() {
  const apis = new Map<string, { api: Api; token: () => string }>();
  let organisationId: OrganisationId | undefined;
  for (const name of ['administrator', 'leader'] as const) {
    const { person, roleId, organisationId: at } = await roleOf(name);
    const session = await signIn(service.endpoints, person);
    const token = () => session.getAccessToken().getJwtToken();
    await apiFor(service.endpoints, token).openRole({ body: { organisationId: at, roleId } });
    apis.set(name, { api: apiFor(service.endpoints, token, roleId), token });
    organisationId = at as OrganisationId;
  }
  return {
    organisationId: organisationId!,
    token: apis.get('leader')!.token,
    as: async (name: 'leader' | 'administrator') => apis.get(name)!.api,
  };
}
