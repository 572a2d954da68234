import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { GroupId, ImportId, OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { dayIn, weekOf } from '../../lambdas/platform/calendar.ts';
import { serviceTime, waitForMail } from '../client/mailbox.ts';
import type { Api, Visitor } from '../client/visitor.ts';
import { houseAt } from './house.ts';
import { aMonday } from './monday.ts';
import { aNightAlarm } from './night.ts';
import { refusal } from './playing.ts';
import { thePost } from './post.ts';
import { theRights } from './rights.ts';
import { aBuildingSite } from './site.ts';
import { chapter, indented, said, step } from './telling.ts';
import { aTicket } from './ticket.ts';
import { aNight, theTrust, whoHasSeenUs } from './trust.ts';

const { values } = parseArgs({
  options: { state: { type: 'string', default: '.vern' }, only: { type: 'string' } },
});
const stateDir = resolve(values.state);
const house = houseAt(stateDir);
const { endpoints } = house;

/** The services that the demo plays, in their order; `--only` plays one. */
const services: Readonly<Record<string, (platform: Api) => Promise<void>>> = {
  kindergarten: aKindergarten,
  safety: (platform) => aNightAlarm(house, platform),
  workplace: (platform) => aBuildingSite(house, platform),
  itservice: (platform) => aTicket(house, platform),
};

/**
 * The service's days, played through the HTTP endpoints and AWS's own Cognito client alone. It may be run again and
 * again: whoever has an account from an earlier run signs in with it and accepts the new invitation.
 */
async function main(): Promise<void> {
  const played = Object.entries(services).filter(([name]) => values.only === undefined || values.only === name);
  if (played.length === 0) throw new Error(`--only knows: ${Object.keys(services).join(', ')}`);
  for (const [, play] of played) await play(await house.platformOperator());
}

async function aKindergarten(platform: Api): Promise<void> {
  chapter('A new customer: Solbakken kindergarten');
  const customer = await house.customer(platform, {
    name: 'Solbakken barnehage',
    profile: 'kindergarten',
    companyName: 'Solbakken barnehage AS',
    organisationNumber: '974760673',
    postalAddress: { street: 'Solbakken 1', postcode: '3315', city: 'Drammen' },
    administrator: {
      firstName: 'Sandra',
      lastName: 'Ødegård',
      email: 'sandra.odegard@solbakken.example.no',
      phone: '+4745384958',
      title: 'head',
    },
  });
  const { organisationId, api, again: asLeader } = customer;
  await house.agree(customer);

  chapter('Its own register is taken in');
  await takeIn(api, organisationId, 'staff', 'solbakken-staff.csv');
  await takeIn(api, organisationId, 'register', 'solbakken-register.csv');

  chapter('A parent is invited');
  const { child, guardian } = await aFamily(api, organisationId);
  const { visitor: parent } = await house.join(customer, 'kindergarten', {
    id: guardian.id,
    email: 'henrik.olstad2@example.no',
  });
  said(`Henrik signs in without a second factor: his role is not guarded. He can turn TOTP on whenever he likes.`);

  chapter('A member of staff joins');
  const staff = await aMemberOfStaff(api, organisationId);

  chapter('The morning');
  await aMorning(staff, organisationId, child, parent);
  chapter('What was not allowed');
  await whatIsRefused(parent, organisationId, child.id);
  await whoHasSeenUs(parent);
  await aMonday({ endpoints, stateDir, organisationId, child, parent, staff, asLeader });

  await thePost({ endpoints, organisationId, child, parent, parentId: guardian.id, staff, asLeader });

  const backupDay = await aNight(endpoints, organisationId, asLeader);
  house.forget(parent);
  await theRights({ endpoints, organisationId, parent, parentId: guardian.id, asLeader });
  await theTrust({
    endpoints,
    stateDir,
    organisationId,
    colleague: staff,
    child,
    erasedId: guardian.id,
    backupDay,
    asLeader,
  });
}

async function takeIn(
  api: Api,
  organisationId: OrganisationId,
  kind: 'register' | 'staff',
  file: string,
): Promise<void> {
  const { body: created } = await api.createImport({ params: { organisationId }, body: { kind } });
  const form = new FormData();
  for (const [name, value] of Object.entries(created.upload.fields)) form.set(name, value);
  const csv = readFileSync(join(import.meta.dirname, '../../examples', file));
  form.set('file', new Blob([csv], { type: 'text/csv' }), file);
  const uploaded = await fetch(created.upload.url, { method: 'POST', body: form });
  if (!uploaded.ok) throw new Error(`The upload was refused: ${uploaded.status} ${await uploaded.text()}`);
  step(`${file} (${Math.round(csv.length / 1024)} KB) is uploaded to quarantine by a form that lives five minutes.`);

  const params = { organisationId, importId: created.import.id };
  const read = await importState(api, params, ['ready', 'failed']);
  step(`The dry run read ${read.rowsTotal} rows and changed nothing: ${JSON.stringify(read.verdicts)}.`);
  if (read.state === 'failed') throw new Error(JSON.stringify(read.fileErrors));

  const rows = await allRows(api, params);
  for (const row of rows) {
    for (const error of row.errors) indented(`line ${error.line}, ${error.column ?? 'the row'}: ${error.message.en}`);
    for (const remark of row.remarks) indented(`line ${row.line}: ${remark.message.en}`);
  }
  const decisions = rows
    .filter(({ remarks }) => remarks.some(({ needsDecision }) => needsDecision))
    .map(({ line }) => ({ line, block: ['guardian2' as const], basis: 'court-order' as const }));
  if (decisions.length > 0)
    step(
      `Sandra decides about what may be a block (line ${decisions.map(({ line }) => line).join(', ')}): the second guardian is kept from the child.`,
    );
  await api.approveImport({ params, body: { decisions } });
  const applied = await importState(api, params, ['applied', 'failed']);
  step(`She approves: ${JSON.stringify(applied.outcomes)}. Nobody has been mailed.`);
}

async function importState(
  api: Api,
  params: { organisationId: OrganisationId; importId: ImportId },
  until: readonly string[],
) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { body } = await api.getImport({ params });
    if (until.includes(body.state)) return body;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('The import did not come to an end within a minute');
}

