import { createHash, randomBytes } from 'node:crypto';
import { type AbuseReport, abuseReportKey, abuseReportRef } from '../../lambdas/features/abuse-reports/abuse-report.ts';
import { type RoleRecord, roleEntity, roleOwner } from '../../lambdas/features/access/role.ts';
import { alarmRef } from '../../lambdas/features/alarms/alarm.ts';
import { raiseAlarms } from '../../lambdas/features/alarms/raise.ts';
import { chatRef } from '../../lambdas/features/chats/chat.ts';
import { tickChats } from '../../lambdas/features/chats/clock.ts';
import { chatStore } from '../../lambdas/features/chats/store.ts';
import { type Correction, correctionRef, correctionRow } from '../../lambdas/features/corrections/correction.ts';
import { orderErasure } from '../../lambdas/features/erasure/order.ts';
import { geofenceRef } from '../../lambdas/features/geofences/geofence.ts';
import { geofenceStore } from '../../lambdas/features/geofences/store.ts';
import { credited } from '../../lambdas/features/invoices/decisions.ts';
import { documentRef, invoiceOwner, invoicePointers, invoiceRef } from '../../lambdas/features/invoices/invoice.ts';
import { addInvoice, findInvoice, saveInvoice } from '../../lambdas/features/invoices/writes.ts';
import { messageRef, type ThreadMessage, threadRef } from '../../lambdas/features/messages/thread.ts';
import { organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonKind } from '../../lambdas/features/people/person.ts';
import { personStore } from '../../lambdas/features/people/store.ts';
import { photoPointers, photoRef } from '../../lambdas/features/photos/photo.ts';
import { removePhoto } from '../../lambdas/features/photos/writes.ts';
import { qualificationRef, reminderKey } from '../../lambdas/features/qualifications/qualification.ts';
import { receiverRef } from '../../lambdas/features/receivers/receiver.ts';
import { receiverStore } from '../../lambdas/features/receivers/store.ts';
import { retentionPointers } from '../../lambdas/features/retention/due-index.ts';
import { dueDay } from '../../lambdas/features/retention/policy.ts';
import { terms } from '../../lambdas/features/retention/terms.ts';
import { roleStore } from '../../lambdas/features/roles/store.ts';
import { safetyDeviceRef } from '../../lambdas/features/safety-devices/safety-device.ts';
import { safetyDeviceStore } from '../../lambdas/features/safety-devices/store.ts';
import {
  newSecret,
  rotated,
  type ServiceClient,
  serviceClientRef,
} from '../../lambdas/features/service-clients/service-client.ts';
import { serviceClientStore } from '../../lambdas/features/service-clients/store.ts';
import { siteEntryRef, siteRef } from '../../lambdas/features/sites/site.ts';
import { siteStore } from '../../lambdas/features/sites/store.ts';
import { tickTickets } from '../../lambdas/features/tickets/clock.ts';
import { ticketSettingsRef } from '../../lambdas/features/tickets/settings.ts';
import { entryRef, ticketRef } from '../../lambdas/features/tickets/ticket.ts';
import { openTicket, saveTicket } from '../../lambdas/features/tickets/ticketing.ts';
import { emptyDay, workDayRef } from '../../lambdas/features/time-clock/work-day.ts';
import { timesheetStore } from '../../lambdas/features/timesheets/store.ts';
import { type Timesheet, timesheetRef } from '../../lambdas/features/timesheets/timesheet.ts';
import { webhookStore } from '../../lambdas/features/webhooks/store.ts';
import { newWebhookSecret, type Webhook, webhookRef } from '../../lambdas/features/webhooks/webhook.ts';
import { workingTimeRef } from '../../lambdas/features/working-time/arrangement.ts';
import { tickWorkplaceEnds } from '../../lambdas/features/workplace-clock/clock.ts';
import type { Call } from '../../lambdas/http/call.ts';
import type { FileId, OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { type Owner, type Ref, sharedPointers } from '../../lambdas/platform/entity.ts';
import type { Change, Records } from '../../lambdas/platform/records.ts';
import { anIssuedInvoice } from '../features/invoices/sample.ts';
import { aCall, anId, type TestStore } from '../support/store.ts';
import type { Somebody } from './prove-restore-history.ts';

/** What happens at work, in the service and between programs: everything that is kept and is neither a person nor a right. */
export const services = [
  'employee-comes',
  'hours-are-approved',
  'site-is-opened',
  'chat-begins',
  'chat-is-erased',
  'ticket-is-opened',
  'thread-is-written',
  'photo-is-shared',
  'photo-is-removed',
  'device-is-registered',
  'safety-is-taken-back',
  'webhook-is-made',
  'webhook-is-turned',
  'webhook-is-ended',
  'program-is-made',
  'program-is-renewed',
  'program-is-ended',
  'role-is-ended',
  'block-is-put',
  'block-is-lifted',
  'invoice-is-issued',
  'invoice-is-credited',
  'term-runs-out',
  'clocks-tick',
] as const;
export type Service = (typeof services)[number];

/** A record that the history knows of, and whose erasure takes it along. */
export interface Thing {
  readonly kind: string;
  readonly organisationId: OrganisationId;
  readonly ref: Ref;
  readonly isShared?: true;
  /** Persons, or itself where it has a key of its own. */
  readonly goesWith: readonly string[];
  /** Nothing else is called so: when it is gone, nothing names it. */
  readonly id?: string;
}

export interface Services {
  readonly things: readonly Thing[];
  /** Every secret that a program ever had. */
  readonly programs: readonly {
    readonly organisationId: OrganisationId;
    readonly ref: Ref;
    readonly secrets: string[];
  }[];
  readonly does: Readonly<Record<Service, (who: number) => Promise<void>>>;
}

/** What the rest of the history lends. */
interface History {
  readonly store: TestStore;
  readonly organisations: readonly OrganisationId[];
  readonly ended: ReadonlySet<OrganisationId>;
  call(): Call;
  through(): Records;
  one(who: number, is?: (somebody: Somebody) => boolean): Somebody;
  register(kind: PersonKind, organisationId: OrganisationId): Promise<Somebody>;
  aSecret(): string;
  skip(what: string): void;
}

const ZONE = 'Europe/Oslo';
const DAY = '2026-11-23';
const HOUR_MILLISECONDS = 3_600_000;
/** Kinds of things that have a term of their own. */
const ending = ['chat', 'ticket', 'correction', 'site', 'invoice'] as const;

export async function theServices(history: History): Promise<Services> {
  const { store, organisations, ended, call, through, one, aSecret, skip } = history;
  const things: Thing[] = [];
  const programs: { organisationId: OrganisationId; ref: Ref; secrets: string[] }[] = [];
  const tokens = new Map<string, string>();
  const inHours = (hours: number) => new Date(store.clock.getTime() + hours * HOUR_MILLISECONDS).toISOString();
  const open = (who: number) => {
    const there = organisations.filter((id) => !ended.has(id));
    return there[who % there.length]!;
  };
  for (const organisationId of organisations) {
    await call()
      .records.change()
      .put(ticketSettingsRef(organisationId), { takesMail: true, takesChats: true, comparesCompanies: false }, 'new')
      .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) })
      .commit();
  }

  function know(kind: string, ref: Ref, goesWith: readonly string[], more: Pick<Thing, 'id' | 'isShared'> = {}): void {
    things.push({ kind, organisationId: ref.owner.controller as OrganisationId, ref, goesWith, ...more });
  }
  /** A thing of a kind that still opens. */
  async function some(who: number, kind: string, records = call().records) {
    const alike = things.filter((thing) => thing.kind === kind);
    for (let i = 0; i < alike.length; i++) {
      const thing = alike[(who + i) % alike.length]!;
      const stored = await records.get(thing.ref as never);
      if (stored) return { thing, stored: stored as { ref: never; value: never; version: number } };
    }
    return undefined;
  }

  const does: Services['does'] = {
    async 'employee-comes'(who) {
      const organisationId = open(who);
      const employee = await history.register('staff', organisationId);
      const { personId } = employee;
      const title = aSecret();
      const qualification = {
        id: anId('qlf'),
        kind: 'course',
        title,
        expiresOn: '2027-02-01',
        remindOn: '2027-01-02',
      } as const;
      const refs = [
        workDayRef(organisationId, personId, DAY),
        qualificationRef(organisationId, personId, qualification.id),
        workingTimeRef(organisationId, personId),
      ] as const;
      const key = reminderKey(organisationId, qualification.remindOn, personId, qualification.id);
      await call()
        .records.change()
        .put(refs[0], emptyDay(DAY), 'new')
        .put(refs[1], qualification, 'new')
        .put(refs[2], { employeeNumber: '7', arrangements: [] }, 'new')
        .point({ ...key, attributes: { subject: personId } })
        .activity({
          event: 'qualification.added',
          subject: ownerOf(organisationId, personId),
          about: [qualification.id],
        })
        .commit();
      employee.secrets.set(`qualification ${qualification.id}`, title);
      for (const ref of refs) know(ref.entity.name, ref, [personId]);
    },

    async 'hours-are-approved'(who) {
      const { organisationId, personId } = one(who, ({ kind }) => kind === 'staff');
      const id = anId('tsh');
      const period = `2026-${String((who % 12) + 1).padStart(2, '0')}`;
      const history = [{ did: 'approved', at: store.clock.toISOString(), by: anId('per'), minutes: 0 } as const];
      const days = [{ day: DAY, minutes: 0, breakMinutes: 0, customers: [] }];
      const worked = await call().records.get(workDayRef(organisationId, personId, DAY));
      const after: Timesheet = {
        ...{ id, personId, period, from: DAY, to: DAY, state: 'approved', days, history },
        ...{ minutes: 0, breakMinutes: 0, overtimeMinutes: 0, dueAt: inHours(who % 3 === 0 ? 0 : 1_000) },
      };
      await timesheetStore.save({ organisationId, personId }, after, { sheet: undefined, days: [worked] }, call());
      know('timesheet', timesheetRef(organisationId, id), [id], { id });
    },

    async 'site-is-opened'(who) {
      const { organisationId, personId } = one(who, ({ kind }) => kind === 'staff');
      const [siteId, id] = [anId('sit'), anId('ste')];
      const employer = { name: 'Bygg AS', organisationNumber: '974760673' };
      const works = { name: 'Tomta', address: 'Veien 1', client: 'Byggherre AS', worksFrom: DAY, worksUntil: DAY };
      const site = { ...works, id: siteId, employer, takesPosition: false, dueAt: inHours(1_000) };
      await siteStore.create(organisationId, site, call(), undefined);
      know('site', siteRef(organisationId, siteId), [siteId], { id: siteId });
      const who_ = { firstName: 'Ola', lastName: 'Prøve', birthDate: '1990-01-01', employer };
      const line = {
        ...who_,
        id,
        siteId,
        day: DAY,
        inAt: store.clock.toISOString(),
        registeredBy: 'self',
        personId,
      } as const;
      await siteStore.saveEntry(organisationId, line, undefined, call(), undefined);
      know('site-entry', siteEntryRef(organisationId, siteId, DAY, id), [siteId], { id });
    },

    async 'chat-begins'(who) {
      const somebody = one(who);
      const { organisationId, personId } = somebody;
      const isKnown = who % 2 === 0;
      const text = aSecret();
      const begun = await chatStore.begin(
        organisationId,
        isKnown ? personId : undefined,
        { text },
        call(),
        (token, chat) => ({
          token,
          id: chat.id,
        }),
      );
      const owner: Owner = isKnown
        ? ownerOf(organisationId, personId)
        : { controller: organisationId, subject: begun.id };
      if (isKnown) somebody.secrets.set(`chat ${begun.id}`, text);
      tokens.set(begun.id, begun.token);
      know('chat', chatRef(owner, begun.id), [owner.subject], { id: begun.id });
    },

    async 'chat-is-erased'(who) {
      const found = await some(who, 'chat');
      if (!found) return skip('chat-is-erased');
      await chatStore.erase(found.stored, tokens.get(found.thing.id!)!, call());
    },

    async 'ticket-is-opened'(who) {
      const somebody = one(who);
      const { organisationId, personId } = somebody;
      const owner = ownerOf(organisationId, personId);
      const [id, entryId, correctionId] = [anId('tck'), anId('tme'), anId('cor')];
      const [text, words] = [aSecret(), aSecret()];
      const current = call();
      const change = current.records.change();
      const wanted = { id, title: 'Hjelp', language: 'nb', channel: 'app' } as const;
      await openTicket(change, owner, wanted, { id: entryId, by: 'requester', text }, current);
      const correction: Correction = {
        ...{ id: correctionId, customerId: anId('cus'), from: 'contact', proposed: { city: 'Bergen' }, before: {} },
        ...{ words, proposedAt: store.clock.toISOString(), state: 'proposed' },
      };
      await change
        .put(correctionRef(owner, correctionId), correction, 'new')
        .point(correctionRow(owner, correction))
        .activity({ event: 'ticket.opened', subject: owner, about: [id] })
        .commit();
      somebody.secrets.set(`ticket ${id}`, text).set(`correction ${correctionId}`, words);
      know('ticket', ticketRef(owner, id), [personId], { id });
      know('ticket-entry', entryRef(owner, id, entryId), [personId], { id: entryId });
      know('correction', correctionRef(owner, correctionId), [personId], { id: correctionId });
    },

    async 'thread-is-written'(who) {
      const guardian = one(who, ({ childId }) => childId !== undefined);
      const { organisationId, personId } = guardian;
      const childId = guardian.childId!;
      const { personId: other } = one(
        who + 2,
        (each) => each.organisationId === organisationId && each.personId !== childId,
      );
      const [threadId, messageId, reportId] = [anId('thr'), anId('msg'), anId('abr')];
      const at = store.clock.toISOString();
      const [subject, reason] = [aSecret(), aSecret()];
      const holders = [...new Set([personId, other])].map((id) => ownerOf(organisationId, id));
      const sharing = { holders, opensWhile: 'any', about: [ownerOf(organisationId, childId)] } as const;
      const bare = {
        role: 'guardian',
        since: at,
        newestFor: 1,
        lastAt: at,
        readTo: 0,
        muted: false,
        archived: false,
      } as const;
      const thread = { id: threadId, childId, subject, isSensitive: false, messages: 1, startedAt: at };
      const text = aSecret();
      const message: ThreadMessage = {
        ...{ id: messageId, number: 1, by: personId, role: 'guardian', at, audience: [], text, files: [] },
      };
      const report: AbuseReport = {
        ...{ id: reportId, threadId, messageId, childId, reportedBy: personId, receivedAt: at, kind: 'other', reason },
        ...{ message: { by: personId, at }, state: 'received' },
      };
      const change = call()
        .records.change()
        .putShared(
          threadRef(organisationId, threadId),
          { ...thread, participants: [{ ...bare, personId }] },
          sharing,
          'new',
        )
        .putShared(messageRef(organisationId, threadId, messageId), message, sharing, 'new')
        .putShared(
          abuseReportRef(organisationId, threadId, reportId),
          report,
          { ...sharing, holders: [holders[0]!] },
          'new',
        )
        .point({ ...abuseReportKey(organisationId, reportId), attributes: { threadId } });
      for (const holder of holders) change.point(sharedPointers.held(holder, threadId));
      change.point(sharedPointers.about(ownerOf(organisationId, childId), threadId));
      await change
        .activity({ event: 'thread.started', subject: ownerOf(organisationId, childId), about: [threadId] })
        .commit();
      const child = one(0, (each) => each.personId === childId);
      child.secrets
        .set(`thread ${threadId}`, subject)
        .set(`report ${reportId}`, reason)
        .set(`message ${messageId}`, text);
      const goesWith = [childId, personId, other];
      know('message-thread', threadRef(organisationId, threadId), goesWith, { isShared: true });
      know('thread-message', messageRef(organisationId, threadId, messageId), goesWith, { isShared: true });
      know('abuse-report', abuseReportRef(organisationId, threadId, reportId), goesWith, { isShared: true });
    },

    async 'photo-is-shared'(who) {
      const child = one(who, ({ kind }) => kind === 'child');
      const { organisationId } = child;
      const other = one(who + 2, (each) => each.kind === 'child' && each.organisationId === organisationId);
      const depicted = [...new Set([child.personId, other.personId])];
      const [photoId, fileId] = [anId('pho'), anId('fil')];
      const caption = aSecret();
      const file = {
        id: fileId,
        name: 'bilde.jpg',
        contentType: 'image/jpeg',
        bytes: 9,
        key: randomBytes(32).toString('base64'),
      } as const;
      const photo = {
        ...{ id: photoId, takenOn: DAY, groupId: anId('grp'), caption, depicted, purposeId: anId('pur') },
        ...{ by: anId('per'), addedAt: store.clock.toISOString(), file },
      };
      const holders = depicted.map((id) => ownerOf(organisationId, id));
      const home = { controller: organisationId, subject: photoId } as const;
      const change = call()
        .records.change()
        .putShared(photoRef(organisationId, photoId), photo, { holders, opensWhile: 'all' }, 'new')
        .point({
          ...photoPointers.depicted(organisationId, photoId),
          attributes: { persons: depicted.join(' '), by: photo.by, fileId },
        });
      hold(change, organisationId, home, fileId, { photoId });
      for (const holder of holders) {
        change.point(sharedPointers.held(holder, photoId)).point(sharedPointers.about(holder, photoId));
        change.activity({ event: 'photo.added', subject: holder, about: [photoId] });
      }
      await change.commit();
      child.secrets.set(`photo ${photoId}`, caption);
      know('photo', photoRef(organisationId, photoId), depicted, { isShared: true, id: photoId });
    },

    async 'photo-is-removed'(who) {
      const alike = things.filter(({ kind }) => kind === 'photo');
      const thing = alike[who % alike.length];
      const stored = thing && (await call().records.getShared(thing.ref as ReturnType<typeof photoRef>));
      if (!stored) return skip('photo-is-removed');
      const { id, depicted, by, file } = stored.value;
      const change = call().records.change();
      removePhoto(
        change,
        thing.organisationId,
        { id, depicted, by, fileId: file.id, stored, isShown: true },
        store.clock,
      );
      await change.commit();
    },

    async 'device-is-registered'(who) {
      const recipient = one(who);
      const { organisationId, personId } = recipient;
      const receiver = one(who + 1, (each) => each.organisationId === organisationId && each.personId !== personId);
      const place = { organisationId, personId };
      const [deviceId, fenceId] = [anId('sdv'), anId('gfc')];
      const at = store.clock.toISOString();
      const [label, name] = [aSecret(), aSecret()];
      const device = { id: deviceId, kind: 'pendant', label, registeredAt: at, registeredBy: anId('per') } as const;
      const digest = createHash('sha256').update(deviceId).digest('base64url');
      const code = { digest, madeAt: at, expiresAt: store.clock };
      await safetyDeviceStore.create(place, device, code, call(), undefined);
      const ref = safetyDeviceRef(organisationId, personId, deviceId);
      const known = (await call().records.get(ref))!;
      const x = randomBytes(32).toString('base64url');
      await safetyDeviceStore.putKey(known, place, { kty: 'OKP', crv: 'Ed25519', x }, call(), undefined);
      const shape = { type: 'circle', centre: { latitude: 60, longitude: 10 }, radiusMetres: 100 } as const;
      const fence = { id: fenceId, name, shape, alarmOn: 'leave', drawnAt: at, drawnBy: anId('per') } as const;
      await geofenceStore.put(place, fence, undefined, call(), undefined);
      const current = call();
      const change = current.records.change();
      const occasion = { kind: 'button', at, sourceId: `${deviceId}#1`, deviceId } as const;
      const [alarmId] = await raiseAlarms(change, { organisationId, recipientId: personId }, [occasion], current);
      await change.commit();
      recipient.secrets.set(`device ${deviceId}`, label).set(`fence ${fenceId}`, name);
      know('safety-device', ref, [personId], { id: deviceId });
      know('geofence', geofenceRef(organisationId, personId, fenceId), [personId], { id: fenceId });
      know('alarm', alarmRef(organisationId, personId, alarmId!), [personId]);
      const received = {
        personId: receiver.personId,
        as: 'carer',
        rights: 'both',
        channels: ['sms'],
        place: 1,
      } as const;
      await receiverStore.create(place, { ...received, channels: [...received.channels] }, call(), undefined);
      know('receiver', receiverRef(organisationId, personId, receiver.personId), [personId, receiver.personId]);
    },

    async 'safety-is-taken-back'(who) {
      const kinds = ['safety-device', 'geofence', 'receiver'] as const;
      const kind = kinds[who % kinds.length]!;
      const found = await some(who, kind);
      if (!found) return skip('safety-is-taken-back');
      const { thing, stored } = found;
      const place = { organisationId: thing.organisationId, personId: thing.ref.owner.subject as PersonId };
      const stores = { 'safety-device': safetyDeviceStore, geofence: geofenceStore, receiver: receiverStore };
      if (kind === 'geofence') await stores.geofence.remove(place, stored, call());
      else await stores[kind].remove(stored, place, call());
    },

    async 'webhook-is-made'(who) {
      const organisationId = open(who);
      const id = anId('whk');
      const url = 'https://hooks.example.no/vern';
      const made = {
        id,
        url,
        events: ['person.*'],
        secrets: [{ secret: newWebhookSecret() }],
        createdAt: store.clock.toISOString(),
      };
      await webhookStore.add(organisationId, { ...made, state: 'active' }, call(), undefined);
      know('webhook', webhookRef(organisationId, id), [], { id });
    },

    async 'webhook-is-turned'(who) {
      const found = await some(who, 'webhook');
      if (!found) return skip('webhook-is-turned');
      const { state, disabledReason: _, ...rest } = found.stored.value as Webhook;
      const turned =
        state === 'active'
          ? ({ state: 'disabled', disabledReason: 'by-administrator' } as const)
          : { state: 'active' as const };
      await webhookStore.save(found.stored, { ...rest, ...turned }, 'webhook.changed', call());
    },

    async 'webhook-is-ended'(who) {
      const found = await some(who, 'webhook');
      if (!found) return skip('webhook-is-ended');
      await webhookStore.remove(found.thing.organisationId, found.stored, call());
    },

    async 'program-is-made'(who) {
      const organisationId = open(who);
      const [id, personId, roleId, accountId] = [anId('scl'), anId('per'), anId('rol'), anId('acc')];
      const { secret, kept } = newSecret(store.clock);
      const createdAt = store.clock.toISOString();
      const scope = { kind: 'organisation' } as const;
      const role: RoleRecord = {
        id: roleId,
        personId,
        role: 'integration',
        actions: [],
        scope,
        validFrom: DAY,
        state: 'active',
      };
      const client: ServiceClient = {
        ...{ id, name: 'Lønn', scopes: ['person:read'], scope, accountId, personId, roleId },
        ...{ secrets: [kept], password: 'Vern1-x', createdAt },
      };
      const email = `${id}@service-clients.invalid`;
      const account = {
        id: accountId,
        sub: crypto.randomUUID(),
        email,
        language: 'nb',
        settings: {},
        createdAt,
        notBeforeEpochSeconds: 0,
      } as const;
      await serviceClientStore.add(organisationId, { client, account, role }, call(), undefined);
      const ref = serviceClientRef(organisationId, id);
      programs.push({ organisationId, ref, secrets: [secret] });
      know('service-client', ref, [], { id });
    },

    async 'program-is-renewed'(who) {
      const found = await some(who, 'service-client');
      if (!found) return skip('program-is-renewed');
      const before = found.stored as { ref: never; value: ServiceClient; version: number };
      const { secret, kept } = newSecret(store.clock);
      const endsOthersNow = who % 2 === 0;
      const secrets = rotated(before.value, kept, { endsOthersNow, now: store.clock });
      await serviceClientStore.saveSecrets(before, { ...before.value, secrets }, endsOthersNow, call());
      programs.find(({ ref }) => ref.key === before.value.id)!.secrets.push(secret);
    },

    async 'program-is-ended'(who) {
      const found = await some(who, 'service-client');
      if (!found) return skip('program-is-ended');
      await serviceClientStore.remove(found.thing.organisationId, found.stored, call());
    },

    async 'role-is-ended'(who) {
      const { organisationId, personId } = one(who, ({ accountId }) => accountId !== undefined);
      const { items } = await call().records.list(roleEntity, roleOwner(organisationId, personId));
      const role = items.find(({ value }) => value.state === 'active');
      if (!role) return skip('role-is-ended');
      await roleStore.save(role, { ...role.value, state: 'ended' }, undefined, call());
    },

    async 'block-is-put'(who) {
      const { organisationId, personId, childId } = one(who, (each) => each.childId !== undefined);
      const block = { personId, basis: 'court-order', since: DAY } as const;
      await personStore.block(organisationId, childId!, block, call());
    },

    async 'block-is-lifted'(who) {
      const { organisationId, personId, childId } = one(who, (each) => each.childId !== undefined);
      await personStore.liftBlock(organisationId, childId!, personId, call());
    },

    async 'invoice-is-issued'(who) {
      const issuer = open(who);
      const current = call();
      const { items } = await current.records.pointers('core', invoicePointers.number(issuer, 1).pk, {
        limit: 1,
        newestFirst: true,
      });
      const number = Number(items[0]?.sk ?? 0) + 1;
      const invoice = { ...anIssuedInvoice(), number };
      const { id } = invoice;
      const change = current.records.change();
      addInvoice(change, issuer, invoice, ZONE);
      const document = { pdf: 'AAAA', sha256: '0'.repeat(64) };
      await change
        .put(documentRef(issuer, id), document, 'new')
        .point({ ...invoicePointers.number(issuer, number), attributes: { invoiceId: id, sha256: document.sha256 } })
        .activity({
          event: 'invoice.issued',
          subject: organisationOwner(issuer),
          about: [id, invoice.recipient.id],
          detail: { number, sha256: document.sha256 },
        })
        .commit();
      know('invoice', invoiceRef(issuer, invoice), [id]);
      know('invoice-document', documentRef(issuer, id), [id]);
    },

    async 'invoice-is-credited'(who) {
      const found = await some(who, 'invoice');
      const stored =
        found && (await findInvoice(found.thing.organisationId, found.thing.ref.owner.subject as never, call()));
      if (!stored) return skip('invoice-is-credited');
      const issuer = found.thing.organisationId;
      const { invoice, creditNote } = credited(stored.value, { reason: 'feil' }, anId('ivc'), DAY);
      const change = call().records.change();
      saveInvoice(change, issuer, stored, invoice, ZONE);
      addInvoice(change, issuer, creditNote, ZONE);
      await change
        .activity({ event: 'invoice.credited', subject: organisationOwner(issuer), about: [creditNote.id] })
        .commit();
      know('invoice', invoiceRef(issuer, creditNote), [creditNote.id]);
    },

    async 'term-runs-out'(who) {
      const kind = ending[who % ending.length]!;
      const found = await some(who, kind);
      if (!found) return skip('term-runs-out');
      await termOf[kind](found.thing, found.stored);
    },

    async 'clocks-tick'() {
      const openCall = () => ({ ...aCall(store), records: through() });
      const clock = { openCall, hasTimeLeft: () => true, log: () => {} };
      await tickChats(clock);
      await tickTickets(clock);
      await tickWorkplaceEnds(clock);
    },
  };

  type Stored = { ref: never; value: never; version: number };
  /** It is due from now on: who takes it is the clock, but for an invoice, which the sweep hands to the worker. */
  const termOf: Readonly<Record<(typeof ending)[number], (thing: Thing, stored: Stored) => Promise<void>>> = {
    chat: (_, stored) =>
      chatStore.save(
        stored,
        { ...(stored.value as object), dueAt: inHours(0) } as never,
        'chat.written',
        call(),
        undefined,
      ),

    async ticket({ ref: { owner } }, stored) {
      const change = call().records.change();
      const at = inHours(0);
      saveTicket(change, stored, { ...(stored.value as object), state: 'closed', closedAt: at, dueAt: at } as never);
      await change.activity({ event: 'ticket.changed', subject: owner }).commit();
    },

    async correction({ ref: { owner } }, { ref, value, version }) {
      const after = { ...(value as object), state: 'accepted', decidedAt: inHours(0), dueAt: inHours(0) } as never;
      await call()
        .records.change()
        .put(ref, after, { version })
        .point(correctionRow(owner, after))
        .activity({ event: 'correction.decided', subject: owner })
        .commit();
    },

    async site({ organisationId }, stored) {
      const after = { ...(stored.value as object), dueAt: inHours(0) } as never;
      await siteStore.save({ organisationId, timeZone: ZONE, site: stored }, after, 'site.changed', call(), undefined);
    },

    async invoice({ organisationId: issuer, ref: { owner } }, { value }) {
      const { id, issuedOn, createdOn } = value as { id: never; issuedOn?: string; createdOn: string };
      const current = call();
      const change = current.records.change();
      const of = organisationOwner(issuer);
      const order = {
        id: anId('ers'),
        owner: invoiceOwner(issuer, id),
        of,
        cause: 'retention',
        retentionClasses: ['invoice'],
      } as const;
      orderErasure(change, order, store.clock);
      await change
        .unpoint(retentionPointers.due(issuer, dueDay(terms.invoice, issuedOn ?? createdOn, ZONE), id))
        .activity({ event: 'retention.shredding-ordered', subject: owner })
        .commit();
    },
  };
  return { things, programs, does };
}

/** As `claimFile` has a record hold a file. */
function hold(
  change: Change,
  organisationId: OrganisationId,
  owner: Owner,
  fileId: FileId,
  ids: Readonly<Record<string, string>>,
) {
  const place = { kind: 'photo', subject: owner.subject, ...ids };
  change
    .point({ table: 'core', pk: `${owner.controller}#${owner.subject}`, sk: `FILE#${fileId}` })
    .point({ table: 'core', pk: `${organisationId}#${fileId}`, sk: 'HOME', attributes: place });
}
