import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { dayIn, weekOf } from '../../lambdas/platform/calendar.ts';
import { serviceTime } from '../client/mailbox.ts';
import type { Api } from '../client/visitor.ts';
import type { Customer, House, InRole } from './house.ts';
import { moveClock, refusal } from './playing.ts';
import { chapter, indented, step } from './telling.ts';

/** Who plays: a carpenters' firm, its manager and two of its people. */
interface Firm {
  readonly house: House;
  readonly customer: Customer;
  readonly organisationId: OrganisationId;
  readonly carpenter: InRole & { readonly id: Employee['id'] };
  readonly foreman: InRole & { readonly id: Employee['id'] };
}
type Employee = Awaited<ReturnType<Api['createPerson']>>['body'];

/** A day on a building site: hours, who was there, an inspector at the gate, and the pay. */
export async function aBuildingSite(house: House, platform: Api): Promise<void> {
  chapter('A day on a building site');
  const customer = await house.customer(platform, {
    name: 'Fjell Tømrer',
    profile: 'workplace',
    companyName: 'Fjell Tømrer AS',
    organisationNumber: '923609016',
    postalAddress: { street: 'Industriveien 9', postcode: '2020', city: 'Skedsmokorset' },
    administrator: {
      firstName: 'Berit',
      lastName: 'Fjell',
      email: 'berit@fjelltomrer.example.no',
      phone: '+4790112233',
      title: 'manager',
    },
  });
  await house.agree(customer);
  const { api, organisationId } = customer;
  const params = { organisationId };
  const { body: employee } = await api.createPerson({
    params,
    body: {
      kind: 'member',
      firstName: 'Pawel',
      lastName: 'Nowak',
      email: 'pawel@fjelltomrer.example.no',
      birthDate: '1991-04-17',
      language: 'en',
    },
  });
  const joined = await house.join(customer, 'workplace', { id: employee.id, email: 'pawel@fjelltomrer.example.no' });
  const { body: head } = await api.createPerson({
    params,
    body: {
      kind: 'staff',
      firstName: 'Rune',
      lastName: 'Vik',
      email: 'rune@fjelltomrer.example.no',
      language: 'nb',
    },
  });
  const foreman = await house.join(
    customer,
    'workplace',
    { id: head.id, email: 'rune@fjelltomrer.example.no' },
    { role: 'leader' },
  );
  const firm: Firm = {
    house,
    customer,
    organisationId,
    carpenter: { ...joined, id: employee.id },
    foreman: { ...foreman, id: head.id },
  };

  const site = await theSite(firm);
  const day = await theMorning(firm, site);
  await theGate(firm, site);
  await theInspector(firm, site);
  await theHours(firm, day);
}

const WORKS_DAYS = 60;
const DAY_MILLISECONDS = 86_400_000;
const today = async ({ house }: Firm, later = 0) =>
  dayIn('Europe/Oslo', new Date((await serviceTime(house.endpoints.mailbox)).getTime() + later * DAY_MILLISECONDS));

async function theSite(firm: Firm) {
  const { customer, organisationId } = firm;
  const day = await today(firm);
  const { body: site } = await customer.api.createSite({
    params: { organisationId },
    body: {
      name: 'Elvebredden 4',
      address: 'Elvebredden 4, 2020 Skedsmokorset',
      client: 'Elvebredden Eiendom AS',
      employer: { name: 'Fjell Tømrer AS', organisationNumber: '923609016' },
      worksFrom: day,
      worksUntil: await today(firm, WORKS_DAYS),
      takesPosition: false,
    },
  });
  const { body: code } = await customer.api.makeSiteCode({ params: { organisationId, siteId: site.id } });
  step(
    `Berit registers the site ${site.name} and hangs a QR code at its gate (${Math.round(code.svg.length / 1024)} KB of SVG).`,
  );
  return { ...site, gate: code.url };
}
type SiteAtGate = Awaited<ReturnType<typeof theSite>>;

/** Gives the day that the hours count for: the clock may pass midnight before they end. */
async function theMorning({ house, organisationId, carpenter }: Firm, site: SiteAtGate): Promise<string> {
  const params = { organisationId, personId: carpenter.id };
  const { body: stamped } = await carpenter.api.stampTimeClock({ params, body: { stamp: 'in' } });
  const twice = await refusal(() => carpenter.api.stampTimeClock({ params, body: { stamp: 'in' } }));
  step(`Pawel stamps in on his phone. A second press, for luck, changes nothing: ${twice}.`);
  const tracked = await refusal(() =>
    carpenter.api.checkInOnSite({
      params,
      body: { siteId: site.id, do: 'in', position: { latitude: 60.0003, longitude: 11.0301, accuracyMetres: 20 } },
    }),
  );
  step(`His app would send where he is. This site takes no positions, so it is refused and kept nowhere: ${tracked}.`);
  await carpenter.api.checkInOnSite({ params, body: { siteId: site.id, do: 'in', hseCardNumber: '1234567' } });
  step('He checks in on the site with his HSE card: name and date of birth are those that the firm holds already.');
  await moveClock(house.endpoints, 'PT3H');
  return stamped.day;
}

