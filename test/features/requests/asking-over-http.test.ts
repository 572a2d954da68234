import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { orderErasure } from '../../../lambdas/features/erasure/order.ts';
import { exportRef } from '../../../lambdas/features/exports/export.ts';
import { OPEN_REQUESTS_MAX } from '../../../lambdas/features/requests/register.ts';
import { rights } from '../../../lambdas/features/requests/request.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type RightsClient, refused, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
});

type Asked = Parameters<RightsClient['askForRight']>[0]['body'];
const ask = async (client: RightsClient, right: Asked['right'], more: Partial<Asked> = {}) =>
  (await client.askForRight({ body: { controller: world.organisationId, right, ...more } })).body;

/** A child with a guardian who signs in, and another guardian. */
async function aFamily(terms: Parameters<World['link']>[2] = {}) {
  const child = await world.person();
  const mother = await world.as('guardian');
  const father = await world.person({ kind: 'guardian', email: 'far@example.no' });
  await world.link(child.id, mother.personId, terms);
  await world.link(child.id, father.id, { relation: 'father' });
  return { child, mother, father };
}

describe('every right (KP-14, SM-13)', () => {
  it.each(['access', 'portability'] as const)('%s is carried out at once (FW-13)', async (right) => {
    const kari = await world.as('guardian');
    const request = await ask(kari.client, right);
    expect(request).toMatchObject({ right, state: 'executing', subject: kari.personId, isOverdue: false });
    const record = await world.records().get(exportRef(world.ownerOf(kari.personId), request.exportId!));
    expect(record?.value).toMatchObject({ state: 'ordered', audience: { kind: 'self' }, requestId: request.id });
    expect(await world.told(world.accountOf(kari))).toEqual(['request-received']);
  });

  it('is due when the local day one calendar month later is over, and says how to complain (ALL-01, ALL-02)', async () => {
    const kari = await world.as('guardian');
    const request = await ask(kari.client, 'access');
    expect(request).toMatchObject({ receivedAt: '2026-11-23T07:00:00.000Z', dueAt: '2026-12-23T23:00:00.000Z' });
    expect(request.complaint).toMatchObject({ text: expect.stringContaining('klage til Datatilsynet') });
    const { body } = await world.inEnglish(kari).getMyRequest({ params: { requestId: request.id } });
    expect(body.complaint).toMatchObject({
      text: expect.stringContaining('complain to'),
      url: expect.stringMatching(/\/en\//),
    });
  });

  it('a restriction closes the person at the key row from this moment, and ends when it is taken back', async () => {
    const kari = await world.as('guardian');
    const request = await ask(kari.client, 'restriction');
    expect(request).toMatchObject({ state: 'awaiting-decision', isInForce: true });
    expect(await world.read(kari.personId)).toBeUndefined();
    expect(await world.read(kari.personId, world.records())).toBeDefined();
    expect(await world.ledger()).toMatchObject([{ kind: 'restriction', subject: kari.personId, about: request.id }]);

    const params = { requestId: request.id };
    expect((await kari.client.withdrawRequest({ params })).body).toMatchObject({
      state: 'withdrawn',
      isInForce: false,
    });
    expect(await world.read(kari.personId)).toBeDefined();
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['restriction', 'restriction-lifted']);
    await expect(kari.client.withdrawRequest({ params })).rejects.toMatchObject(refused('wrong-state'));
  });

  it('a restriction closes what rests on a consent as well, which has keys of its own', async () => {
    const kari = await world.as('guardian');
    const consent = await world.consent(kari.personId);
    const request = await ask(kari.client, 'restriction');
    const states = () => world.records().keyStates(consent);
    expect(Object.fromEntries(await states())).toEqual({ consented: 'RESTRICTED', photo: 'RESTRICTED' });
    await kari.client.withdrawRequest({ params: { requestId: request.id } });
    expect(Object.fromEntries(await states())).toEqual({ consented: 'ACTIVE', photo: 'ACTIVE' });
  });

  it('a restriction that ends opens nothing whose erasure a withdrawal has ordered, and a hold keeps waiting (SM-11)', async () => {
    const kari = await world.as('guardian');
    const consent = await world.consent(kari.personId);
    const request = await ask(kari.client, 'restriction');
    const owner = world.ownerOf(kari.personId);
    const change = world.records().change();
    for (const erased of [owner, consent]) {
      orderErasure(change, { id: anId('ers'), owner: erased, of: owner, cause: 'withdrawal' }, world.store.now());
    }
    await change.activity({ event: 'consent.withdrawn', subject: owner }).commit();
    await kari.client.withdrawRequest({ params: { requestId: request.id } });
    expect(await world.read(kari.personId)).toBeUndefined();
    const states = await world.records().keyStates(consent);
    expect(Object.fromEntries(states)).toEqual({ consented: 'RESTRICTED', photo: 'RESTRICTED' });
  });

  it('two restrictions end when the last of them does', async () => {
    const kari = await world.as('guardian');
    const [first, second] = [await ask(kari.client, 'restriction'), await ask(kari.client, 'restriction')];
    await kari.client.withdrawRequest({ params: { requestId: first.id } });
    expect(await world.read(kari.personId)).toBeUndefined();
    await kari.client.withdrawRequest({ params: { requestId: second.id } });
    expect(await world.read(kari.personId)).toBeDefined();
  });

  it('an objection closes what it is about, and nothing else', async () => {
    const kari = await world.as('guardian');
    await world.attendance(kari.personId, '2026-11-23');
    const request = await ask(kari.client, 'objection', { entities: ['attendance-day'], text: 'Jeg vil ikke.' });
    expect(request).toMatchObject({ isInForce: true, entities: ['attendance-day'], text: 'Jeg vil ikke.' });
    expect(await world.day(kari.personId, '2026-11-23')).toBeUndefined();
    expect(await world.read(kari.personId)).toBeDefined();
    await kari.client.withdrawRequest({ params: { requestId: request.id } });
    expect(await world.day(kari.personId, '2026-11-23')).toBeDefined();
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['objection', 'objection-lifted']);
  });

  it('a rectification waits for the organisation, with what is proposed (AT-02)', async () => {
    const kari = await world.as('guardian');
    const request = await ask(kari.client, 'rectification', { proposal: { lastName: 'Dal' } });
    expect(request).toMatchObject({ state: 'awaiting-decision', waitsFor: 'decision', proposal: { lastName: 'Dal' } });
    expect((await world.read(kari.personId))?.value.lastName).toBe('Olstad');
  });

  it('an erasure shows its plan, and waits for the organisation', async () => {
    const kari = await world.as('guardian');
    const request = await ask(kari.client, 'erasure');
    expect(request).toMatchObject({ state: 'received', waitsFor: 'decision' });
    expect(request.plan).toContainEqual(expect.objectContaining({ entities: ['person'], fate: 'delete' }));
    const kept = request.plan!.filter(({ fate }) => fate === 'keep');
    expect(kept.length).toBeGreaterThan(0);
    for (const line of kept)
      expect(line).toMatchObject({ law: expect.stringContaining('GDPR'), until: { nb: expect.any(String) } });
    const params = { requestId: request.id };
    await expect(kari.client.confirmRequest({ params })).rejects.toMatchObject(refused('wrong-state'));
  });

  it('where all rests on consent an erasure is the person’s alone: shown, confirmed, ordered (SM-13)', async () => {
    world = await aWorld(db, 'safety');
    const olga = await world.as('member');
    const request = await ask(olga.client, 'erasure');
    expect(request).toMatchObject({ state: 'planned', waitsFor: 'your-confirmation' });
    expect(await world.read(olga.personId)).toBeDefined();
    const { body } = await olga.client.confirmRequest({ params: { requestId: request.id } });
    expect(body).toMatchObject({ state: 'executing' });
    const holder = world.ownerOf(olga.personId);
    const erasure = await world.records().get(erasureRef({ id: body.erasureId!, holder }));
    expect(erasure?.value).toMatchObject({ state: 'ordered', cause: 'request', requestId: request.id });
    expect(await world.read(olga.personId)).toBeUndefined();
    await expect(olga.client.withdrawRequest({ params: { requestId: request.id } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
  });
});

describe.each(['nb', 'en'] as const)('in %s, every right', (language) => {
  const said = {
    nb: { complaint: 'klage til Datatilsynet', letter: 'Du får denne e-posten fra Vern', date: '23. desember 2026' },
    en: { complaint: 'complain to', letter: 'You get this e-mail from Vern', date: '23 December 2026' },
  }[language];

  it.each(rights)('%s is asked for over HTTP, answered and confirmed by a letter', async (right) => {
    const email = 'kari@example.no';
    const kari = await world.as('guardian', { email });
    await world.speaks(kari, language);
    const client = language === 'nb' ? kari.client : world.inEnglish(kari);
    const request = await ask(client, right, right === 'rectification' ? { proposal: { lastName: 'Dal' } } : {});
    expect(request.complaint.text).toContain(said.complaint);
    const { body: read } = await client.getMyRequest({ params: { requestId: request.id } });
    expect(read).toEqual(request);
    const mine = (await world.letters()).filter(({ to }) => to === email);
    expect(mine).toHaveLength(1);
    expect(mine[0]!.text).toContain(said.letter);
    expect(mine[0]!.text).toContain(said.date);
    expect(mine[0]!.text).toContain(said.complaint);
  });
});

describe('the account (CE-11, CE-13)', () => {
  const operator = { controller: 'operator' } as const;

  it('is erased when its holder has seen and confirmed the plan', async () => {
    const kari = await world.as('guardian');
    const { body: request } = await kari.client.askForRight({ body: { ...operator, right: 'erasure' } });
    expect(request).toMatchObject({ state: 'planned', subject: kari.accountId, controller: 'operator' });
    expect(request.plan).toContainEqual(expect.objectContaining({ entities: expect.arrayContaining(['account']) }));
    const { body } = await kari.client.confirmRequest({ params: { requestId: request.id } });
    const erasure = await world.records().get(erasureRef({ id: body.erasureId!, holder: world.accountOf(kari) }));
    expect(erasure?.value.state).toBe('ordered');
  });

  it('is put right at once, and the right value is kept for a restore', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({
      body: { ...operator, right: 'rectification', proposal: { phone: '+4790000000' } },
    });
    expect(body.state).toBe('answered');
    expect((await world.account(kari))?.value.phone).toBe('+4790000000');
    expect(await world.ledger('operator')).toMatchObject([{ kind: 'rectification', subject: kari.accountId }]);
    const email = kari.client.askForRight({
      body: { ...operator, right: 'rectification', proposal: { email: 'ny@example.no' } },
    });
    await expect(email).rejects.toMatchObject(refused('malformed-request'));
  });

  it('loses a phone number when its holder says so (CE-13)', async () => {
    const kari = await world.as('guardian');
    for (const phone of ['+4790000000', null]) {
      await kari.client.askForRight({ body: { ...operator, right: 'rectification', proposal: { phone } } });
    }
    expect((await world.account(kari))?.value).not.toHaveProperty('phone');
  });

  it('is exported at once, and holds no persons', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { ...operator, right: 'access' } });
    expect(body).toMatchObject({ state: 'executing', exportId: expect.any(String) });
    const asked = kari.client.askForRight({ body: { ...operator, right: 'access', personId: kari.personId } });
    await expect(asked).rejects.toMatchObject(refused('person-not-found'));
  });
});