async function allRows(api: Api, params: { organisationId: OrganisationId; importId: ImportId }) {
  const rows: Awaited<ReturnType<Api['listImportRows']>>['body']['items'][number][] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api.listImportRows({ params, query: { limit: 100, ...(cursor && { cursor }) } });
    rows.push(...body.items);
    cursor = body.next;
  } while (cursor);
  return rows;
}

async function aFamily(api: Api, organisationId: OrganisationId) {
  const children = await everyone(api, organisationId, 'child');
  const child = children.find(({ firstName, lastName }) => firstName === 'Emil' && lastName === 'Olstad');
  if (!child) throw new Error('Emil Olstad is not in the register');
  const { body: guardians } = await api.listGuardians({ params: { organisationId, personId: child.id } });
  step(
    `${children.length} children are registered. Emil Olstad has ${guardians.items.length} guardians; looking him up was recorded in the activity log.`,
  );
  const father = (await everyone(api, organisationId, 'guardian')).find(
    ({ firstName, lastName }) => firstName === 'Henrik' && lastName === 'Olstad',
  );
  return { child, guardian: father! };
}

async function everyone(api: Api, organisationId: OrganisationId, kind: 'child' | 'guardian' | 'staff') {
  const people: Awaited<ReturnType<Api['listPeople']>>['body']['items'][number][] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api.listPeople({
      params: { organisationId },
      query: { kind, limit: 100, ...(cursor && { cursor }) },
    });
    people.push(...body.items);
    cursor = body.next;
  } while (cursor);
  return people;
}

