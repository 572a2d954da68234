import type { RoleName } from '../../lambdas/access/roles.ts';
import type { ProblemError } from '../../lambdas/http/client.ts';
import type { GroupId, OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { dayIn, weekOf } from '../../lambdas/platform/calendar.ts';
import { signIn } from '../../local/client/sign-in.ts';
import { type Api, registered, signedIn, type Visitor } from '../../local/client/visitor.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import type { SamplePerson } from '../../local/sample-people.ts';
import { type Family, pictureOf } from './family.ts';

/** Everything that a kindergarten does with two families, through HTTP alone. */
export interface Stage {
  readonly endpoints: Endpoints;
  readonly people: readonly SamplePerson[];
}
export interface FamilyInside {
  readonly family: Family;
  readonly childId: PersonId;
  readonly guardianId: PersonId;
  readonly guardian: Visitor;
}
export interface Kindergarten {
  readonly organisationId: OrganisationId;
  /** The administrator proves anew who they are, and opens the role again. */
  proveAnew(): Promise<void>;
  /** In the administrator's open role. */
  readonly api: Api;
  /** In the leader's: who checks children in and out. */
  readonly door: Api;
  /** In the privacy officer's, who proposes what the administrator approves. */
  readonly officer: Api;
  readonly groupId: GroupId;
}

const GROUP = 'Blåveis';
const PASSWORD = 'Adversary-2026-kindergarten';
const POLLS_MAX = 600;
const POLL_MILLISECONDS = 100;

export async function openKindergarten({ endpoints, people }: Stage): Promise<Kindergarten> {
  const inRole = async (name: RoleName) => {
    const person = people.find(({ roles }) => roles.some(({ role }) => role === name))!;
    const { organisationId, roleId } = person.roles.find(({ role }) => role === name)!;
    const visitor = await signedIn(endpoints, person);
    await visitor.api.openRole({ body: { organisationId, roleId } });
    const proveAnew = async () => {
      await visitor.signInAgain();
      await visitor.api.openRole({ body: { organisationId, roleId } });
    };
    return { organisationId: organisationId as OrganisationId, api: visitor.as(roleId), proveAnew };
  };
  const { organisationId, api, proveAnew } = await inRole('administrator');
  const { api: door } = await inRole('leader');
  const { api: officer } = await inRole('privacy-officer');
  const { body: groups } = await api.listGroups({ params: { organisationId } });
  const group = groups.items.find(({ name }) => name === GROUP);
  if (!group) throw new Error(`The sample people have no group ${GROUP}`);
  return { organisationId, proveAnew, api, door, officer, groupId: group.id };
}

/** A register with both families, uploaded, read and approved: the file lies in quarantine, its rows in the import. */
export async function importFamilies(
  { api, organisationId }: Kindergarten,
  families: readonly Family[],
  photograph: () => Promise<void>,
): Promise<void> {
  const { body: created } = await api.createImport({ params: { organisationId }, body: { kind: 'register' } });
  const form = new FormData();
  for (const [name, value] of Object.entries(created.upload.fields)) form.set(name, value);
  form.set('file', new Blob([registerOf(families)], { type: 'text/csv' }), 'register.csv');
  const uploaded = await fetch(created.upload.url, { method: 'POST', body: form });
  if (!uploaded.ok) throw new Error(`The upload was refused: ${uploaded.status} ${await uploaded.text()}`);
  await photograph();
  const params = { organisationId, importId: created.import.id };
  const until = (states: readonly string[]) =>
    eventually(async () => {
      const { body } = await api.getImport({ params });
      return states.includes(body.state) ? body : undefined;
    });
  const read = await until(['ready', 'failed']);
  if (read.state === 'failed') throw new Error(`The register was not read: ${JSON.stringify(read.fileErrors)}`);
  await photograph();
  await api.approveImport({ params, body: { decisions: [] } });
  const applied = await until(['applied', 'failed']);
  if (applied.state === 'failed') throw new Error(`The register was not taken in: ${JSON.stringify(applied)}`);
}

function registerOf(families: readonly Family[]): string {
  const header =
    'Barn fornavn;Barn etternavn;Fødselsdato;Avdeling;Startdato;Foresatt 1 navn;Foresatt 1 relasjon;Foresatt 1 e-post;' +
    'Foresatt 1 telefon;Foresatt 1 adresse;Foresatt 1 postnr;Foresatt 2 navn;Foresatt 2 relasjon;Foresatt 2 e-post;' +
    'Foresatt 2 telefon;Bor hos;Adressesperre;Merknad';
  const rows = families.map(({ canaries: of, phoneInRegister }) =>
    [
      ...[of.childFirstName.value, of.childLastName.value, of.birthDate.alsoWritten[0], GROUP, '17.08.2026'],
      ...[
        `${of.firstName.value} ${of.lastName.value}`,
        'Mor',
        of.email.value,
        phoneInRegister,
        of.address.value,
        '0150',
      ],
      ...['', '', '', '', '', '', ''],
    ].join(';'),
  );
  return `${[header, ...rows].join('\r\n')}\r\n`;
}

/** The child's day and data, the guardian's account, and what both leave behind while they use the service. */
export async function liveIn(
  stage: Stage,
  kindergarten: Kindergarten,
  family: Family,
  photograph: () => Promise<void>,
): Promise<FamilyInside> {
  const { api, door, organisationId, groupId } = kindergarten;
  const { canaries: of } = family;
  const child = await personCalled(kindergarten, 'child', of.childFirstName.value);
  const guardian = await personCalled(kindergarten, 'guardian', of.firstName.value);
  const ofChild = { organisationId, personId: child };
  const ofGuardian = { organisationId, personId: guardian };

  for (const note of [of.earlierNote, of.childNote]) {
    const { etag } = await api.getPerson({ params: ofChild });
    await api.changePerson({ params: ofChild, ifMatch: etag!, body: { note: note.value } });
    // Point-in-time recovery remembers what was written over.
    await photograph();
  }
  const { etag } = await api.getPerson({ params: ofGuardian });
  await api.changePerson({ params: ofGuardian, ifMatch: etag!, body: { note: of.guardianNote.value } });
  let version: string | number = await api.getPicture({ params: ofChild }).then(
    ({ etag }) => etag!,
    // Where there is none, the refusal names the version under which one can be put.
    (error: unknown) => Number((error as ProblemError).problem['version']),
  );
  for (const picture of [of.earlierPicture, of.picture]) {
    const content = pictureOf(picture.value);
    const put = await api.putPicture({
      params: ofChild,
      ifMatch: version,
      body: { contentType: 'image/png', content },
    });
    version = put.body.version;
    await photograph();
  }
  await door.getGroupList({ params: { organisationId, groupId } });

  await api.invitePerson({ params: ofGuardian, body: {} });
  const email = of.email.value;
  const visitor = await registered(stage.endpoints, { email, password: PASSWORD }, 'kindergarten');
  const me = await visitor.api.getMe();
  await visitor.api.changeMe({
    ifMatch: me.etag!,
    body: { firstName: of.accountName.value, phone: of.phone.value, settings: { cachedVersion: of.setting.value } },
  });
  await comeInWith(stage.endpoints, email, of.browser.value);
  await door.checkIn({ params: ofChild });
  await door.checkOut({ params: ofChild });
  await door.addLogEntries({
    params: { organisationId },
    body: { personIds: [child], content: { kind: 'note', text: of.logNote.value } },
  });
  await door.beginThread({ params: ofChild, body: { subject: 'Hei', text: of.message.value } });
  await aDocument(kindergarten, child, visitor, of.document.value);
  await photograph();
  await visitor.api.getMyWeek({ query: { from: weekOf(dayIn('Europe/Oslo', new Date())) } });
  return { family, childId: child, guardianId: guardian, guardian: visitor };
}

/** Through quarantine to where it is kept, and to the guardian by a plain copy that lives minutes. */
async function aDocument(
  { door, organisationId }: Kindergarten,
  personId: PersonId,
  guardian: Visitor,
  text: string,
): Promise<void> {
  const content = Buffer.from(text);
  const { body: begun } = await door.beginUpload({
    params: { organisationId },
    body: { name: 'plan.txt', contentType: 'text/plain', bytes: content.length },
  });
  const { fileId } = begun;
  const form = new FormData();
  for (const [name, value] of Object.entries(begun.upload.fields)) form.set(name, value);
  form.set('file', new Blob([content], { type: 'text/plain' }), 'plan.txt');
  const sent = await fetch(begun.upload.url, { method: 'POST', body: form });
  if (!sent.ok) throw new Error(`The upload was refused: ${sent.status}`);
  await eventually(async () => {
    const { body } = await door.getUpload({ params: { organisationId, fileId } });
    return body.state === 'checked' ? body : undefined;
  });
  const { body: document } = await door.createPersonDocument({
    params: { organisationId, personId },
    body: { fileId, kind: 'plan', title: 'Plan', visibleTo: 'guardians', receipt: 'none' },
  });
  await door.publishDocument({ params: { organisationId, documentId: document.id }, ifMatch: document.version });
  const role = (await guardian.api.getMe()).body.roles.find((held) => held.organisationId === organisationId)!;
  await guardian.as(role.id as RoleId).downloadFile({ params: { organisationId, fileId } });
}

/** A sign-in of its own is noted with the browser that asks first. */
async function comeInWith(endpoints: Endpoints, email: string, browser: string): Promise<void> {
  const session = await signIn(endpoints, { email, password: PASSWORD });
  const response = await fetch(`${endpoints.api}/v1/me`, {
    headers: { authorization: `Bearer ${session.getAccessToken().getJwtToken()}`, 'user-agent': browser },
  });
  if (!response.ok) throw new Error(`GET /v1/me answered ${response.status}`);
}

async function personCalled({ api, organisationId }: Kindergarten, kind: 'child' | 'guardian', firstName: string) {
  const { body } = await api.listPeople({ params: { organisationId }, query: { kind, limit: 100 } });
  const found = body.items.find((person) => person.firstName === firstName);
  if (!found) throw new Error(`The ${kind} was not taken in`);
  return found.id;
}

export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, POLL_MILLISECONDS));
  }
  throw new Error(`Nothing came within ${(POLLS_MAX * POLL_MILLISECONDS) / 1000} seconds`);
}
