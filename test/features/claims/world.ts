import PostalMime from 'postal-mime';
import { expect } from 'vitest';
import type * as z from 'zod';
import { announceAnswer } from '../../../lambdas/features/claims/announce.ts';
import { claimedAnswers } from '../../../lambdas/features/claims/answer-store.ts';
import { claimRef } from '../../../lambdas/features/claims/claim.ts';
import { claimHandlers, claimLinkPage } from '../../../lambdas/features/claims/handlers.ts';
import { claimRoutes } from '../../../lambdas/features/claims/routes.ts';
import { staffClaimHandlers } from '../../../lambdas/features/claims/staff-handlers.ts';
import { staffClaimRoutes } from '../../../lambdas/features/claims/staff-routes.ts';
import { staffClaimStore } from '../../../lambdas/features/claims/staff-store.ts';
import { claimStore } from '../../../lambdas/features/claims/store.ts';
import { downloadOf, type ExportFiles } from '../../../lambdas/features/exports/download.ts';
import { exportRef, fileKeyOf, filePlaceOf } from '../../../lambdas/features/exports/export.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
} from '../../../lambdas/features/people/person.ts';
import { organisationRequestHandlers } from '../../../lambdas/features/requests/decision-handlers.ts';
import { organisationRequestRoutes } from '../../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../../lambdas/features/requests/store.ts';
import { type ExportId, RequestId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore } from '../../support/store.ts';
import { fakeSes } from '../notices/kindergarten.ts';

const routes = { ...linkRoutes, ...claimRoutes, ...staffClaimRoutes, ...organisationRequestRoutes };
const throughRestriction = { throughRestriction: true } as const;
const html = { accept: 'text/html' };

type Wanted = z.input<typeof staffClaimRoutes.registerRequest.body>;
export type Desk = Awaited<ReturnType<typeof aDesk>>;

