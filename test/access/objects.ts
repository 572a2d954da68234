import * as z from 'zod';
import { accessGrantEntity } from '../../lambdas/features/access/role.ts';
import { exampleOf } from '../../lambdas/features/contract/example.ts';
import { joinRequestEntity } from '../../lambdas/features/invitations/invitation.ts';
import { organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import type { OpenApiDocument } from '../../lambdas/http/openapi-types.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { demandsIdempotencyKey } from '../../lambdas/http/route-facts.ts';
import type { EntityDeclaration } from '../../lambdas/platform/entity.ts';
import type { SignedIn } from '../support/service.ts';
import { anId } from '../support/store.ts';
import { type Cast, TODAY } from './cast.ts';
import { aCheckedUpload, aPhoto } from './laid.ts';
import type { mountedOn } from './mounted.ts';

/** A draft to everybody: nothing is sent of it. */
const news = {
  kind: 'news',
  audience: { kind: 'organisation', readers: ['guardians'] },
  content: { nb: { subject: 'Nytt', text: 'Hei.' }, en: { subject: 'News', text: 'Hello.' } },
  surveyId: undefined,
};

/** What paths name: real ones, made by whoever may make them, so that a refusal is about the caller and not about them. */
export type Named = Record<string, string>;
type Mounted = ReturnType<typeof mountedOn>;

export interface Answer {
  readonly status: number;
  readonly slug: string | undefined;
  readonly body: Record<string, unknown>;
}

/** One request, with a body like the schema's own examples. */
export async function ask(
  mounted: Mounted,
  [id, route]: readonly [string, Route],
  caller: SignedIn | undefined,
  named: Named,
  body: object = {},
): Promise<Answer> {
  const send = mounted.get(id);
  if (!send) throw new Error(`${id} is mounted nowhere`);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => named[`${id}.${name}`] ?? named[name] ?? name);
  const sent = route.body ? { ...(exampleFor(route.body) as object), ...body } : undefined;
  const response = await send(`https://vern.test${path}${queryFor(route)}`, {
    method: route.method,
    headers: {
      ...(caller && { authorization: `Bearer ${caller.token}`, 'vern-role': caller.role }),
      ...(sent && { 'content-type': 'application/json' }),
      ...(demandsIdempotencyKey(route) && { 'idempotency-key': crypto.randomUUID() }),
      ...(route.versioned && route.method !== 'GET' && { 'if-match': '"1"' }),
    },
    ...(sent && { body: JSON.stringify(sent) }),
  });
  const text = await response.text();
  const parsed = response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : {};
  return { status: response.status, slug: parsed.type?.split('/').at(-1), body: parsed };
}

const examples = new Map<z.ZodType, unknown>();
function exampleFor(schema: z.ZodType): unknown {
  if (examples.has(schema)) return examples.get(schema);
  const example = exampleIn(schema);
  examples.set(schema, example);
  return example;
}
function exampleIn(schema: z.ZodType): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return exampleOf(
    json as never,
    // References within one schema, as JSON Schema writes them.
    (json.$defs ?? {}) as unknown as OpenApiDocument['components']['schemas'],
  );
}

function queryFor({ query }: Route): string {
  if (!query) return '';
  const json = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
  const example = exampleFor(query) as Record<string, unknown>;
  const demanded = (json.required ?? []).map((name): [string, string] => [name, String(example[name])]);
  return demanded.length === 0 ? '' : `?${new URLSearchParams(demanded)}`;
}

