import type { AlarmId, PersonId } from '../../lambdas/http/ids.ts';
import { linkTokenIn, serviceTime, waitForMail, waitForPhoneMessage } from '../client/mailbox.ts';
import { enrolledDevice, type SafetyDevice } from '../client/safety-device.ts';
import type { Api } from '../client/visitor.ts';
import type { Customer, House, InRole } from './house.ts';
import { moveClock, refusal, until } from './playing.ts';
import { chapter, indented, said, step } from './telling.ts';

interface Night {
  readonly house: House;
  readonly customer: Customer;
  readonly recipient: InRole & { readonly id: PersonId };
  readonly carer: InRole & { readonly id: PersonId };
  readonly relative: InRole & { readonly id: PersonId };
}

interface Raised {
  readonly alarmId: AlarmId;
  /** When, by the service's clock. */
  readonly since: string;
}

const CARER_PHONE = '+4790500001';
const RELATIVE_PHONE = '+4790500002';

/** Somebody presses the button of their alarm at night, and the first one called does not wake. */
export async function aNightAlarm(house: House, platform: Api): Promise<void> {
  chapter('A night alarm');
  const customer = await house.customer(platform, {
    name: 'Trygg hjemme',
    profile: 'safety',
    companyName: 'Trygg hjemme kommunale foretak',
    organisationNumber: '964338531',
    postalAddress: { street: 'Rådhusplassen 1', postcode: '7013', city: 'Trondheim' },
    administrator: {
      firstName: 'Marit',
      lastName: 'Moe',
      email: 'marit@trygghjemme.example.no',
      phone: '+4773000000',
      title: 'head',
    },
  });
  await house.agree(customer);
  const night = await thePeople(house, customer);
  const device = await theDevice(night);
  const raised = await nobodyWakes(night, device);
  await theAnswer(night, raised);
  await whoLooked(night);
}

async function thePeople(house: House, customer: Customer): Promise<Night> {
  const { api, organisationId } = customer;
  const params = { organisationId };
  const person = async (
    kind: 'member' | 'guardian' | 'staff',
    named: { firstName: string; lastName: string; email: string; phone?: string },
  ) => (await api.createPerson({ params, body: { kind, language: 'nb', ...named } })).body.id;

  const aud = { firstName: 'Aud', lastName: 'Lie', email: 'aud.lie@example.no' };
  const kim = { firstName: 'Kim', lastName: 'Aas', email: 'kim@trygghjemme.example.no', phone: CARER_PHONE };
  const nils = { firstName: 'Nils', lastName: 'Lie', email: 'nils.lie@example.no', phone: RELATIVE_PHONE };
  const audId = await person('member', aud);
  const kimId = await person('staff', kim);
  const nilsId = await person('guardian', nils);
  await api.linkGuardian({
    params: { ...params, personId: audId },
    body: {
      guardianId: nilsId,
      relation: 'other',
      rights: 'information-only',
      livesWith: false,
      from: (await serviceTime(house.endpoints.mailbox)).toISOString().slice(0, 10),
    },
  });
  const recipient = await house.join(customer, 'safety', { id: audId, email: aud.email });
  said('Under this profile the basis is consent (SM-07): Aud gave it when her account was made, and may withdraw it.');
  const carer = await house.join(customer, 'safety', { id: kimId, email: kim.email }, { role: 'staff' });
  const relative = await house.join(customer, 'safety', { id: nilsId, email: nils.email });
  for (const [place, personId] of [kimId, nilsId].entries()) {
    await api.addReceiver({
      params: { ...params, personId: audId },
      body: { personId, rights: 'both', channels: ['sms', 'email'], place: place + 1 },
    });
  }
  step('Kim, a carer, is told first when Aud calls; her son Nils is the second.');
  return {
    house,
    customer,
    recipient: { ...recipient, id: audId },
    carer: { ...carer, id: kimId },
    relative: { ...relative, id: nilsId },
  };
}

async function theDevice({ house, customer, recipient }: Night): Promise<SafetyDevice> {
  const { body: registered } = await customer.api.registerSafetyDevice({
    params: { organisationId: customer.organisationId, personId: recipient.id },
    body: { kind: 'pendant', label: 'Smykke', selfCheckMinutes: 720 },
  });
  const ahead = (await serviceTime(house.endpoints.mailbox)).getTime() - Date.now();
  const device = await enrolledDevice(house.endpoints, registered.enrolment.code, () => new Date(Date.now() + ahead));
  step(
    `Aud gets a pendant. It makes an Ed25519 key of its own and gives the public half with the code ${registered.enrolment.code.slice(0, 4)}…; from now on it signs whatever it sends (RFC 9421).`,
  );
  return device;
}

