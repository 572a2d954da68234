import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { operator } from '../../lambdas/features/agreements/operator.ts';
import type { ConsentId, ExportId, PersonId, RequestId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { apiFor, type Visitor } from '../../local/client/visitor.ts';
import {
  type Cast,
  downloaded,
  eventually,
  FATHER,
  findMail,
  isSigned,
  mailTo,
  openedClaim,
  roleIn,
  takenAway,
  textOf,
  theCast,
} from './rights-cast.ts';

/** Every right through HTTP alone, as a Norwegian mother and an English father use them, and the mails as they get them. */
vi.setConfig({ testTimeout: 90_000 });
let cast: Cast;
let controller: Cast['organisationId'];
let mother: string;
beforeAll(async () => {
  cast = await theCast();
  controller = cast.organisationId;
  mother = cast.mother.credentials.email;
}, 180_000);
afterAll(() => cast?.stop());

const inOrganisation = () => ({ organisationId: controller });
const ofPerson = (personId: PersonId) => ({ organisationId: controller, personId });
const ofRequest = (requestId: RequestId) => ({ organisationId: controller, requestId });
const today = () => dayIn('Europe/Oslo', cast.now());
const refused = (status: number, slug: string) => ({ status, slug });

const isReady = async (visitor: Visitor, exportId: ExportId | undefined) =>
  (await visitor.api.listMyExports()).body.items.find(({ id, state }) => id === exportId && state === 'ready');

async function copyFor(visitor: Visitor, requestId: RequestId) {
  const { exportId } = (await visitor.api.getMyRequest({ params: { requestId } })).body;
  const { id } = await eventually('the copy', () => isReady(visitor, exportId));
  const { body } = await visitor.api.downloadMyExport({ params: { exportId: id } });
  return downloaded(cast.endpoints, body.url);
}

const stateOf = async (requestId: RequestId) =>
  (await (await cast.as('administrator')).getRequest({ params: ofRequest(requestId) })).body.state;

/** The lines that ring the alarm, from the function's log. */
const alarmsOf = (name: string, metric: string): Record<string, unknown>[] => {
  const folder = join(cast.service.stateDir, 'logs');
  const files = readdirSync(folder).filter((file) => file.includes(name));
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return lines
    .filter((line) => line.includes(`"${metric}"`))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>);
};

describe('the right of access', () => {
  it('gives the mother a signed copy of all about her, and a mail that says only that it is ready', async () => {
    const since = cast.now();
    const { body: request } = await cast.mother.api.askForRight({
      body: { controller, personId: cast.motherId, right: 'access' },
    });
    const copy = await copyFor(cast.mother, request.id);
    const mail = await mailTo(cast, mother, 'Kopien er klar', since);
    expect(mail.text).not.toContain('Nora');
    expect([copy.odd, copy.isSigned]).toEqual([[], true]);
    expect(textOf(copy.text('index.nb.html'))).toContain('Kari');
    expect(textOf(copy.text('index.en.html'))).toContain('Kari');
    expect((await cast.mother.api.getMyRequest({ params: { requestId: request.id } })).body.state).toBe('answered');
  });

  it('gives the father what is held about the child, without the mother and without what was left out', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const { body: child } = await admin.getPerson({ params: ofPerson(cast.childId) });
    const note = 'Kari sier at naboen henter på fredager.';
    await admin.changePerson({ params: ofPerson(cast.childId), ifMatch: child.version, body: { note } });
    const { body: request } = await cast.father.api.askForRight({
      body: { controller, personId: cast.childId, right: 'access' },
    });
    const params = { organisationId: controller, exportId: request.exportId! };
    const { texts } = await eventually('what is to be looked through', async () => {
      const { body } = await admin.lookThroughExport({ params });
      return body.state === 'awaiting-redaction' && body;
    });
    expect(texts.map(({ text }) => text)).toEqual([note]);
    const decisions = texts.map(({ digest }) => ({
      digest,
      shown: 'not' as const,
      reason: 'rights-of-others' as const,
    }));
    await admin.releaseExport({ params, body: { decisions } });

    const copy = await copyFor(cast.father, request.id);
    await mailTo(cast, FATHER, 'The copy is ready', since);
    expect(textOf(copy.text('index.en.html'))).toContain('Nora');
    expect(copy.everything).not.toMatch(/naboen|kari@example|Kari/);
    expect([copy.odd, copy.isSigned]).toEqual([[], true]);
  });
});

