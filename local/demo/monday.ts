import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import type { ConsentPurposeId, GroupId, OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { dayIn, daysAfter, daysOfWeek, weekOf } from '../../lambdas/platform/calendar.ts';
import { serviceTime, waitForMail } from '../client/mailbox.ts';
import type { Api, Visitor } from '../client/visitor.ts';
import type { Endpoints } from '../endpoints.ts';
import { moveClock, refusal, until } from './playing.ts';
import { chapter, indented, said, step } from './telling.ts';

interface Cast {
  readonly endpoints: Endpoints;
  readonly stateDir: string;
  readonly organisationId: OrganisationId;
  readonly child: { readonly id: PersonId };
  readonly parent: Visitor;
  readonly staff: { readonly api: Api; readonly groupId: GroupId; readonly visitor: Visitor };
  asLeader(): Promise<Api>;
}

const ZONE = 'Europe/Oslo';
const OPEN_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
/** One white pixel: a photo small enough to be read here. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII=';

/** What a family comes back for every day: the week, the calendar, the child's log, messages, documents. */
export async function aMonday(cast: Cast): Promise<void> {
  chapter('A parent’s Monday morning');
  const { endpoints, organisationId, parent } = cast;
  const today = dayIn(ZONE, await serviceTime(endpoints.mailbox));
  const monday = daysOfWeek(weekOf(daysAfter(today, 7)))![0]!;
  const role = (await parent.api.getMe()).body.roles.find((held) => held.organisationId === organisationId)!;
  const father = parent.as(role.id as RoleId);

  await theKindergartensWeek(cast, monday);
  await theFamilysWeek(cast, father, monday);
  await aConversationHour(cast, father, monday);
  await aDayInTheLog(cast, father);
  await aMessage(cast, father);
  await aDocument(cast, father);
  await theEvening(cast);
  await parent.signInAgain();
  await whoHasLooked(cast, father);
}

async function theKindergartensWeek({ organisationId, staff, asLeader }: Cast, monday: string): Promise<void> {
  const leader = await asLeader();
  const params = { organisationId };
  const { body: rules, version } = await readRules(leader, organisationId);
  const { version: _, ...kept } = rules;
  await leader.setReservationRules({
    params,
    ifMatch: version,
    body: {
      ...kept,
      openWeekdays: [...OPEN_DAYS],
      closedOnPublicHolidays: true,
      weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' },
    },
  });
  step('Sandra sets the rules: open Monday to Friday, and the coming week is settled by Thursday 12:00.');
  const wednesday = daysAfter(monday, 2);
  const { body: trip } = await staff.api.createEvent({
    params,
    body: {
      title: 'Tur til Bragernesåsen',
      bring: ['regntøy', 'matpakke'],
      when: { kind: 'timed', from: `${wednesday}T09:30`, until: `${wednesday}T14:00` },
      scope: { kind: 'group', id: staff.groupId },
      invitation: { asks: 'guardians', answersCloseDaysBefore: 1 },
    },
  });
  const { body: gym } = await staff.api.createEvent({
    params,
    body: {
      title: 'Gymsal',
      bring: ['gymtøy'],
      when: { kind: 'timed', from: `${daysAfter(monday, 1)}T10:00`, until: `${daysAfter(monday, 1)}T11:00` },
      rule: 'FREQ=WEEKLY;COUNT=10',
      scope: { kind: 'group', id: staff.groupId },
    },
  });
  step(`Aurora plans the trip on ${trip.when.from.slice(0, 10)}, and the gym every Tuesday (${gym.rule}).`);
}

/** The rules in force, with the version that a change is made against. */
async function readRules(api: Api, organisationId: OrganisationId) {
  const { body } = await api.getReservationRules({ params: { organisationId } });
  return { body, version: body.version };
}

async function theFamilysWeek(
  { stateDir, organisationId, child, parent }: Cast,
  father: Api,
  monday: string,
): Promise<void> {
  const params = { organisationId, personId: child.id };
  const week = weekOf(daysAfter(monday, 7));
  const { body: empty } = await father.getReservations({ params: { ...params, week } });
  await father.setReservations({
    params: { ...params, week },
    ifMatch: empty.version,
    body: {
      days: daysOfWeek(week)!
        .slice(0, 5)
        .map((day) => ({ day, from: '08:00', until: '16:00' })),
    },
  });
  const next = weekOf(daysAfter(monday, 14));
  await father.copyWeek({ params: { ...params, week }, body: { into: [next] } });
  step(`Henrik says when Emil comes in ${week}, and copies that to ${next}.`);
  const settled = weekOf(daysAfter(empty.nextOpenDay!, -7));
  const { body: before } = await father.getReservations({ params: { ...params, week: settled } });
  const friday = { day: daysOfWeek(settled)![4]!, from: '07:00' };
  const late = await refusal(() =>
    father.setReservations({
      params: { ...params, week: settled },
      ifMatch: before.version,
      body: { days: [friday] },
    }),
  );
  step(`${settled} is settled already: ${late}; the next day that is open is ${before.nextOpenDay}.`);

  const { body: link } = await parent.api.makeWeekLink({ body: { week: weekOf(monday) } });
  const page = await (await fetch(link.url)).text();
  const file = join(stateDir, 'the-week.html');
  writeFileSync(file, page);
  step(`He opens the page of ${weekOf(monday)} by a link of three minutes, and prints it on one sheet (${file}).`);
  for (const what of ['regntøy', 'gymtøy']) indented(`${what}: ${page.includes(what) ? 'on the page' : 'missing'}`);

  await parent.signInAgain();
  const { body: feed } = await parent.api.createCalendarFeed({ body: { name: 'Telefonen', level: 'initials' } });
  const calendar = await (await fetch(feed.address)).text();
  const summaries = calendar.split('\r\n').filter((line) => line.startsWith('SUMMARY'));
  step(`His phone follows the calendar at a private address: ${summaries.length} entries, no child by name:`);
  for (const line of summaries.slice(0, 3)) indented(line);
  await parent.api.deleteCalendarFeed({ params: { feedId: feed.id } });
  step(`He takes the address back: ${(await fetch(feed.address)).status}.`);
}

async function aConversationHour(
  { endpoints, organisationId, child, staff }: Cast,
  father: Api,
  monday: string,
): Promise<void> {
  const params = { organisationId, groupId: staff.groupId };
  const day = daysAfter(monday, 10);
  const { body: offer } = await staff.api.createSlotOffer({
    params,
    body: {
      title: 'Foreldresamtale',
      from: `${day}T15:00`,
      minutes: 30,
      pauseMinutes: 10,
      count: 4,
      openUntil: new Date((await serviceTime(endpoints.mailbox)).getTime() + 4 * 86_400_000).toISOString(),
    },
  });
  const ofChild = { organisationId, personId: child.id };
  const [slot] = offer.slots;
  await father.bookSlot({ params: ofChild, body: { slotOfferId: offer.id, slotId: slot!.id } });
  const twice = await refusal(() =>
    father.bookSlot({ params: ofChild, body: { slotOfferId: offer.id, slotId: offer.slots[1]!.id } }),
  );
  step(
    `Aurora offers ${offer.slots.length} conversations; Henrik books ${slot!.from}. A second one for Emil: ${twice}.`,
  );
}

async function aDayInTheLog(cast: Cast, father: Api): Promise<void> {
  const { endpoints, organisationId, child, parent, staff, asLeader } = cast;
  const params = { organisationId };
  const personIds = [child.id];
  await staff.api.addLogEntries({
    params,
    body: { personIds, content: { kind: 'meal', meal: 'lunch', eaten: 'most' } },
  });
  await staff.api.addLogEntries({
    params,
    body: { personIds, content: { kind: 'note', text: 'Bygde en lang togbane sammen med de andre.' } },
  });
  const health = await refusal(() =>
    staff.api.addLogEntries({
      params,
      body: { personIds, content: { kind: 'medicine', medicine: 'Zyrtec', dose: '5 ml' } },
    }),
  ).catch(() => 'taken, because a kindergarten holds it for care');
  step(`Aurora writes in Emil’s log: lunch, a note. Medicine, which is health (Art. 9): ${health}.`);

  const purposeId = await purposeOfPictures(await asLeader(), organisationId);
  const fileId = await uploaded(cast, staff.api, 'togbane.png', 'image/png', Buffer.from(PIXEL, 'base64'));
  const photo = { fileId, personIds, groupId: staff.groupId, caption: 'Togbanen' };
  const unconsented = await refusal(() => staff.api.addPhoto({ params, body: photo }));
  step(`She adds a photo of him before anybody has consented: ${unconsented}.`);
  const consentId = await consentTo(parent, organisationId, child.id, purposeId);
  await staff.api.addPhoto({ params, body: photo });
  step('Henrik consents to pictures inside; now the photo is taken up.');
  const today = dayIn(ZONE, await serviceTime(endpoints.mailbox));
  const photos = async () =>
    (await father.listPhotos({ params: { organisationId, personId: child.id }, query: { from: today, to: today } }))
      .body.items.length;
  const seen = await photos();
  await parent.api.withdrawConsent({ params: { consentId } });
  step(`He sees ${seen}; after he has withdrawn the consent nobody sees any: ${await photos()}.`);
}

/** The day's summary comes by itself. */
async function theEvening({ endpoints, parent }: Cast): Promise<void> {
  const since = (await serviceTime(endpoints.mailbox)).toISOString();
  await moveClock(endpoints, `PT${await minutesUntilEvening(endpoints)}M`);
  const mail = await waitForMail(
    endpoints.mailbox,
    parent.credentials.email,
    ({ sentAt, subject }) => sentAt >= since && subject === 'Dagen i dag',
  );
  step(`In the afternoon he gets a summary that tells nothing of it in the mail itself, "${mail.subject}":`);
  for (const line of mail.text.trim().split('\n').slice(0, 4)) indented(line);
}

/** Until a quarter of an hour after the summary's hour, when the clock has come by. */
async function minutesUntilEvening({ mailbox }: Endpoints): Promise<number> {
  const now = await serviceTime(mailbox);
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat('nb', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })
    .format(now)
    .split(/[.:]/)
    .map(Number);
  const left = 17 * 60 - (hour * 60 + minute);
  // Once it is later, the next quarter of an hour brings it.
  return Math.max(left, 16);
}