/** An organisation with someone who takes requests in, somebody without an account who makes one, and their mailbox. */
export async function aDesk(dynamoDb: TestDynamoDb) {
  const store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  const organisation = await anOrganisation(store);
  const person = await aPerson(store, organisation.id, { kind: 'member', firstName: 'Ragnhild' });
  const administrator = await someoneWith(store, organisation.id, 'administrator');
  const ses = fakeSes();
  /** The buckets, as the outside world that they are: sealed files, and plain copies. */
  const sealed = new Map<string, Uint8Array>();
  const copies: Uint8Array[] = [];
  const files: ExportFiles = {
    sealed: { get: async (key) => sealed.get(key) },
    downloads: {
      put: async (_key, bytes) => void copies.push(bytes),
      linkTo: async (key) => ({ url: `https://files.vern.test/${key}`, expiresAt: '' }),
    },
  };
  const service = () =>
    aService(store, routes, {
      ...someLinkHandlers({}, { 'claim-answer': claimLinkPage(claimStore) }),
      ...claimHandlers(
        claimStore,
        claimedAnswers((stored, call) => downloadOf(stored, files, call)),
      ),
      ...staffClaimHandlers(staffClaimStore),
      ...organisationRequestHandlers(requestStore),
    });
  const staff = (who: SignedIn = administrator) => service().as(who);

  const inOrganisation = () => ({ organisationId: organisation.id });
  const wanted = (but: Partial<Wanted> = {}): Wanted => ({
    personId: person.id,
    right: 'access',
    channel: 'e-mail',
    identity: { evidence: 'identity-document' },
    receivedOn: '2026-11-23',
    reply: { by: 'e-mail', email: 'ragnhild@example.org' },
    language: 'nb',
    ...but,
  });
  const register = (but: Partial<Wanted> = {}, who = administrator) =>
    staff(who).registerRequest({ params: inOrganisation(), body: wanted(but) });

  /** A request whose copy is ready, and the link of the mail that says so. */
  async function answered(but: Partial<Wanted> = {}): Promise<{ token: string; requestId: RequestId }> {
    const { body } = await register(but);
    await mails();
    await ready(body.id, body.exportId!);
    const [mail] = await mails();
    const token = /\/l\/([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(token).not.toBe('');
    return { token, requestId: body.id };
  }

  /** What the exporter does when the copy is there. */
  async function ready(requestId: RequestId, exportId: ExportId) {
    const call = aCall(store);
    const holder = claimRef(organisation.id, requestId).owner;
    const stored = await call.records.get(exportRef(holder, exportId));
    const change = call.records.change();
    const expiresAt = new Date(store.clock.getTime() + 7 * 24 * 3600_000).toISOString();
    const bytes = Buffer.from('the copy');
    sealed.set(fileKeyOf(exportId), await call.records.sealFile(holder, 'export', filePlaceOf(exportId), bytes));
    change.put(stored!.ref, { ...stored!.value, state: 'ready', expiresAt }, { version: stored!.version });
    announceAnswer(
      change,
      { controller: organisation.id, requestId: RequestId.parse(requestId), what: 'answer' },
      call,
    );
    await change.activity({ event: 'export.ready', subject: holder }).commit();
  }

  async function linked(child: PersonRecord, guardian: PersonRecord, rights: GuardianLink['rights']) {
    const ref = { entity: guardianLinkEntity, owner: ownerOf(organisation.id, child.id), key: guardian.id } as const;
    const { owner } = ref;
    const before = await recordsNow().get(ref);
    await recordsNow()
      .change()
      .put(
        ref,
        { guardianId: guardian.id, relation: 'other', rights, livesWith: false, from: '2026-01-01' },
        before ? { version: before.version } : 'new',
      )
      .activity({ event: 'guardian.linked', subject: owner })
      .commit();
  }

  async function blocked(from: PersonRecord, grownUp: PersonRecord['id']) {
    const owner = ownerOf(organisation.id, from.id);
    await recordsNow()
      .change()
      .put(
        { entity: blockEntity, owner, key: grownUp },
        { personId: grownUp, basis: 'court-order', since: '2026-01-01' },
        'new',
      )
      .activity({ event: 'block.put', subject: owner })
      .commit();
  }

  const recordsNow = (options?: typeof throughRestriction) =>
    openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }, undefined, options);

  /** Sends what is due, and gives what has come since the last time. */
  async function mails() {
    const before = ses.mails.length;
    await sweepOutbox(anOutbox(store, { sendMail: ses.sendMail }));
    return Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
  }
  const mailedCode = async () => /^\d{6}$/m.exec((await mails()).at(-1)?.text ?? '')?.[0] ?? 'no code';

  async function tokenMailed(): Promise<string> {
    const texts = (await mails()).map(({ text }) => text ?? '');
    return /\/l\/([\w-]+)/.exec(texts.find((text) => text.includes('/l/')) ?? '')?.[1] ?? 'no link';
  }
  async function openedBy(token: string): Promise<string> {
    await post(token, 'code');
    const response = await post(token, 'answer', { code: await mailedCode() });
    expect(response.status).toBe(200);
    return response.text();
  }

  const look = async (token: string) =>
    (await service().send(`https://vern.test/l/${token}`, { method: 'GET', headers: html })).text();
  /** As the forms of the page send it. */
  const post = (token: string, what: string, fields: Record<string, string> = {}) =>
    service().send(`https://vern.test/l/${token}/${what}`, {
      method: 'POST',
      headers: { ...html, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  async function refusedPage(token: string, code: string) {
    const response = await post(token, 'answer', { code });
    expect(response.status).toBe(403);
    return response.text();
  }

  return {
    store,
    organisation,
    person,
    administrator,
    copies,
    service,
    staff,
    inOrganisation,
    wanted,
    register,
    answered,
    ready,
    linked,
    blocked,
    recordsNow,
    mails,
    mailedCode,
    tokenMailed,
    openedBy,
    look,
    post,
    refusedPage,
  };
}

export const passIn = (page: string) => /name="pass" value="([\w-]+)"/.exec(page)?.[1] ?? 'no pass';
export type { Wanted };