describe('the right to portability', () => {
  it('lets the father take what he gave to another kindergarten', async () => {
    const { body: request } = await cast.father.api.askForRight({
      body: { controller, personId: cast.fatherId, right: 'portability' },
    });
    const copy = await copyFor(cast.father, request.id);
    const elsewhere = await anotherKindergarten();
    const carried = JSON.parse(copy.text('portable/portable.json')) as never;
    const { body: imported } = await elsewhere.api.importPortable({ params: elsewhere.params, body: carried });
    const { body: person } = await elsewhere.api.getPerson({
      params: { ...elsewhere.params, personId: imported.personId },
    });
    expect(person).toMatchObject({ kind: 'guardian', firstName: 'Peter', lastName: 'Nygard', email: FATHER });
    expect(person.id).not.toBe(cast.fatherId);
  });

  async function anotherKindergarten() {
    const since = cast.now();
    const visitor = await cast.administrator();
    const { email } = visitor.credentials;
    const { body: created } = await (await cast.as('platform-operator')).createOrganisation({
      body: {
        name: 'Granlia barnehage',
        profile: 'kindergarten',
        language: 'nb',
        agreement: {
          companyName: 'Granlia barnehage AS',
          organisationNumber: '974760673',
          postalAddress: { street: 'Granlia 1', postcode: '0150', city: 'Oslo' },
          manager: { name: 'Ingrid Eik', email, phone: '+4722000000' },
          startsOn: today(),
        },
        representative: { firstName: 'Ingrid', lastName: 'Eik', email },
      },
    });
    const organisationId = created.organisation.id;
    const invitation = await eventually('the invitation', async () => {
      const response = await fetch(`${cast.endpoints.mailbox}/messages?to=${encodeURIComponent(email)}`);
      const mails = (await response.json()) as { text: string; sentAt: string }[];
      return mails.find(({ text, sentAt }) => sentAt >= since.toISOString() && text.includes('/l/'));
    });
    const { body: configuration } = await visitor.api.getSignInConfiguration();
    await visitor.api.acceptInvitation({
      body: {
        invitation: /\/l\/([\w-]+)/.exec(invitation.text)![1]!,
        statementVersion: configuration.statementVersions.kindergarten,
      },
    });
    const api = await visitor.openRole(organisationId, await roleIn(visitor, organisationId));
    const params = { organisationId };
    const { body: agreement } = await api.getAgreement({ params });
    await api.acceptAgreement({ params, body: { version: agreement.document.version } });
    return { api, params };
  }
});

describe('the right to rectification', () => {
  it('takes the mother’s proposal, has it approved, and tells her and the father', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const { body: request } = await cast.mother.api.askForRight({
      body: { controller, personId: cast.childId, right: 'rectification', proposal: { firstName: 'Nora Elise' } },
    });
    await mailTo(cast, 'gro@eikelunden.example.no', 'En henvendelse venter på dere', since);
    await admin.approveRequest({ params: ofRequest(request.id), body: { words: 'Rettet.' } });
    const { body: child } = await admin.getPerson({ params: ofPerson(cast.childId) });
    expect(child.firstName).toBe('Nora Elise');
    await mailTo(cast, mother, 'Henvendelsen din er besvart', since);
    const told = await mailTo(cast, FATHER, 'Something registered has been corrected', since);
    expect(told.text).not.toMatch(/Nora|Kari/);
    const { body } = await cast.mother.api.listRecipients({ params: { requestId: request.id } });
    expect(body.guardiansTold).toBe(1);
  });
});

describe('the right to object', () => {
  it('closes a child’s attendance once the organisation agrees, and opens it when it is taken back', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const params = { ...ofPerson(cast.childId), day: today() };
    const leader = await cast.as('leader');
    await leader.checkIn({ params: ofPerson(cast.childId) });
    const { body: request } = await cast.mother.api.askForRight({
      body: { controller, personId: cast.childId, right: 'objection', entities: ['attendance-day'] },
    });
    await mailTo(cast, FATHER, 'A request about a child', since);
    expect((await leader.getAttendance({ params })).body.stays).toHaveLength(1);
    await admin.approveRequest({ params: ofRequest(request.id), body: {} });
    await mailTo(cast, mother, 'Henvendelsen din virker nå', since);
    expect((await leader.getAttendance({ params })).body.stays).toEqual([]);
    await expect(leader.checkOut({ params: ofPerson(cast.childId) })).rejects.toMatchObject({ slug: 'not-checked-in' });
    await cast.mother.api.withdrawRequest({ params: { requestId: request.id } });
    expect((await leader.getAttendance({ params })).body.stays).toHaveLength(1);
  });
});