/** An electrician of another firm, who has no account and needs none. */
async function theGate(_: Firm, { gate }: SiteAtGate): Promise<void> {
  const form = new URLSearchParams({
    do: 'in',
    firstName: 'Siri',
    lastName: 'Strøm',
    birthDate: '1984-11-02',
    employer: 'Strøm Elektro AS',
    organisationNumber: '974760673',
    hseCardNumber: '7654321',
  });
  const page = await fetch(gate, { headers: { accept: 'text/html' } });
  const mistyped = new URLSearchParams(form);
  mistyped.set('organisationNumber', '974760674');
  const wrong = await posted(gate, mistyped);
  const right = await posted(gate, form);
  step(
    `Siri, an electrician of another firm, points her camera at the code (${page.status}, a page without sign-in). A digit of the organisation number is wrong: ${wrong}. Put right: ${right}.`,
  );
}

const posted = async (url: string, form: URLSearchParams): Promise<number> =>
  (
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      body: form.toString(),
    })
  ).status;

async function theInspector(firm: Firm, site: SiteAtGate): Promise<void> {
  const { organisationId, customer } = firm;
  const manager = await customer.again();
  const { body: link } = await manager.inviteInspector({
    params: { organisationId, siteId: site.id },
    body: { hours: 2 },
  });
  step(
    `The Labour Inspection Authority stands at the gate. Berit makes a link that opens the list until ${link.expiresAt.slice(11, 16)} UTC:`,
  );
  const page = await fetch(link.url, { method: 'POST', headers: { accept: 'text/html' } });
  const text = (await page.text()).replace(/<style[\s\S]*?<\/style>/g, '').replace(/<[^>]+>/g, '\n');
  for (const line of text
    .split('\n')
    .map((words) => words.trim())
    .filter((words) => /Nowak|Strøm/.test(words))) {
    indented(line);
  }
  const address = new URL(link.url);
  address.pathname += '/site-list';
  const csv = await (await fetch(address, { method: 'POST' })).text();
  step(`The same as CSV, ${csv.trim().split('\n').length - 1} lines. Each opening stands in the activity log.`);
}

async function theHours({ house, organisationId, carpenter, foreman }: Firm, day: string): Promise<void> {
  await moveClock(house.endpoints, 'PT5H');
  const params = { organisationId, personId: carpenter.id };
  const period = weekOf(day);
  let leader = await foreman.again();
  const { body: unended } = await leader.getTimesheet({ params: { ...params, period } });
  const early = await refusal(() =>
    leader.setTimesheetState({ params: { ...params, period }, ifMatch: unended.version, body: { state: 'approved' } }),
  );
  let own = await carpenter.again();
  await own.stampTimeClock({ params, body: { stamp: 'out' } });
  const { body: open } = await leader.getTimesheet({ params: { ...params, period } });
  step(
    `Rune, the foreman, would approve the week while Pawel is at work: ${early}. Pawel stamps out, and Rune reads ${open.minutes} minutes, and what the Working Environment Act says of them (${open.warnings.map(({ limit, law }) => `${limit}, ${law}`).join('; ')}).`,
  );
  await moveClock(house.endpoints, 'P7D');
  leader = await foreman.again();
  const { body: sheet } = await leader.getTimesheet({ params: { ...params, period } });
  const { body: approved } = await leader.setTimesheetState({
    params: { ...params, period },
    ifMatch: sheet.version,
    body: { state: 'approved' },
  });
  const ownHours = await refusal(() =>
    leader.setTimesheetState({
      params: { organisationId, personId: foreman.id, period },
      ifMatch: 1,
      body: { state: 'approved' },
    }),
  );
  step(`A week later he approves it: ${approved.state}. His own hours take somebody else: ${ownHours}.`);
  own = await carpenter.again();
  const locked = await refusal(() =>
    own.correctHours({
      params: { ...params, day },
      body: { reason: 'forgotten', startedAt: `${day}T04:00:00Z`, endedAt: `${day}T05:00:00Z` },
    }),
  );
  step(`What is approved, nobody changes: ${locked}.`);
  const { body: payroll } = await leader.exportPayroll({ params: { organisationId, period } });
  step('The payroll gets a CSV:');
  for (const line of String(payroll.content)
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\n'))
    indented(line.trim());
}
