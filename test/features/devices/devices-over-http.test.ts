import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { DEVICES_MAX, digestOf, holderPointer } from '../../../lambdas/features/devices/device.ts';
import { deviceHandlers } from '../../../lambdas/features/devices/handlers.ts';
import { deviceRoutes } from '../../../lambdas/features/devices/routes.ts';
import { deviceStore } from '../../../lambdas/features/devices/store.ts';
import type { FurtherDoors } from '../../../lambdas/features/notices/channels/channel.ts';
import { sendBy } from '../../../lambdas/features/notices/channels/send-by.ts';
import { undeliverableNumberRef } from '../../../lambdas/features/notices/channels/undeliverable-number.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { Push, PushEndpoints } from '../../../lambdas/platform/push.ts';
import type { Sms } from '../../../lambdas/platform/sms.ts';
import type { SnsOutcome } from '../../../lambdas/platform/sns.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall } from '../../support/store.ts';
import { aWorld, type World } from '../erasure/world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aWorld(db);
});
afterAll(() => db.stop());

const REFUSED = 'no-token-of-any-device';
const arnOf = (token: string) => `arn:aws:sns:eu-west-1:111122223333:endpoint/APNS/vern/${token}`;
const aToken = () => randomBytes(32).toString('hex');

/** SNS as far as devices go: the same endpoint for the same token. */
const endpoints: PushEndpoints = {
  async register(_, token) {
    if (token === REFUSED) return undefined;
    world.endpoints.arns.add(arnOf(token));
    return arnOf(token);
  },
  remove: (arn) => world.endpoints.remove(arn),
  exists: (arn) => world.endpoints.exists(arn),
};

let service: ReturnType<typeof aService<typeof deviceRoutes>>;
let kari: SignedIn;
beforeEach(async () => {
  world.endpoints.arns.clear();
  service = aService(world.store, deviceRoutes, deviceHandlers(deviceStore, endpoints));
  kari = await someoneWith(world.store, world.organisationId, 'guardian');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const register = async (who: SignedIn, token = aToken()) =>
  (await service.as(who).registerDevice({ body: { platform: 'apple', token } })).body;
const listed = async (who: SignedIn) => (await service.as(who).listDevices({})).body.items;
const later = (seconds: number) => {
  world.store.clock = new Date(world.store.clock.getTime() + seconds * 1000);
};
/** Every row of the tables as text. */
const everything = async () => JSON.stringify([await world.rows('core'), await world.rows('transient')]);

describe('registering a device', () => {
  it('keeps no token, and neither shows nor answers with where SNS reaches it', async () => {
    const token = aToken();
    const device = await register(kari, token);
    expect(Object.keys(device).sort()).toEqual(['addedAt', 'id', 'platform', 'seenAt']);
    expect(await listed(kari)).toEqual([device]);
    expect(await everything()).not.toContain(token);
  });

  it('again with the same token is the same device, seen later', async () => {
    const token = aToken();
    const first = await register(kari, token);
    later(60);
    const again = await register(kari, token);
    expect(again).toEqual({ ...first, seenAt: world.store.clock.toISOString() });
    expect(await listed(kari)).toEqual([again]);
  });

  it('takes it from whoever was signed in there before', async () => {
    const ola = await someoneWith(world.store, world.organisationId, 'guardian');
    const token = aToken();
    await register(kari, token);
    await register(ola, token);
    expect(await listed(kari)).toEqual([]);
    expect(await listed(ola)).toHaveLength(1);
    expect(world.endpoints.arns.size).toBe(1);
  });

  it('lets the one that was seen longest ago go when there are too many', async () => {
    const tokens = Array.from({ length: DEVICES_MAX + 1 }, aToken);
    for (const token of tokens) {
      await register(kari, token);
      later(60);
    }
    expect(await listed(kari)).toHaveLength(DEVICES_MAX);
    expect([...world.endpoints.arns].sort()).toEqual(tokens.slice(1).map(arnOf).sort());
  });

  it('refuses what is no token', async () => {
    await expect(register(kari, REFUSED)).rejects.toMatchObject(refused('push-token-refused'));
    expect(await listed(kari)).toEqual([]);
  });
});

describe('deleting a device', () => {
  it('deletes it at SNS as well', async () => {
    const token = aToken();
    const { id } = await register(kari, token);
    await service.as(kari).deleteDevice({ params: { deviceId: id } });
    expect(await listed(kari)).toEqual([]);
    expect(world.endpoints.arns.size).toBe(0);
    expect(await everything()).not.toContain(digestOf(arnOf(token)));
  });

  it('is only for one’s own', async () => {
    const ola = await someoneWith(world.store, world.organisationId, 'guardian');
    const { id } = await register(kari);
    await expect(service.as(ola).deleteDevice({ params: { deviceId: id } })).rejects.toMatchObject(
      refused('device-not-found'),
    );
    expect(await listed(kari)).toHaveLength(1);
  });

  it('happens with the account, in the tables and at SNS (KP-12)', async () => {
    const token = aToken();
    await register(kari, token);
    const place = await world.order({ owner: accountOwner(kari.accountId), cause: 'account-closed' });
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'answered' });
    expect(world.endpoints.arns.size).toBe(0);
    expect(await aCall(world.store).records.pointersAt([holderPointer(digestOf(arnOf(token)))])).toEqual([undefined]);
  });
});