describe('consent', () => {
  it('is given, proven by a receipt, and withdrawn with all that rests on it', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const { body: purpose } = await admin.declareConsentPurpose({
      params: inOrganisation(),
      body: { code: 'profile-extras' },
    });
    const asked = (await cast.father.api.listMyConsents()).body.items.find(
      ({ purposeId }) => purposeId === purpose.id,
    )!;
    expect(asked.title).toBe('More about you');
    const { textVersion, statementVersion, personId } = asked;
    const { body: given } = await cast.father.api.giveConsent({
      body: { organisationId: controller, personId, purposeId: purpose.id, textVersion, statementVersion },
    });
    const held = { ...ofPerson(cast.fatherId), purposeId: purpose.id };
    await admin.putConsentedInformation({ params: held, ifMatch: 1, body: { position: 'Snekker' } });
    const consented = async () =>
      (await admin.listConsentedInformation({ params: ofPerson(cast.fatherId) })).body.items.map((one) => one.position);
    expect(await consented()).toEqual(['Snekker']);

    const params = { consentId: given.consentId as ConsentId };
    const { body: receipt } = await cast.father.api.getConsentReceipt({ params });
    expect(receipt.contentType).toBe('application/ld+json');
    expect(JSON.parse(String(receipt.content))).toMatchObject({ '@type': 'dpv:ConsentReceipt' });
    await cast.father.api.withdrawConsent({ params });
    expect(await consented()).toEqual([]);
    await mailTo(cast, FATHER, 'The consent has been withdrawn', since);
  });
});

describe('the data-protection officer', () => {
  it('is written to in confidence, and answers', async () => {
    const since = cast.now();
    const officer = await cast.as('platform-data-protection-officer');
    const text = 'Hvem har sett opplysningene om meg?';
    const { body: thread } = await cast.mother.api.writeToDpo({ body: { text } });
    await mailTo(cast, operator.dataProtectionOfficer, 'En melding venter', since);
    const params = { threadId: thread.id };
    const { body: read } = await officer.getDpoThread({ params });
    expect(read.messages.map((message) => message.text)).toEqual([text]);
    await expect((await cast.as('administrator')).getDpoThread({ params })).rejects.toMatchObject({ status: 404 });
    await officer.answerAsDpo({ params, body: { text: 'Be om innsyn, så ser du det.' } });
    const mail = await mailTo(cast, mother, 'Du har fått svar', since);
    expect(mail.text).not.toContain('innsyn, så');
    const { body: answered } = await cast.mother.api.getMyDpoThread({ params });
    expect(answered.messages.at(-1)?.text).toBe('Be om innsyn, så ser du det.');
  });
});

const GRANDMOTHER = 'grete@example.no';
let grandmotherId: PersonId;
const ofGrandmother = () =>
  ({
    personId: grandmotherId,
    channel: 'e-mail',
    identity: { evidence: 'answer-from-registered-address' },
    receivedOn: today(),
    reply: { by: 'e-mail', email: GRANDMOTHER },
    language: 'en',
  }) as const;

describe('someone without an account', () => {
  it('is answered by a link and a one-time code', async () => {
    const since = cast.now();
    const to = GRANDMOTHER;
    const admin = await cast.as('administrator');
    const { body } = await admin.createPerson({
      params: inOrganisation(),
      body: { kind: 'guardian', firstName: 'Grete', lastName: 'Nygard', email: to, language: 'en' },
    });
    grandmotherId = body.id;
    await admin.registerRequest({ params: inOrganisation(), body: { ...ofGrandmother(), right: 'access' } });
    const mail = await mailTo(cast, to, 'The answer to your request', since);
    expect(mail.text).not.toContain('Grete');
    const answer = await openedClaim(cast, mail, { to, language: 'en', since });
    const page = await answer.press('copy');
    const url = /href="(http[^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&');
    const copy = await downloaded(cast.endpoints, url);
    expect(textOf(copy.text('index.en.html'))).toContain('Grete');
    expect([copy.odd, copy.isSigned]).toEqual([[], true]);
  });
});

