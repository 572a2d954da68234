import { randomInt } from 'node:crypto';
import type { CustomerId, PersonId, SiteId, TimesheetId } from '../../lambdas/http/ids.ts';
import { dayIn, daysAfter, weekOf } from '../../lambdas/platform/calendar.ts';
import type { PlacedCanary } from './coinage.ts';
import {
  ascii,
  coordinates,
  dayIn as dayBetween,
  digits,
  emailOf,
  nameOf,
  phoneOf,
  street,
  text,
  word,
} from './coinage.ts';
import { asBrowser, askToBeErased, type Customer, comeIn, employ, type Inhabitant, openCustomer } from './customer.ts';
import type { Sink } from './evidence.ts';
import type { Stage } from './history.ts';
import { fetchOwnCopy } from './own-copy.ts';
import type { Lived, Play } from './prove-profile.ts';

/** A device that had no network. */
const STAMPED_BEFORE_MILLISECONDS = 3 * 60 * 60 * 1000;

type Employee = ReturnType<typeof anEmployee>;

/** A firm, and what it knows of one who works there. */
function anEmployee(today: string) {
  const sealed: readonly Sink[] = ['core table', 'backup bucket'];
  const passing: readonly Sink[] = ['transient table'];
  // Without the day, which others share; short enough to be looked for whole.
  const time = () => `0${randomInt(4, 7)}:${10 + randomInt(50)}:${10 + randomInt(50)}.${100 + randomInt(900)}Z`;
  const lastWeek = daysAfter(today, -7);
  const [atGate, atStampIn, atStampOut] = [coordinates(), coordinates(), coordinates()];
  const hseCardNumber = digits(7);
  const siteList = { sinks: sealed, keptIn: ['site-list'] } as const;
  const canaries = {
    firstName: { name: 'the first name', value: nameOf(), ...siteList },
    lastName: { name: 'the last name', value: nameOf(), ...siteList },
    birthDate: { name: 'the date of birth', value: dayBetween(1931, 1989), ...siteList },
    email: { name: 'the e-mail address', value: emailOf(), sinks: [...sealed, 'lookup table', 'cognito'] },
    phone: { name: 'the telephone number', value: phoneOf(), sinks: sealed },
    address: { name: 'the address', value: street(), sinks: sealed },
    position: { name: 'the position', value: text('Tømrer'), sinks: sealed },
    note: { name: 'a note about the employee', value: text('Kjører helst'), sinks: sealed },
    browser: {
      name: 'the browser',
      value: `Mozilla/5.0 ${ascii(word(12))}/1.0 ${ascii(word(9))}`,
      sinks: passing,
    },
    earlierHours: { name: 'hours that were corrected', value: time(), sinks: sealed },
    hours: { name: 'hours', value: time(), sinks: sealed },
    deviceHours: {
      name: 'what the clock of a device said',
      value: digits(12),
      sinks: sealed,
    },
    stampInLatitude: { name: 'where a stamp was made (latitude)', value: String(atStampIn.latitude), sinks: passing },
    stampOutLongitude: {
      name: 'where a stamp was made (longitude)',
      value: String(atStampOut.longitude),
      sinks: passing,
    },
    qualification: { name: 'a certificate', value: text('Stillaskurs'), sinks: [...sealed, 'downloads bucket'] },
    issuer: { name: 'who gave a certificate', value: text('Kursgården'), sinks: sealed },
    employeeNumber: { name: 'the employee number', value: word(16), sinks: sealed },
    // Seven digits alone would be found by chance: as the record and the list write them.
    hseCard: {
      name: 'the number of the HSE card',
      value: `r":"${hseCardNumber}"`,
      alsoWritten: [`r=${hseCardNumber}`, `>${hseCardNumber}<`],
      ...siteList,
    },
    gateLatitude: { name: 'where a check-in was made (latitude)', value: String(atGate.latitude), ...siteList },
    // Of another firm, and registered nowhere: on the list, and nowhere else.
    guestFirstName: { name: 'the first name of a guest', value: nameOf(), ...siteList },
    guestLastName: { name: 'the last name of a guest', value: nameOf(), ...siteList },
    guestBirthDate: { name: 'the date of birth of a guest', value: dayBetween(1931, 1989), ...siteList },
    request: { name: 'the words of a request', value: text('Jeg lurer på'), sinks: ['rights table', 'backup bucket'] },
    support: { name: 'what was asked of support', value: text('Det virker ikke'), sinks: sealed },
    supportTitle: { name: 'the title of what was asked of support', value: text('Hjelp med'), sinks: sealed },
  } satisfies Record<string, PlacedCanary>;
  return {
    canaries,
    all: Object.values(canaries) as readonly PlacedCanary[],
    lastWeek,
    atGate,
    atStampIn,
    atStampOut,
    hseCardNumber,
  };
}