/** What was sent, and how SNS answers to each. */
function doors(answer: (to: string) => SnsOutcome = () => 'accepted') {
  const sent: (Sms | Push)[] = [];
  const made: FurtherDoors = {
    async sendSms(sms) {
      sent.push(sms);
      return answer(sms.number);
    },
    async sendPush(push) {
      sent.push(push);
      return answer(push.endpointArn);
    },
    endpoints,
  };
  return { doors: made, sent };
}
const letter = { language: 'nb', subject: 'En melding venter på deg' } as const;

describe('a notice by push', () => {
  const to = () => ownerOf(world.organisationId, kari.personId);

  it('goes to every device of the account that the person signs in with, in words that say nothing (KP-09)', async () => {
    const tokens = [aToken(), aToken()];
    for (const token of tokens) await register(kari, token);
    const { doors: open, sent } = doors();
    expect(await sendBy.push({ to: to(), letter }, aCall(world.store), open)).toBe('accepted');
    expect(sent.map((push) => 'endpointArn' in push && push.endpointArn).sort()).toEqual(tokens.map(arnOf).sort());
    for (const push of sent) expect(push).toMatchObject({ title: 'Vern', body: 'Noe venter på deg i Vern.' });
  });

  it('goes nowhere when there is no device', async () => {
    const { doors: open, sent } = doors();
    expect(await sendBy.push({ to: to(), letter }, aCall(world.store), open)).toBe('no-address');
    expect(sent).toEqual([]);
  });

  it('takes away a device that takes nothing any more, here and at SNS, and is still accepted by the other', async () => {
    const [gone, there] = [aToken(), aToken()];
    for (const token of [gone, there]) await register(kari, token);
    const { doors: open } = doors((arn) => (arn === arnOf(gone) ? 'refused' : 'accepted'));
    expect(await sendBy.push({ to: to(), letter }, aCall(world.store), open)).toBe('accepted');
    expect(await listed(kari)).toHaveLength(1);
    expect([...world.endpoints.arns]).toEqual([arnOf(there)]);
  });

  it.each([
    [['later', 'refused'], 'later'],
    [['unknown', 'later'], 'unknown'],
    [['refused', 'refused'], 'refused'],
  ] as const)('that comes to %j on two devices is %s', async (answers, outcome) => {
    for (const _ of answers) await register(kari);
    const left = [...answers];
    const { doors: open } = doors(() => left.shift()!);
    expect(await sendBy.push({ to: to(), letter }, aCall(world.store), open)).toBe(outcome);
  });
});

describe('a notice by SMS', () => {
  const aParent = async (phone?: string) => {
    const { id } = await aPerson(world.store, world.organisationId, {
      kind: 'guardian',
      ...(phone !== undefined && { phone }),
    });
    return ownerOf(world.organisationId, id);
  };

  it('goes to the number in the person’s record (KP-08)', async () => {
    const { doors: open, sent } = doors();
    expect(await sendBy.sms({ to: await aParent('+4790000001'), letter }, aCall(world.store), open)).toBe('accepted');
    expect(sent).toEqual([
      { number: '+4790000001', text: 'Vern: En melding venter på deg. Logg inn i Vern for å lese.' },
    ]);
  });

  it('goes nowhere without a number', async () => {
    const { doors: open, sent } = doors();
    expect(await sendBy.sms({ to: await aParent(), letter }, aCall(world.store), open)).toBe('no-address');
    expect(await sendBy.sms({ to: accountOwner(kari.accountId), letter }, aCall(world.store), open)).toBe('no-address');
    expect(sent).toEqual([]);
  });

  it('is not sent again to a number that was refused, until there is another', async () => {
    const to = await aParent('+4790000002');
    const { doors: closed, sent } = doors(() => 'refused');
    expect(await sendBy.sms({ to, letter }, aCall(world.store), closed)).toBe('refused');
    expect(await sendBy.sms({ to, letter }, aCall(world.store), closed)).toBe('undeliverable');
    expect(sent).toHaveLength(1);
    const remembered = await aCall(world.store).records.get(undeliverableNumberRef(to));
    expect(remembered?.value.number).toBe('+4790000002');
  });
});