describe('the right to restriction', () => {
  it('closes the father’s data at once, and keeps it closed while he is told why that ends', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const params = ofPerson(cast.fatherId);
    const { body: request } = await cast.father.api.askForRight({
      body: { controller, personId: cast.fatherId, right: 'restriction', text: 'The address is wrong.' },
    });
    await mailTo(cast, FATHER, 'Your request is in force', since);
    await expect(admin.getPerson({ params })).rejects.toMatchObject(refused(404, 'person-not-found'));
    await admin.refuseRequest({
      params: ofRequest(request.id),
      body: { reason: 'conditions-not-met', words: 'There is no address of yours with us.' },
    });
    await mailTo(cast, FATHER, 'Your request has been answered', since);
    await mailTo(cast, FATHER, 'Something you asked for is about to end', since);
    await expect(admin.getPerson({ params })).rejects.toMatchObject(refused(404, 'person-not-found'));
  });
});

describe('a material change of the privacy statement', () => {
  it('is mailed to both in their languages, and shown until it is acknowledged', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    await admin.publishStatement({
      params: inOrganisation(),
      body: {
        own: {
          nb: [{ title: 'Bilder', text: 'Bilder av barna kan ikke lenger slettes av foreldrene selv.' }],
          en: [{ title: 'Pictures', text: 'Parents can no longer delete pictures of the children themselves.' }],
        },
        changes: { narrowsRights: true, changesDuties: false, newPurpose: false },
      },
    });
    await cast.advance('PT16M');
    await Promise.all([
      mailTo(cast, mother, 'Personvernerklæringen er endret', since),
      mailTo(cast, FATHER, 'The privacy statement has changed', since),
    ]);
    await cast.father.signInAgain();
    const shown = async () =>
      (await cast.father.api.getMe()).body.statements.find(({ organisationId }) => organisationId === controller)!;
    const statement = await shown();
    expect(statement).toMatchObject({ material: true, mustAcknowledge: true });
    await cast.father.api.acknowledgeStatement({ body: { organisationId: controller, version: statement.version } });
    expect((await shown()).mustAcknowledge).toBe(false);
  });
});

describe('a store that is down', () => {
  it('leaves a request incomplete, with an alarm, and done once the store is back', async () => {
    await cast.mother.signInAgain();
    const kms = new KMSClient({
      endpoint: cast.endpoints.kms,
      region: cast.endpoints.region,
      credentials: cast.endpoints,
    });
    const { keys } = (await apiFor(cast.endpoints).listProofKeys()).body;
    const key = { KeyId: keys[0]!.keyId };
    await kms.send(new DisableKeyCommand(key));
    const since = cast.now();
    const { body: request } = await cast.mother.api.askForRight({
      body: { controller, personId: cast.motherId, right: 'access' },
    });
    await eventually('that it is incomplete', async () => {
      await cast.advance('PT16M');
      return (await myStateOf(request.id)) === 'incomplete';
    });
    await cast.advance('PT61M');
    await mailTo(cast, mother, 'Henvendelsen din er ikke ferdig', since);
    expect(alarmsOf('rights-clock', 'request-incomplete')).toContainEqual(
      expect.objectContaining({ about: request.id }),
    );
    await kms.send(new EnableKeyCommand(key));
    await cast.advance('PT61M');
    await cast.mother.signInAgain();
    expect((await copyFor(cast.mother, request.id)).isSigned).toBe(true);
    expect(await myStateOf(request.id)).toBe('answered');
  });

  const myStateOf = async (requestId: RequestId) => {
    await cast.mother.signInAgain();
    return (await cast.mother.api.getMyRequest({ params: { requestId } })).body.state;
  };
});

describe('a restriction that was refused', () => {
  it('is over 72 hours later', async () => {
    await cast.advance('PT73H');
    const params = ofPerson(cast.fatherId);
    const { body } = await eventually('the end of the restriction', async () =>
      (await cast.as('administrator')).getPerson({ params }).catch(() => undefined),
    );
    expect(body.firstName).toBe('Peter');
  });
});