/** With a role for one group, behind a second factor and an undertaking. */
async function aMemberOfStaff(
  api: Api,
  organisationId: OrganisationId,
): Promise<{ api: Api; groupId: GroupId; id: PersonId; visitor: Visitor }> {
  const { body: groups } = await api.listGroups({ params: { organisationId } });
  const group = groups.items.find(({ name }) => name === 'Tyttebær');
  const colleagues = await everyone(api, organisationId, 'staff');
  const aurora = colleagues.find(({ lastName }) => lastName === 'Eide Johnsen');
  if (!group || !aurora) throw new Error('Tyttebær or Aurora Eide Johnsen is not in the register');
  await api.invitePerson({
    params: { organisationId, personId: aurora.id },
    body: { role: 'staff', scope: { kind: 'group', id: group.id } },
  });
  const visitor = await house.comeIn('aurora.eide.johnsen@solbakken.example.no', 'kindergarten');
  const role = (await visitor.api.getMe()).body.roles.find((held) => held.organisationId === organisationId);
  const early = await refusal(() => visitor.api.openRole({ body: { organisationId, roleId: role!.id } }));
  if (!visitor.credentials.totpSecret) {
    step(`Aurora's role is for Tyttebær alone, and does not open without a second factor: ${early}.`);
    await visitor.turnOnTotp();
  }
  house.remember(visitor);
  const opened = await visitor.openRole(organisationId, role!.id);
  step('She turns TOTP on, gives the undertaking of confidentiality and opens the role for 30 minutes.');
  return { api: opened, groupId: group.id, id: aurora.id, visitor };
}

async function aMorning(
  { api, groupId }: { api: Api; groupId: GroupId },
  organisationId: OrganisationId,
  child: { id: PersonId },
  parent: Visitor,
): Promise<void> {
  const params = { organisationId, personId: child.id };
  const { body: checkedIn } = await api.checkIn({ params });
  step(`Aurora checks Emil in at ${timeOf(checkedIn.stays.at(-1)!.checkedInAt)}.`);
  const again = await refusal(() => api.checkIn({ params }));
  step(`A colleague at the other door checks him in as well: ${again}.`);
  const { body: list } = await api.getGroupList({ params: { organisationId, groupId } });
  const states = Map.groupBy(list.items, ({ state }) => state);
  step(`The list of Tyttebær today: ${[...states].map(([state, of]) => `${of.length} ${state}`).join(', ')}.`);

  const since = checkedIn.stays.at(-1)!.checkedInAt;
  const mail = await waitForMail(
    endpoints.mailbox,
    parent.credentials.email,
    ({ text, sentAt }) => text.includes('Emil') && sentAt >= since,
  );
  step(`Henrik gets a mail, "${mail.subject}":`);
  for (const line of mail.text.trim().split('\n')) indented(line);
  indented(`(as he sees it: ${endpoints.mailbox}/messages/${mail.id})`);

  const { body: week } = await parent.api.getMyWeek({
    query: { from: weekOf(dayIn('Europe/Oslo', await serviceTime(endpoints.mailbox))) },
  });
  step(`Henrik opens week ${week.week}:`);
  for (const entry of week.entries) {
    indented(`${entry.firstName} at ${entry.organisationName} (${entry.timeZone})`);
    for (const day of entry.days) indented(`  ${day.day}  ${inWords(day)}`);
  }
  await api.checkOut({ params });
  step('In the afternoon Emil is checked out.');
}

async function whatIsRefused(parent: Visitor, organisationId: OrganisationId, childId: PersonId): Promise<void> {
  const role = (await parent.api.getMe()).body.roles.find((held) => held.organisationId === organisationId);
  const as = parent.as(role!.id as RoleId);
  step(
    `Henrik tries to check his child in himself: ${await refusal(() => as.checkIn({ params: { organisationId, personId: childId } }))}.`,
  );
  const other = await refusal(() =>
    as.getPerson({ params: { organisationId, personId: `per_${'0'.repeat(26)}` as PersonId } }),
  );
  step(`He asks for somebody else's child: ${other}.`);
}

type OwnDay = Awaited<ReturnType<Api['getMyWeek']>>['body']['entries'][number]['days'][number];

function inWords({ stays, absence, expected }: OwnDay): string {
  const times = stays.map(
    ({ checkedInAt, checkedOutAt }) => `${timeOf(checkedInAt)}–${checkedOutAt ? timeOf(checkedOutAt) : ''}`,
  );
  if (times.length > 0) return times.join(', ');
  if (absence) return 'absent';
  return expected ? `expected ${expected.from}` : '·';
}

const timeOf = (instant: string) =>
  new Date(instant).toLocaleTimeString('nb-NO', { timeZone: 'Europe/Oslo', hour: '2-digit', minute: '2-digit' });

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