/** What a body has to say beyond its examples: ids of what is really there. */
export function bodiesFor({ groupId, child, who }: Cast, named: Named): Readonly<Record<string, object>> {
  const grownUp = who.otherParent.personId;
  const aRequest = {
    personId: who.otherParent.personId,
    guardianId: undefined,
    proposal: undefined,
    entities: undefined,
    right: 'access',
    channel: 'in-person',
    reply: { by: 'post' },
    receivedOn: TODAY,
  };
  return {
    createPerson: { kind: 'child', ...noContact },
    changePerson: { firstName: 'Emil Andreas', ...noContact, placements: undefined },
    createGroup: { departmentId: named['departmentId'] },
    changeGroup: { departmentId: named['departmentId'] },
    giveRole: { personId: grownUp, role: 'staff', scope: { kind: 'group', id: groupId } },
    changeRole: { scope: { kind: 'group', id: groupId } },
    linkGuardian: { guardianId: grownUp, until: undefined },
    declareConsentPurpose: { code: 'newsletter' },
    approveJoinRequest: { personId: grownUp },
    recordDisclosure: { subjects: [child.id] },
    putHold: { personId: child.id },
    registerRequest: aRequest,
    setReservations: { days: [] },
    setSiblingsReservations: { children: [{ personId: child.id, version: 1, days: [] }] },
    addClosure: { kind: 'closed', answerBefore: undefined, from: '2026-12-21', until: '2026-12-22' },
    setCustody: {
      homes: { first: [who.parent.personId], second: [who.informed.personId] },
      from: TODAY,
      until: undefined,
      weeks: [{ days: ['first', 'first', 'first', 'second', 'second', 'second', 'second'] }],
      exceptions: [],
    },
    setStandingWeek: { from: TODAY, days: [{ weekday: 'monday', from: '08:00', until: '16:00' }] },
    putAlarmConfiguration: { chains: [] },
    putDepartmentAlarmConfiguration: { chains: [] },
    putPersonAlarmConfiguration: { chains: [] },
    createOpenEvent: openDay,
    changeOpenEvent: openDay,
    setStaffing: { standing: [], exceptions: [] },
    createDistributionJob: news,
    changeDistributionJob: news,
    createSurvey: { closesOn: '2026-12-04' },
    changeSurvey: { closesOn: '2026-12-04' },
    copyWeek: { into: ['2026-W50'] },
    createEvent: { ...anEvent, scope: { kind: 'person', id: child.id } },
    changeEvent: { which: 'all', of: undefined, title: 'Tur', ...noTimes },
    createSlotOffer: { childIds: undefined, staffId: who.staff.personId, openUntil: '2026-12-01T08:00:00.000Z' },
    bookSlot: { slotOfferId: named['slotOfferId'], slotId: named['slotId'] },
    moveSlotBooking: { slotId: named['slotId'] },
    createPersonDocument: { fileId: named['fileId'] },
    createDocument: { fileId: named['fileId'], scope: { kind: 'group', id: groupId } },
    addEdition: { fileId: named['fileId'] },
    addPhoto: { fileId: named['uploadedId'], personIds: [child.id], groupId, takenOn: TODAY },
    changePhoto: { personIds: [child.id] },
    beginThread: { guardianIds: [who.parent.personId, who.informed.personId], draftId: undefined, text: 'Hei' },
    'beginThread guardian': { guardianIds: undefined, draftId: undefined, text: 'Hei', withTeam: true },
    'beginThread member': { guardianIds: undefined, draftId: undefined, text: 'Hei', withTeam: true },
    reply: { draftId: undefined, inReplyTo: undefined, text: 'Takk' },
    editMessage: { text: 'Hei igjen' },
    markRead: { messageId: named['messageId'] },
    addParticipant: { personId: who.leader.personId },
    searchMessages: { text: 'Hei', childId: undefined },
    createDraft: { childId: undefined, threadId: undefined },
    changeDraft: { childId: undefined, threadId: undefined },
    setOutOfOffice: { from: TODAY, until: TODAY },
    announce: { to: { kind: 'group', id: groupId } },
    expectArrival: { from: '08:00', until: '16:00' },
    stampTimeClock: { stamp: 'in', at: undefined, customerId: undefined, position: undefined },
    correctHours: { entryId: undefined, isWithdrawn: undefined, customerId: undefined },
    checkInOnSite: { do: 'in', position: undefined },
    correctStay: { withdrawn: true, checkedInAt: undefined, checkedOutAt: undefined },
    addLogEntries: { personIds: [child.id], content: aNote },
    changeLogEntry: { content: aNote },
  };
}
const openDay = {
  from: '2026-12-01T10:00:00.000Z',
  until: '2026-12-01T12:00:00.000Z',
  signUpUntil: '2026-11-30T10:00:00.000Z',
};
const noTimes = {
  description: undefined,
  place: undefined,
  bring: undefined,
  when: undefined,
  rule: undefined,
  invitation: undefined,
};
const anEvent = {
  rule: undefined,
  when: { kind: 'all-day', from: '2026-12-04', until: '2026-12-04' },
  invitation: { asks: 'guardians', answersCloseDaysBefore: 1 },
};
const noContact = { email: undefined, address: undefined, postcode: undefined, position: undefined };
const aNote = { kind: 'note', text: 'Lekte ute' };

