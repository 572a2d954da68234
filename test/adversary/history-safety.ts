import type { AlarmId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { enrolledDevice } from '../../local/client/safety-device.ts';
import {
  coordinates,
  dayIn as dayBetween,
  digits,
  emailOf,
  nameOf,
  type PlacedCanary,
  phoneOf,
  street,
  text,
} from './coinage.ts';
import { type Customer, comeIn, employ, type Inhabitant, openCustomer } from './customer.ts';
import type { Sink } from './evidence.ts';
import { eventually, type Stage } from './history.ts';
import type { Lived, Play } from './prove-profile.ts';

type Household = ReturnType<typeof aHousehold>;

/** A service recipient with a device, and the relative who is called. */
function aHousehold() {
  const sealed: readonly Sink[] = ['core table', 'backup bucket'];
  const addressed: readonly Sink[] = [...sealed, 'lookup table', 'cognito'];
  const passing: readonly Sink[] = ['transient table'];
  const [home, onTheWay, fallen] = [coordinates(), coordinates(), coordinates()];
  const canaries = {
    firstName: { name: "the recipient's first name", value: nameOf(), sinks: sealed },
    lastName: { name: "the recipient's last name", value: nameOf(), sinks: sealed },
    email: { name: "the recipient's e-mail address", value: emailOf(), sinks: addressed },
    phone: { name: "the recipient's telephone number", value: phoneOf(), sinks: sealed },
    address: { name: "the recipient's address", value: street(), sinks: sealed },
    birthDate: { name: "the recipient's date of birth", value: dayBetween(1931, 1949), sinks: sealed },
    note: { name: 'a note about the recipient', value: text('Går gjerne tur'), sinks: sealed },
    deviceToken: {
      name: "the recipient's telephone, as Apple knows it",
      value: digits(64),
      sinks: ['phones’ addresses'],
    },
    label: { name: 'what a device is called', value: text('Smykket ved'), sinks: sealed },
    fence: { name: 'what a geofence is called', value: text('Rundt'), sinks: sealed },
    fenceLatitude: { name: 'where a geofence is (latitude)', value: String(home.latitude), sinks: sealed },
    positionLatitude: { name: 'a position (latitude)', value: String(onTheWay.latitude), sinks: passing },
    positionLongitude: { name: 'a position (longitude)', value: String(onTheWay.longitude), sinks: passing },
    fallLatitude: { name: 'where a fall was (latitude)', value: String(fallen.latitude), sinks: passing },
    message: { name: 'a message about the recipient', value: text('Vi kommer innom'), sinks: sealed },
    relativeFirstName: { name: "the relative's first name", value: nameOf(), sinks: sealed },
    relativeLastName: { name: "the relative's last name", value: nameOf(), sinks: sealed },
    relativeEmail: { name: "the relative's e-mail address", value: emailOf(), sinks: [...addressed, 'delivered mail'] },
    relativePhone: {
      name: "the relative's telephone number",
      value: phoneOf(),
      sinks: [...sealed, 'delivered to phones'],
    },
    relativeNote: { name: 'a note about the relative', value: text('Har nøkkel til'), sinks: sealed },
    report: { name: 'why a message was reported', value: text('Dette er ikke'), sinks: sealed },
  } satisfies Record<string, PlacedCanary>;
  return { canaries, all: Object.values(canaries) as readonly PlacedCanary[], home, onTheWay, fallen };
}

interface Inside {
  readonly lived: Lived;
  readonly people: readonly [recipient: Inhabitant, relative: Inhabitant];
  readonly alarmId: AlarmId;
}

/** Two service recipients with a device each, a geofence and a relative; both fall, and it is told and escalated. */
export const playSafety: Play = async (stage, photograph) => {
  const customer = await openCustomer(stage, 'safety');
  const carer = await employ(stage, customer, 'staff');
  const leader = await employ(stage, customer, 'leader');
  const inside: Inside[] = [];
  for (const household of [aHousehold(), aHousehold()]) {
    const people = await theHousehold(stage, customer, household);
    const [recipient, relative] = people;
    await photograph();
    const alarmId = await watchedOver(stage, customer, household, { recipient, relative, carer });
    await photograph();
    await writtenTo(customer, household, { recipient, relative, leader });
    await photograph();
    const subjects = people.flatMap((each) => each.subjects);
    inside.push({ lived: { canaries: household.all, subjects }, people, alarmId });
  }
  const [leaving, staying] = inside;
  // The one who goes still waits for an answer: what would come next must come to nothing.
  await helped(customer, staying!, carer);
  return {
    leaving: leaving!.lived,
    staying: staying!.lived,
    async erase() {
      for (const inhabitant of leaving!.people) await withdraw(inhabitant);
      return [];
    },
    terms: [],
    fills: ['one-off schedules'],
  };
};

/** The consent to the account carries everything (SM-07, SM-11): nobody has to approve. */
async function withdraw({ visitor, personId }: Inhabitant): Promise<void> {
  await visitor.signInAgain();
  const { body: consents } = await visitor.api.listMyConsents();
  const given = consents.items.find(({ personId: whose, mayWithdraw }) => whose === personId && mayWithdraw);
  if (!given?.consentId) throw new Error('There is no consent to withdraw');
  await visitor.api.withdrawConsent({ params: { consentId: given.consentId } });
}

async function theHousehold(
  stage: Stage,
  customer: Customer,
  { canaries: of }: Household,
): Promise<readonly [recipient: Inhabitant, relative: Inhabitant]> {
  const { organisationId, administrator } = customer;
  const params = { organisationId };
  const api = await administrator.again();
  const { body: recipient } = await api.createPerson({
    params,
    body: {
      kind: 'member',
      firstName: of.firstName.value,
      lastName: of.lastName.value,
      email: of.email.value,
      phone: of.phone.value,
      address: of.address.value,
      birthDate: of.birthDate.value,
      note: of.note.value,
    },
  });
  const { body: relative } = await api.createPerson({
    params,
    body: {
      kind: 'guardian',
      firstName: of.relativeFirstName.value,
      lastName: of.relativeLastName.value,
      email: of.relativeEmail.value,
      phone: of.relativePhone.value,
      note: of.relativeNote.value,
    },
  });
  await api.linkGuardian({
    params: { ...params, personId: recipient.id },
    body: {
      guardianId: relative.id,
      relation: 'other',
      rights: 'information-only',
      livesWith: false,
      from: dayIn('Europe/Oslo', new Date()),
    },
  });
  const inside = await comeIn(stage, customer, { personId: recipient.id, email: of.email.value });
  await inside.visitor.api.registerDevice({ body: { platform: 'apple', token: of.deviceToken.value } });
  return [inside, await comeIn(stage, customer, { personId: relative.id, email: of.relativeEmail.value })];
}

interface Watching {
  readonly recipient: Inhabitant;
  readonly relative: Inhabitant;
  readonly carer: Inhabitant;
}

/** A device, a geofence, a chain that waits longer than a queue can, a fall; somebody looks where it was. */
async function watchedOver(
  { endpoints }: Stage,
  { organisationId, administrator }: Customer,
  { canaries: of, home, onTheWay, fallen }: Household,
  { recipient, relative, carer }: Watching,
): Promise<AlarmId> {
  const params = { organisationId, personId: recipient.personId };
  const api = await administrator.again();
  const { body: registered } = await api.registerSafetyDevice({
    params,
    body: { kind: 'pendant', label: of.label.value, selfCheckMinutes: 720 },
  });
  await api.drawGeofence({
    params,
    body: {
      name: of.fence.value,
      shape: { type: 'circle', centre: home, radiusMetres: 500 },
      alarmOn: 'leave',
    },
  });
  for (const [place, personId] of [relative.personId, carer.personId].entries()) {
    await api.addReceiver({ params, body: { personId, rights: 'both', channels: ['sms', 'email'], place: place + 1 } });
  }
  const { body: configuration } = await api.getPersonAlarmConfiguration({ params });
  await api.putPersonAlarmConfiguration({
    params,
    ifMatch: configuration.version,
    body: {
      chains: [
        {
          kinds: ['fall'],
          steps: [1, 2].map((place) => ({
            to: { kind: 'receiver' as const, place },
            channels: ['sms' as const, 'email' as const],
            waitMinutes: 40,
          })),
        },
      ],
    },
  });
  const device = await enrolledDevice(endpoints, registered.enrolment.code);
  const measured = { accuracyMetres: 9, source: 'satellite' } as const;
  for (const event of [
    device.event({ kind: 'position', position: { ...onTheWay, ...measured } }),
    device.event({ kind: 'fall', position: { ...fallen, ...measured }, batteryPercent: 61 }),
  ]) {
    const sent = await device.send([event]);
    if (!sent.ok) throw new Error(`The device was not heard: ${sent.status}`);
  }
  const working = await carer.again();
  const alarm = await eventually(async () => {
    const { body } = await working.listOpenAlarms({ params: { organisationId }, query: { limit: 20 } });
    return body.items.find(
      (one) => one.personId === recipient.personId && one.kind === 'fall' && one.state === 'notified',
    );
  });
  await working.lookAtPositions({ params, body: { reason: 'alarm' } });
  return alarm.id;
}

async function helped({ organisationId }: Customer, { people: [recipient], alarmId }: Inside, carer: Inhabitant) {
  const answering = await carer.again();
  const params = { organisationId, personId: recipient.personId, alarmId };
  await answering.answerAlarm({ params, body: { state: 'acknowledged' } });
  await answering.answerAlarm({ params, body: { state: 'resolved', outcome: 'helped' } });
}

interface Writing {
  readonly recipient: Inhabitant;
  readonly relative: Inhabitant;
  readonly leader: Inhabitant;
}

/** A conversation about the recipient, a message of which the relative reports. */
async function writtenTo(
  { organisationId }: Customer,
  { canaries: of }: Household,
  { recipient, relative, leader }: Writing,
): Promise<void> {
  const params = { organisationId, personId: recipient.personId };
  const { body: begun } = await (await leader.again()).beginThread({
    params,
    body: { subject: 'Hei', text: of.message.value },
  });
  const [thread] = begun.items;
  const reading = await relative.again();
  const ofThread = { ...params, threadId: thread!.id };
  const { body: messages } = await reading.listMessages({ params: ofThread, query: { limit: 10 } });
  await reading.reportMessage({
    params: { ...ofThread, messageId: messages.items[0]!.id },
    body: { kind: 'other', reason: of.report.value },
  });
}