async function purposeOfPictures(leader: Api, organisationId: OrganisationId): Promise<ConsentPurposeId> {
  const { body } = await leader.listConsentPurposes({ params: { organisationId } });
  const known = body.items.find(({ code }) => code === 'pictures-inside');
  if (known) return known.id;
  const { body: made } = await leader.declareConsentPurpose({
    params: { organisationId },
    body: { code: 'pictures-inside' },
  });
  return made.id;
}

async function consentTo(
  parent: Visitor,
  organisationId: OrganisationId,
  personId: PersonId,
  purposeId: ConsentPurposeId,
) {
  const { body } = await parent.api.listMyConsents();
  const asked = body.items.find((one) => one.purposeId === purposeId && one.personId === personId);
  if (!asked) throw new Error('Nobody asks for this consent');
  const { textVersion, statementVersion } = asked;
  const { body: given } = await parent.api.giveConsent({
    body: { organisationId, personId, purposeId: asked.purposeId, textVersion, statementVersion },
  });
  return given.consentId!;
}

/** Through the quarantine, until it has been looked at. */
async function uploaded(
  { organisationId }: Cast,
  api: Api,
  name: string,
  contentType: 'image/png' | 'application/pdf',
  content: Uint8Array,
) {
  const { body } = await api.beginUpload({
    params: { organisationId },
    body: { name, contentType, bytes: content.length },
  });
  const form = new FormData();
  for (const [field, value] of Object.entries(body.upload.fields)) form.set(field, value);
  form.set('file', new Blob([content], { type: contentType }), name);
  const sent = await fetch(body.upload.url, { method: 'POST', body: form });
  if (!sent.ok) throw new Error(`The upload was refused: ${sent.status}`);
  const { state } = await until(async () => {
    const { body: upload } = await api.getUpload({ params: { organisationId, fileId: body.fileId } });
    return upload.state === 'awaiting' ? undefined : upload;
  });
  if (state !== 'checked') throw new Error(`The file was ${state}`);
  return body.fileId;
}