/** Made in this order by whoever may: later ones name earlier ones. */
export async function makeObjects(mounted: Mounted, routes: ReadonlyMap<string, Route>, cast: Cast): Promise<Named> {
  const { organisationId, groupId, departmentId, child, who, change } = cast;
  const named: Named = {
    organisationId,
    groupId,
    departmentId,
    personId: child.id,
    guardianId: who.parent.personId,
    otherId: who.blocked.personId,
    roleId: who.staff.role,
    from: '2026-08-03',
    day: TODAY,
    stayId: '1',
    leafIndex: '0',
    version: '1',
    week: '2026-W48',
    exportId: anId('exp'),
    alarmId: anId('alm'),
    safetyDeviceId: anId('sdv'),
    geofenceId: anId('gfc'),
    receiverId: anId('per'),
    abuseReportId: anId('abr'),
    chart: 'browsers',
    period: '2026-W46',
    qualificationId: anId('qlf'),
    siteId: anId('sit'),
    siteEntryId: anId('ste'),
    customerId: anId('cus'),
    ticketId: anId('tck'),
    chatId: anId('cht'),
    correctionId: anId('cor'),
    enquiryId: anId('enq'),
    openEventId: anId('opn'),
    signUpId: anId('sgn'),
    subscriptionId: anId('sub'),
    invoiceId: anId('ivc'),
    serviceClientId: anId('scl'),
    webhookId: anId('whk'),
    month: '2026-10',
    accountId: anId('acc'),
    accessGrantId: anId('gnt'),
    'answerEvent.day': '2026-12-04',
    'listAnswers.day': '2026-12-04',
  };
  const made = async (id: string, caller: SignedIn, body: object = {}) => {
    const answer = await ask(mounted, [id, routes.get(id)!], caller, named, { ...bodiesFor(cast, named)[id], ...body });
    if (answer.status >= 300) throw new Error(`${id}: ${JSON.stringify(answer)}`);
    return answer.body as {
      readonly id: string;
      readonly items: readonly { readonly id: string }[];
      readonly fileId: string;
    };
  };
  const owner = organisationOwner(organisationId);
  /** What only the operator, or somebody without a role, would make. */
  const laid = (entity: EntityDeclaration, key: string, more: object) => {
    const value = { ...(exampleFor(entity.schema) as object), ...more };
    return change().put({ entity, owner, key }, value, 'new').commit();
  };
  await laid(joinRequestEntity, named['accountId']!, { accountId: named['accountId'] });
  await laid(accessGrantEntity, named['accessGrantId']!, { id: named['accessGrantId'], organisationId });
  const { administrator, privacyOfficer, staff } = who;
  named['breachId'] = (await made('recordBreach', privacyOfficer)).id;
  named['disclosureId'] = (await made('recordDisclosure', privacyOfficer)).id;
  named['purposeId'] = (await made('declareConsentPurpose', administrator)).id;
  named['requestId'] = (await made('registerRequest', administrator)).id;
  named['holdId'] = (await made('putHold', privacyOfficer)).id;
  named['importId'] = JSON.stringify(await made('createImport', administrator)).match(/imp_[0-9a-z]{26}/)?.[0] ?? '';
  named['downloadOrganisationExport.exportId'] = (await made('exportOrganisation', administrator)).id;
  named['downloadActivityExport.exportId'] = (await made('orderActivityExport', privacyOfficer)).id;
  await made('putPicture', administrator);
  await made('checkIn', staff);
  const { items } = await made('addLogEntries', staff);
  named['entryId'] = items[0]!.id;
  named['closureId'] = (await made('addClosure', administrator)).id;
  await made('renewOrganisationCode', administrator);
  named['getUpload.fileId'] = (await made('beginUpload', staff)).fileId;
  named['fileId'] = await aCheckedUpload(cast);
  named['documentId'] = (await made('createPersonDocument', staff)).id;
  await made('publishDocument', staff);
  const begun = JSON.stringify(await made('beginThread', staff));
  named['threadId'] = begun.match(/thr_[0-9a-z]{26}/)?.[0] ?? '';
  named['eventId'] = (await made('createEvent', staff)).id;
  named['draftId'] = (await made('createDraft', who.parent)).id;
  named['announcementId'] = (await made('announce', staff)).id;
  const offer = await made('createSlotOffer', staff);
  named['slotOfferId'] = offer.id;
  named['slotId'] = JSON.stringify(offer).match(/slt_[0-9a-z]{26}/)?.[0] ?? '';
  await made('bookSlot', who.parent);
  named['jobId'] = (await made('createDistributionJob', administrator)).id;
  named['surveyId'] = (await made('createSurvey', administrator)).id;
  named['participantId'] = who.parent.personId;
  named['uploadedId'] = await aCheckedUpload(cast);
  named['messageId'] = (await made('listMessages', staff)).items[0]!.id;
  named['photoId'] = await aPhoto(cast);

  const seen = await made('listActivity', privacyOfficer);
  named['getActivityProof.eventId'] = seen.items[0]!.id;
  return named;
}