describe('the right to erasure', () => {
  it('takes two persons, erases the father and his account, and proves it when nothing can be restored', async () => {
    const since = cast.now();
    await cast.father.signInAgain();
    const admin = await cast.as('administrator');
    const { body: request } = await cast.father.api.askForRight({
      body: { controller, personId: cast.fatherId, right: 'erasure' },
    });
    const params = ofRequest(request.id);
    const { body: planned } = await admin.planErasure({ params });
    expect(planned.plan?.length).toBeGreaterThan(5);
    const proposer = await cast.as('administrator', 'fresh');
    await expect(proposer.approveRequest({ params, body: {} })).rejects.toMatchObject(
      refused(409, 'second-person-required'),
    );
    await (await cast.as('privacy-officer', 'fresh')).approveRequest({ params, body: {} });
    await eventually('the answer', async () => (await stateOf(request.id)) === 'answered');
    await mailTo(cast, FATHER, 'The answer to your request', since);
    await expect(cast.father.api.getMe()).rejects.toMatchObject({ status: 401 });
    await expect(admin.getPerson({ params: ofPerson(cast.fatherId) })).rejects.toMatchObject({ status: 404 });

    const subject = 'The certificate that you were waiting for';
    // A day after the last key was gone nothing can be restored; the worker that saw it go may have been at work still.
    await eventually('the certificate', async () => {
      await cast.advance('P1D');
      await new Promise((done) => setTimeout(done, 2_000));
      return findMail(cast, FATHER, subject, since);
    });
    const mail = await mailTo(cast, FATHER, subject, since);
    const answer = await openedClaim(cast, mail, { to: FATHER, language: 'en', since });
    const certificate = JSON.parse(await answer.press('certificate')) as Record<
      'document' | 'signature' | 'keyId',
      string
    >;
    const { document, signature, keyId } = certificate;
    expect(await isSigned(cast.endpoints, Buffer.from(document), Buffer.from(signature, 'base64url'), keyId)).toBe(
      true,
    );
    expect(document).toContain(cast.fatherId);
    expect(document).not.toMatch(/Peter|peter@/);
  });
});

describe('an erasure that a store stops', () => {
  it('is incomplete with an alarm, and is done and answered once the store is back', async () => {
    const since = cast.now();
    const { body: request } = await (await cast.as('leader')).registerRequest({
      params: inOrganisation(),
      body: { ...ofGrandmother(), right: 'erasure' },
    });
    const officer = await cast.as('privacy-officer', 'fresh');
    const params = ofRequest(request.id);
    const mirror = await takenAway(cast.endpoints, /mirror/i);
    await officer.approveRequest({ params, body: {} });
    const state = async () => (await officer.getRequest({ params })).body.state;
    await eventually('that it is incomplete', async () => (await state()) === 'incomplete');
    expect(alarmsOf('erasure', 'erasure-incomplete')).toContainEqual(
      expect.objectContaining({ controller, failures: 1 }),
    );
    await mirror.putBack();
    await cast.advance('PT6M');
    await eventually('the answer', async () => (await state()) === 'answered');
    await mailTo(cast, GRANDMOTHER, 'The answer to your request', since);
  });
});

describe('the term of six months', () => {
  it('keeps a child that has left until its last day, and no longer', async () => {
    const admin = await cast.as('leader');
    const { body: groups } = await admin.listGroups({ params: inOrganisation() });
    const { body: child } = await admin.createPerson({
      params: inOrganisation(),
      body: { kind: 'child', firstName: 'Emil', lastName: 'Sluttet' },
    });
    await admin.placePerson({
      params: { ...ofPerson(child.id), groupId: groups.items[0]!.id, from: today() },
      ifMatch: child.version,
      body: { until: today() },
    });
    const { body: going } = await (await cast.as('privacy-officer')).previewRetention({
      params: inOrganisation(),
      query: { limit: 50, until: '2030-01-01' },
    });
    const { goes } = going.items.find(({ personId }) => personId === child.id)!;
    const day = goes.at(-1)!.on;
    const end = Temporal.PlainDate.from(day).toZonedDateTime('Europe/Oslo').epochMilliseconds;
    const seconds = (before: number) => `PT${Math.floor((end - cast.now().getTime()) / 1000) - before}S`;
    const read = async () => (await cast.as('leader')).getPerson({ params: ofPerson(child.id) });
    await cast.advance(seconds(60));
    expect((await read()).body.firstName).toBe('Emil');
    await cast.advance('PT61S');
    await expect(read()).rejects.toMatchObject(refused(404, 'person-not-found'));
  });
});