async function aMessage({ endpoints, organisationId, child, parent, staff }: Cast, father: Api): Promise<void> {
  const params = { organisationId, personId: child.id };
  const since = (await serviceTime(endpoints.mailbox)).toISOString();
  const { body: begun } = await staff.api.beginThread({
    params,
    body: { subject: 'Skiftetøy', text: 'Hei! Emil trenger et nytt sett skiftetøy i hylla.' },
  });
  const mail = await waitForMail(
    endpoints.mailbox,
    parent.credentials.email,
    ({ sentAt, subject }) => sentAt >= since && subject === 'En melding venter på deg',
  );
  step(
    `Aurora writes to Emil’s guardians: ${begun.items.length} conversation(s), one for each home. The mail, "${mail.subject}", holds none of it.`,
  );
  const { body: threads } = await father.listThreads({ params: { organisationId }, query: {} });
  const threadId = threads.items[0]!.id;
  await father.reply({ params: { ...params, threadId }, body: { text: 'Takk, det kommer i morgen!' } });
  const { body: answers } = await staff.api.listMessages({
    params: { ...params, threadId: begun.items[0]!.id },
    query: {},
  });
  step(`Henrik answers; Aurora reads: “${answers.items[0]!.text}”`);
}

async function aDocument(cast: Cast, father: Api): Promise<void> {
  const { organisationId, child, staff } = cast;
  const plan = await PDFDocument.create();
  plan.addPage().drawText('Tilvenningsplan', { x: 50, y: 700 });
  const pdf = await plan.save();
  const fileId = await uploaded(cast, staff.api, 'Tilvenningsplan.pdf', 'application/pdf', pdf);
  const { body: document } = await staff.api.createPersonDocument({
    params: { organisationId, personId: child.id },
    body: { fileId, kind: 'plan', title: 'Tilvenningsplan', visibleTo: 'guardians', receipt: 'opening' },
  });
  await staff.api.publishDocument({
    params: { organisationId, documentId: document.id },
    ifMatch: document.version,
  });
  const { body: download } = await father.downloadFile({ params: { organisationId, fileId } });
  const read = Buffer.from(await (await fetch(download.url)).arrayBuffer());
  const { body: receipts } = await staff.api.listDocumentReceipts({
    params: { organisationId, documentId: document.id },
    query: {},
  });
  step(
    `Aurora publishes a plan for Emil; Henrik opens it (${read.length} bytes, ${read.equals(pdf) ? 'as it was sent' : 'changed'}), and she sees that: ${receipts.items.filter((reader) => reader.opened).length} of ${receipts.items.length} have read it.`,
  );
}

async function whoHasLooked({ organisationId, child }: Cast, father: Api): Promise<void> {
  const { body } = await father.listViews({ params: { organisationId, personId: child.id }, query: { limit: 100 } });
  const others = body.items.filter(({ by }) => by.kind !== 'you');
  step(`Who has looked at Emil? Beside Henrik's own ${body.items.length - others.length} looks:`);
  for (const { day, sentence } of others.slice(0, 6)) indented(`${day}  ${sentence}`);
  said('No other service tells a parent this.');
}