describe('a guardian, for a child', () => {
  it('with parental responsibility gets access, portability and rectification as for themselves', async () => {
    const { child, mother } = await aFamily();
    const personId = child.id;
    const access = await ask(mother.client, 'access', { personId });
    const record = await world.records().get(exportRef(world.ownerOf(personId), access.exportId!));
    const { personId: guardianId } = mother;
    expect(record?.value.audience).toEqual({ kind: 'guardian', guardianId, rights: 'parental-responsibility' });
    expect((await ask(mother.client, 'portability', { personId })).state).toBe('executing');
    const proposal = { firstName: 'Emilie' };
    expect((await ask(mother.client, 'rectification', { personId, proposal })).state).toBe('awaiting-decision');
  });

  it.each(['erasure', 'restriction', 'objection'] as const)(
    'waits for the organisation with %s, and the other guardian is told',
    async (right) => {
      const { child, mother, father } = await aFamily();
      const admin = await world.as('administrator');
      const request = await ask(mother.client, right, { personId: child.id });
      expect(request).toMatchObject({ isInForce: false, subject: child.id });
      expect(['received', 'awaiting-decision']).toContain(request.state);
      expect(await world.read(child.id)).toBeDefined();
      expect(await world.told(world.ownerOf(father.id))).toEqual(['request-about-child']);
      expect(await world.told(world.ownerOf(mother.personId))).toEqual([]);
      expect(await world.told(world.ownerOf(admin.personId))).toEqual(['request-to-decide']);
    },
  );

  it('who is only to be informed gets access and nothing else', async () => {
    const { child, mother } = await aFamily({ rights: 'information-only' });
    const personId = child.id;
    expect((await ask(mother.client, 'access', { personId })).state).toBe('executing');
    for (const right of rights.filter((one) => one !== 'access')) {
      const more = right === 'rectification' ? { proposal: { firstName: 'Emilie' } } : {};
      await expect(ask(mother.client, right, { personId, ...more })).rejects.toMatchObject(refused('not-allowed'));
    }
  });

  it('who only picks up, is a former guardian, or is kept away by a block, is told that there is nobody', async () => {
    const pickUp = await aFamily({ rights: 'pick-up-only' });
    const former = await aFamily({ until: '2026-11-22' });
    const blocked = await aFamily();
    const asked = await ask(blocked.mother.client, 'access', { personId: blocked.child.id });
    await world.block(blocked.child.id, blocked.mother.personId);
    for (const { child, mother } of [pickUp, former, blocked]) {
      for (const right of ['access', 'erasure'] as const) {
        await expect(ask(mother.client, right, { personId: child.id })).rejects.toMatchObject(
          refused('person-not-found'),
        );
      }
    }
    const params = { requestId: asked.id };
    await expect(blocked.mother.client.getMyRequest({ params })).rejects.toMatchObject(refused('request-not-found'));
    expect((await blocked.mother.client.listMyRequests()).body.items).toEqual([]);
  });

  it('who is kept away as another person of theirs is told the same', async () => {
    const asStaff = (await world.person({ kind: 'staff' })).id;
    const child = await world.person();
    const mother = await world.as('guardian', { otherPersonIds: [asStaff] });
    await world.link(child.id, mother.personId);
    await world.block(child.id, asStaff);
    await expect(ask(mother.client, 'access', { personId: child.id })).rejects.toMatchObject(
      refused('person-not-found'),
    );
  });

  it('cannot take back for a child that is not theirs any more', async () => {
    const { child, mother } = await aFamily({ until: '2026-11-24' });
    const params = { requestId: (await ask(mother.client, 'restriction', { personId: child.id })).id };
    world.at('2026-11-25T07:00:00Z');
    const client = await world.again(mother);
    await expect(client.withdrawRequest({ params })).rejects.toMatchObject(refused('request-not-found'));
    expect((await world.stored(world.ownerOf(child.id), params.requestId)).value.state).toBe('awaiting-decision');
  });

  it('who is only to be informed since then sees and takes back nothing but what they may ask for', async () => {
    const { child, mother } = await aFamily();
    const { id: personId } = child;
    const access = await ask(mother.client, 'access', { personId });
    const restriction = await ask(mother.client, 'restriction', { personId });
    await world.relink(personId, mother.personId, { rights: 'information-only' });
    const params = { requestId: restriction.id };
    await expect(mother.client.withdrawRequest({ params })).rejects.toMatchObject(refused('request-not-found'));
    await expect(mother.client.getMyRequest({ params })).rejects.toMatchObject(refused('request-not-found'));
    expect((await mother.client.listMyRequests()).body.items.map(({ id }) => id)).toEqual([access.id]);
    expect((await world.stored(world.ownerOf(personId), restriction.id)).value.state).toBe('awaiting-decision');
  });

  it('is not passed over by a young child that has an account: the organisation decides, and guardians are told', async () => {
    world = await aWorld(db, 'safety');
    const { id: personId } = await world.person({ kind: 'child', birthDate: '2018-05-01' });
    const { id: guardianId } = await world.person({ kind: 'guardian' });
    await world.link(personId, guardianId);
    const child = await world.as('member', { personId });
    expect(await ask(child.client, 'erasure')).toMatchObject({ state: 'received', waitsFor: 'decision' });
    expect((await ask(child.client, 'restriction')).isInForce).toBe(false);
    expect(await world.told(world.ownerOf(guardianId))).toEqual(['request-about-child', 'request-about-child']);
    expect((await ask(child.client, 'access')).state).toBe('executing');
    const grown = await world.person({ kind: 'child', birthDate: '2013-11-23' });
    const old = await world.as('member', { personId: grown.id });
    expect((await ask(old.client, 'erasure')).state).toBe('planned');
  });

  it('cannot ask for the other guardian, nor for anyone that is not theirs', async () => {
    const { mother, father } = await aFamily();
    const stranger = await world.person();
    for (const personId of [father.id, stranger.id, anId('per')]) {
      await expect(ask(mother.client, 'access', { personId })).rejects.toMatchObject(refused('person-not-found'));
    }
  });

  it('of a grown-up asks for nothing: the grown-up does', async () => {
    world = await aWorld(db, 'safety');
    const olga = await world.person({ kind: 'member' });
    const relative = await world.as('guardian');
    await world.link(olga.id, relative.personId);
    await expect(ask(relative.client, 'access', { personId: olga.id })).rejects.toMatchObject(refused('not-allowed'));
  });
});