async function nobodyWakes({ house, customer, recipient, carer }: Night, device: SafetyDevice): Promise<Raised> {
  const params = { organisationId: customer.organisationId };
  const position = { latitude: 63.4305, longitude: 10.3951, accuracyMetres: 12, source: 'satellite' } as const;
  await device.send([device.event({ kind: 'position', position })]);
  // An earlier run may have left the same words in the same boxes.
  const since = (await serviceTime(house.endpoints.mailbox)).toISOString();
  const isNew = ({ sentAt }: { readonly sentAt: string }) => sentAt >= since;
  const pressed = await device.send([device.event({ kind: 'alarm', position, batteryPercent: 64 })]);
  if (!pressed.ok) throw new Error(`The pendant was not heard: ${pressed.status}`);
  const first = await waitForPhoneMessage(house.endpoints.mailbox, CARER_PHONE, isNew);
  step(
    `At night she presses the button. Kim’s phone: “${first.text}”. It says nothing of Aud: it has passed others’ hands.`,
  );
  const working = await carer.again();
  const open = await until(async () => (await working.listOpenAlarms({ params, query: { limit: 20 } })).body.items[0]);
  await moveClock(house.endpoints, 'PT3M');
  const second = await waitForPhoneMessage(house.endpoints.mailbox, RELATIVE_PHONE, isNew);
  step(`Kim sleeps. Three minutes later the alarm goes on to Nils: “${second.text}”.`);
  indented(
    `(${open.firstName} ${open.lastName}: ${open.kind}, ${open.state}, as the board of open alarms shows it to those who work there)`,
  );
  if (open.personId !== recipient.id) throw new Error('The alarm is about somebody else');
  return { alarmId: open.id, since };
}

async function theAnswer(
  { house, customer, recipient, carer, relative }: Night,
  { alarmId, since }: Raised,
): Promise<void> {
  const params = { organisationId: customer.organisationId, personId: recipient.id, alarmId };
  const mail = await waitForMail(
    house.endpoints.mailbox,
    relative.visitor.credentials.email,
    ({ text, sentAt }) => text.includes('Jeg tar alarmen') && sentAt >= since,
  );
  const url = `${house.endpoints.api}/l/${linkTokenIn(mail)}`;
  await fetch(url, { headers: { accept: 'text/html' } });
  const { body: untouched } = await (await carer.again()).getAlarm({ params });
  await fetch(url, { method: 'POST', headers: { accept: 'text/html' } });
  const { body: taken } = await carer.api.getAlarm({ params });
  step(
    `Nils opens the link of his mail (still ${untouched.state}: looking changes nothing) and presses “Jeg tar alarmen”: ${taken.state}.`,
  );
  const late = await refusal(() => carer.api.answerAlarm({ params, body: { state: 'acknowledged' } }));
  step(`Kim wakes and takes it as well: ${late}. One of them has it, and the other knows.`);
  const unexplained = await refusal(() => carer.api.lookAtPositions({ params, body: {} }));
  const { body: seen } = await carer.api.lookAtPositions({ params, body: { reason: 'alarm' } });
  const { latitude, longitude, accuracyMetres } = seen.items[0]!.position;
  step(
    `She looks where Aud is. Without a reason: ${unexplained}. With one: ${latitude}, ${longitude}, within ${accuracyMetres} m.`,
  );
  const { body: over } = await carer.api.answerAlarm({ params, body: { state: 'resolved', outcome: 'helped' } });
  step('Aud is helped. The alarm’s history:');
  for (const { at, what } of over.history) indented(`${at.slice(11, 19)}  ${what}`);
}

async function whoLooked({ customer, recipient }: Night): Promise<void> {
  const params = { organisationId: customer.organisationId, personId: recipient.id };
  const own = await recipient.again();
  const { body: views } = await own.listViews({ params, query: { limit: 50 } });
  step('In the morning Aud sees who has looked at what about her:');
  for (const { sentence } of views.items.slice(0, 6)) indented(sentence);
}