interface Firm {
  readonly customer: Customer;
  readonly leader: Inhabitant;
  readonly client: CustomerId;
  readonly siteId: SiteId;
  /** Where the code at the gate leads. */
  readonly gate: string;
  readonly today: string;
}

/** A firm of carpenters, two of whom stamp, learn, and stand on the list of a site. */
export const playWorkplace: Play = async (stage, photograph) => {
  const firm = await aFirm(stage);
  const inside: { readonly lived: Lived; readonly at: Inhabitant; readonly timesheetId: TimesheetId }[] = [];
  for (const employee of [anEmployee(firm.today), anEmployee(firm.today)]) {
    const at = await theEmployee(stage, firm, employee);
    await workAndLearn(stage, firm, employee, at);
    await photograph();
    await standOnTheList(firm, employee, at);
    const timesheetId = await beApproved(firm, employee, at.personId);
    await fetchOwnCopy(firm.customer, at, employee.canaries.request.value, photograph);
    await photograph();
    inside.push({ lived: { canaries: employee.all, subjects: at.subjects }, at, timesheetId });
  }
  const [leaving, staying] = inside;
  return {
    leaving: leaving!.lived,
    staying: staying!.lived,
    erase: () => askToBeErased(firm.customer, leaving!.at),
    terms: [
      { retentionClasses: ['site-list'], over: 'P6M', subjects: [firm.siteId] },
      // Three and a half years after 2026; what proves that the law was kept is three years old by then.
      {
        retentionClasses: ['time-sheet', 'consent'],
        over: 'P4Y',
        subjects: inside.map(({ timesheetId }) => timesheetId),
      },
    ],
    fills: [],
  };
};

async function aFirm(stage: Stage): Promise<Firm> {
  const customer = await openCustomer(stage, 'workplace');
  const { organisationId, administrator } = customer;
  const leader = await employ(stage, customer, 'leader');
  const params = { organisationId };
  const today = dayIn('Europe/Oslo', new Date());
  const { body: client } = await administrator.api.createCustomer({ params, body: { name: 'Elvebredden' } });
  const { body: settings } = await administrator.api.getTimeClockSettings({ params });
  await administrator.api.putTimeClockSettings({ params, ifMatch: settings.version, body: { takesPosition: true } });
  const { body: site } = await administrator.api.createSite({
    params,
    body: {
      name: 'Elvebredden 4',
      address: 'Elvebredden 4, 9950 Vardø',
      client: 'Elvebredden Eiendom AS',
      employer: { name: 'Vardø Drift AS', organisationNumber: '974760673' },
      worksFrom: today,
      worksUntil: today,
      takesPosition: true,
    },
  });
  const { body: code } = await administrator.api.makeSiteCode({ params: { ...params, siteId: site.id } });
  return { customer, leader, client: client.id, siteId: site.id, gate: code.url, today };
}

async function theEmployee(stage: Stage, { customer }: Firm, { canaries: of }: Employee): Promise<Inhabitant> {
  const { organisationId, administrator } = customer;
  const { body: person } = await administrator.api.createPerson({
    params: { organisationId },
    body: {
      kind: 'member',
      firstName: of.firstName.value,
      lastName: of.lastName.value,
      birthDate: of.birthDate.value,
      email: of.email.value,
      phone: of.phone.value,
      address: of.address.value,
      position: of.position.value,
      note: of.note.value,
    },
  });
  return comeIn(stage, customer, { personId: person.id, email: of.email.value });
}