describe('a request', () => {
  it('takes a fresh proof', async () => {
    const kari = await world.as('guardian');
    const body = { controller: world.organisationId, right: 'access' } as const;
    await expect(world.stale(kari).askForRight({ body })).rejects.toMatchObject(refused('fresh-proof-required'));
  });

  it('is made once however often it is sent', async () => {
    const kari = await world.as('guardian');
    const body = { controller: world.organisationId, right: 'access' } as const;
    const sent = { body, idempotencyKey: 'a-fresh-key-0001' };
    const [first, again] = [await kari.client.askForRight(sent), await kari.client.askForRight(sent)];
    expect(again.body).toEqual(first.body);
    expect((await kari.client.listMyRequests()).body.items).toHaveLength(1);
  });

  it('is nobody else’s to see, and an outsider is told that there is no organisation', async () => {
    const [kari, ola] = [await world.as('guardian'), await world.as('guardian')];
    const params = { requestId: (await ask(kari.client, 'access')).id };
    const asked = [
      ola.client.getMyRequest({ params }),
      ola.client.confirmRequest({ params }),
      ola.client.withdrawRequest({ params }),
      ola.client.listRecipients({ params }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('request-not-found') });
    }
    const elsewhere = { controller: anId('org'), right: 'access' } as const;
    await expect(ola.client.askForRight({ body: elsewhere })).rejects.toMatchObject(refused('organisation-not-found'));
  });

  it('names the person where the caller is several, and says only what belongs to its right', async () => {
    const others = [(await world.person({ kind: 'staff' })).id];
    const kari = await world.as('guardian', { otherPersonIds: others });
    const wrong: Partial<Asked>[] = [
      {},
      { personId: kari.personId, proposal: { lastName: 'Dal' } },
      { personId: kari.personId, entities: ['attendance-day'] },
      { personId: kari.personId, right: 'objection', entities: ['person'] },
      { personId: kari.personId, right: 'rectification' },
      { personId: kari.personId, right: 'rectification', proposal: { birthDate: '1990-01-01' } },
    ];
    for (const more of wrong) {
      await expect(ask(kari.client, 'access', more)).rejects.toMatchObject(refused('malformed-request'));
    }
    expect((await ask(kari.client, 'access', { personId: others[0] as PersonId })).subject).toBe(others[0]);
  });

  it(`is refused when ${OPEN_REQUESTS_MAX} about the same person wait for an answer`, async () => {
    const kari = await world.as('guardian');
    for (let count = 0; count < OPEN_REQUESTS_MAX; count++) await ask(kari.client, 'access');
    await expect(ask(kari.client, 'access')).rejects.toMatchObject(refused('too-many'));
  });

  it('is left to a guardian though the other has asked for all that one may', async () => {
    const { child, mother, father } = await aFamily();
    for (let count = 0; count < OPEN_REQUESTS_MAX; count++) await ask(mother.client, 'access', { personId: child.id });
    const other = await world.as('guardian', { personId: father.id });
    expect((await ask(other.client, 'access', { personId: child.id })).state).toBe('executing');
  });

  it('is confirmed by a letter in the language of the account, which says nothing of what was asked', async () => {
    const [kari, ola] = [
      await world.as('guardian', { email: 'kari@example.no' }),
      await world.as('guardian', { email: 'ola@example.no' }),
    ];
    await world.speaks(ola, 'en');
    await ask(kari.client, 'restriction');
    await ask(ola.client, 'access');
    const letters = await world.letters();
    expect(letters.find(({ to }) => to === 'kari@example.no')?.text).toContain(
      'Du får endelig svar senest 23. desember 2026',
    );
    const english = letters.find(({ to }) => to === 'ola@example.no')!;
    expect(english.text).toContain('You get an answer by 23 December 2026 at the latest.');
    expect(english.text).toContain('complain to the Norwegian Data Protection Authority');
    for (const { text, subject } of letters)
      expect(`${subject} ${text}`).not.toMatch(/begrens|restrict|innsyn|access/i);
  });
});