/** The time clock with a position and a device's own time, hours that are corrected, what was learnt and agreed. */
async function workAndLearn(stage: Stage, firm: Firm, employee: Employee, inside: Inhabitant): Promise<void> {
  const { canaries: of, lastWeek, atStampIn, atStampOut } = employee;
  const { customer, client } = firm;
  const { organisationId } = customer;
  const { personId, api } = inside;
  const params = { organisationId, personId };
  const accurate = { accuracyMetres: 9 };
  const at = new Date(Date.now() - STAMPED_BEFORE_MILLISECONDS)
    .toISOString()
    .replace(/\d{3}Z$/, `${of.deviceHours.value}+00:00`);
  await api.stampTimeClock({
    params,
    body: { stamp: 'in', at, customerId: client, position: { ...atStampIn, ...accurate } },
  });
  await api.stampTimeClock({ params, body: { stamp: 'out', position: { ...atStampOut, ...accurate } } });
  const endedAt = `${lastWeek}T12:00:00.000Z`;
  const ofDay = { ...params, day: lastWeek };
  const { body: entered } = await api.correctHours({
    params: ofDay,
    body: { reason: 'forgotten', startedAt: `${lastWeek}T${of.earlierHours.value}`, endedAt, breaks: [] },
  });
  await api.correctHours({
    params: ofDay,
    body: {
      reason: 'wrong-time',
      entryId: entered.entries[0]!.id,
      startedAt: `${lastWeek}T${of.hours.value}`,
      endedAt,
      breaks: [],
    },
  });
  await api.addQualification({
    params,
    body: {
      kind: 'course',
      title: of.qualification.value,
      issuer: of.issuer.value,
      expiresOn: daysAfter(firm.today, 60),
    },
  });
  const leader = await firm.leader.again();
  const { body: agreed } = await leader.getWorkingTime({ params });
  await leader.putWorkingTime({
    params,
    ifMatch: agreed.version,
    body: { employeeNumber: of.employeeNumber.value, arrangements: [] },
  });
  await inside.visitor.api.openSupportTicket({ body: { title: of.supportTitle.value, text: of.support.value } });
  const headers = await asBrowser(stage, inside, of.browser.value);
  const used = `${stage.endpoints.api}/v1/organisations/${organisationId}/people/${personId}/usage`;
  const response = await fetch(used, { headers });
  if (!response.ok) throw new Error(`GET ${used} answered ${response.status}`);
}

/** At the gate with a card and a position, and a guest by its code; and an inspector looks at the list. */
async function standOnTheList(
  { customer, siteId, gate }: Firm,
  { canaries: of, hseCardNumber, atGate }: Employee,
  { api, personId }: Inhabitant,
): Promise<void> {
  const { organisationId, administrator } = customer;
  const form = {
    do: 'in',
    firstName: of.guestFirstName.value,
    lastName: of.guestLastName.value,
    birthDate: of.guestBirthDate.value,
    employer: 'Strøm Elektro AS',
    organisationNumber: '918654062',
  };
  const passed = await fetch(gate, { method: 'POST', body: new URLSearchParams(form) });
  if (!passed.ok) throw new Error(`The gate was not passed: ${passed.status}`);
  await api.checkInOnSite({
    params: { organisationId, personId },
    body: { siteId, do: 'in', hseCardNumber, position: { ...atGate, accuracyMetres: 9 } },
  });
  const { body: link } = await (await administrator.again()).inviteInspector({
    params: { organisationId, siteId },
    body: { hours: 2 },
  });
  const page = await fetch(link.url, { method: 'POST', headers: { accept: 'text/html' } });
  if (!(await page.text()).includes(hseCardNumber)) throw new Error('The inspector does not see the list');
}

async function beApproved(
  { customer, leader }: Firm,
  { lastWeek }: Employee,
  personId: PersonId,
): Promise<TimesheetId> {
  const api = await leader.again();
  const params = { organisationId: customer.organisationId, personId, period: weekOf(lastWeek) };
  const { body: sheet } = await api.getTimesheet({ params });
  const { body: approved } = await api.setTimesheetState({
    params,
    ifMatch: sheet.version,
    body: { state: 'approved' },
  });
  return approved.timesheetId!;
}
