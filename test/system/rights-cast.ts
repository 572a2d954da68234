import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { strFromU8, unzipSync } from 'fflate';
import type { RoleName } from '../../lambdas/access/roles.ts';
import type { OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { linkTokenIn, type Mail } from '../../local/client/mailbox.ts';
import { type Api, apiFor, registered, signedIn, type Visitor } from '../../local/client/visitor.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import { type RunningService, startService } from './cloud.ts';

/** Who takes part in the tests of the rights: the sample people, an English father, and their child. */
export interface Cast {
  readonly service: RunningService;
  readonly endpoints: Endpoints;
  readonly organisationId: OrganisationId;
  readonly childId: PersonId;
  readonly mother: Visitor;
  readonly motherId: PersonId;
  readonly father: Visitor;
  readonly fatherId: PersonId;
  /** The API in a role that is open; `fresh`: for what demands a sign-in of less than five minutes. */
  as(role: RoleName, proof?: 'fresh'): Promise<Api>;
  /** The administrator herself, with her other roles. */
  readonly administrator: () => Promise<Visitor>;
  /** The service's time. Whoever signs in with a code of their app does so by the time of the wall. */
  now(): Date;
  /** Moves the service's clock: tokens live 15 minutes, so whoever goes on signs in again. */
  advance(duration: string): Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'Eikelunden-2026-barnehage';
export const FATHER = 'peter@example.no';
/** Tokens live 15 minutes. An app's code opens once, so nobody signs in again without need. */
const SIGNED_IN_MILLISECONDS_MAX = 12 * 60_000;
const PROOF_MILLISECONDS_MAX = 4 * 60_000;

interface OnDuty {
  readonly visitor: Visitor;
  readonly api: Api;
  readonly at: number;
}

export async function theCast(): Promise<Cast> {
  const service = await startService();
  const { endpoints, people } = service;
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const onDuty = new Map<RoleName, OnDuty>();

  const dutyOf = async (role: RoleName, proof?: 'fresh'): Promise<OnDuty> => {
    const known = onDuty.get(role);
    const longest = proof === 'fresh' ? PROOF_MILLISECONDS_MAX : SIGNED_IN_MILLISECONDS_MAX;
    if (known && now().getTime() - known.at < longest) return known;
    const person = people.find(({ roles }) => roles.some((held) => held.role === role))!;
    const { organisationId, roleId } = person.roles.find((held) => held.role === role)!;
    const visitor = known?.visitor ?? (await signedIn(endpoints, person));
    if (known) await visitor.signInAgain();
    await visitor.api.openRole({ body: { organisationId, roleId } });
    const duty = { visitor, api: visitor.as(roleId), at: now().getTime() };
    onDuty.set(role, duty);
    return duty;
  };
  const as = async (role: RoleName, proof?: 'fresh') => (await dutyOf(role, proof)).api;

  const administrator = people.find(({ roles }) => roles.some(({ role }) => role === 'administrator'))!;
  const organisationId = administrator.roles[0]!.organisationId as OrganisationId;
  const admin = await as('administrator');
  const params = { organisationId };
  const { body: children } = await admin.listPeople({ params, query: { kind: 'child', limit: 10 } });
  const childId = children.items[0]!.id;
  const { body: father } = await admin.createPerson({
    params,
    body: { kind: 'guardian', firstName: 'Peter', lastName: 'Nygard', email: FATHER, language: 'en' },
  });
  await admin.linkGuardian({
    params: { ...params, personId: childId },
    body: {
      guardianId: father.id,
      relation: 'father',
      rights: 'parental-responsibility',
      livesWith: false,
      from: now().toISOString().slice(0, 10),
    },
  });
  await admin.invitePerson({ params: { ...params, personId: father.id }, body: {} });
  const mother = await signedIn(endpoints, people.find(({ email }) => email === 'kari@example.no')!);
  const english = await registered(endpoints, { email: FATHER, password: PASSWORD, language: 'en' }, 'kindergarten');
  const { persons } = (await mother.api.getMe()).body;

  return {
    service,
    endpoints,
    organisationId,
    childId,
    mother,
    motherId: persons[0]!.personId,
    father: english,
    fatherId: father.id,
    as,
    administrator: async () => (await dutyOf('administrator')).visitor,
    async advance(duration) {
      const moved = await fetch(`${endpoints.mailbox}/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance: duration }),
      });
      ahead = ((await moved.json()) as { offsetMilliseconds: number }).offsetMilliseconds;
    },
    now,
    stop: () => service.stop(),
  };
}

/** The mail of that subject that came since, as its recipient reads it: every one says where to complain. */
export async function mailTo(cast: Pick<Cast, 'endpoints'>, to: string, subject: string, since: Date): Promise<Mail> {
  const mail = await eventually(`"${subject}" to ${to}`, () => findMail(cast, to, subject, since));
  if (!mail.text.includes('datatilsynet.no')) throw new Error(`"${subject}" does not say how to complain`);
  return mail;
}

export async function findMail(
  { endpoints }: Pick<Cast, 'endpoints'>,
  to: string,
  subject: string,
  since: Date,
): Promise<Mail | undefined> {
  const response = await fetch(`${endpoints.mailbox}/messages?to=${encodeURIComponent(to)}`);
  const mails = (await response.json()) as Mail[];
  return mails.find((mail) => mail.subject === subject && mail.sentAt >= since.toISOString());
}

const PAUSE_MILLISECONDS = 150;
const TRIES_MAX = 400;

/** What comes a moment later: asked for again until it is there. */
export async function eventually<T>(what: string, find: () => Promise<T | undefined | false>): Promise<T> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const found = await find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
  }
  throw new Error(`${what}: not within ${(TRIES_MAX * PAUSE_MILLISECONDS) / 1000} seconds`);
}

/** What the page of a claim shows once the code from the second mail has been typed. */
export async function openedClaim(
  cast: Pick<Cast, 'endpoints'>,
  mail: Mail,
  { to, language, since }: { readonly to: string; readonly language: 'nb' | 'en'; readonly since: Date },
): Promise<{ readonly page: string; press(button: 'copy' | 'certificate'): Promise<string> }> {
  const token = linkTokenIn(mail);
  const send = (path: string, fields: Readonly<Record<string, string>>) =>
    form(`${cast.endpoints.api}/l/${token}/${path}`, fields, language);
  await send('code', {});
  const subject = language === 'nb' ? 'Engangskoden din' : 'Your one-time code';
  const code = /\b\d{6}\b/.exec((await mailTo(cast, to, subject, since)).text)![0];
  const page = await send('answer', { code });
  const pass = /name="pass" value="([^"]+)"/.exec(page)?.[1] ?? '';
  return { page: textOf(page), press: (button) => send(button, { pass }) };
}

async function form(url: string, fields: Readonly<Record<string, string>>, language: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'accept-language': language },
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${textOf(text)}`);
  return text;
}

export const textOf = (html: string) =>
  html
    .replace(/<(style|title|head)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether the signature is one of the keys' that the service publishes. */
export async function isSigned(
  { api }: Pick<Endpoints, 'api'>,
  signed: Buffer,
  signature: Buffer,
  keyId?: string,
): Promise<boolean> {
  const { body } = await apiFor({ api }).listProofKeys();
  return body.keys.some(
    (known) =>
      (keyId === undefined || known.keyId === keyId) &&
      verify(
        'sha256',
        signed,
        createPublicKey({ key: Buffer.from(known.spki, 'base64'), format: 'der', type: 'spki' }),
        signature,
      ),
  );
}

/** A downloaded copy: its files, and whether each is the one that the signed manifest lists. */
export async function downloaded(endpoints: Endpoints, url: string) {
  const response = await fetch(url);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const text = (name: string) => strFromU8(files[name]!);
  const manifest = JSON.parse(text('manifest.json')) as { files: { name: string; sha256: string }[] };
  const ofManifest = ['SHA256SUMS', 'manifest.json', 'manifest.sig', 'public-key.pem'];
  const listed = new Map(manifest.files.map(({ name, sha256 }) => [name, sha256]));
  const hash = (name: string) => createHash('sha256').update(files[name]!).digest('hex');
  return {
    text,
    names: Object.keys(files),
    /** Files that are not as the manifest says; none in a copy that is whole. */
    odd: Object.keys(files).filter((name) => !ofManifest.includes(name) && listed.get(name) !== hash(name)),
    isSigned: await isSigned(endpoints, Buffer.from(files['manifest.json']!), Buffer.from(files['manifest.sig']!)),
    everything: Object.keys(files).map(text).join('\n'),
  };
}

export const roleIn = async (visitor: Visitor, organisationId: OrganisationId): Promise<RoleId> =>
  (await visitor.api.getMe()).body.roles.find((held) => held.organisationId === organisationId)!.id;

/** A table that is not there for a while, as DynamoDB's own API takes it away; it comes back with what was in it. */
export async function takenAway(endpoints: Endpoints, named: RegExp): Promise<{ putBack(): Promise<void> }> {
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: endpoints.region,
    credentials: endpoints,
  });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => named.test(name))!;
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  // Its own policy lets nobody delete it: only a disk can lose it.
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ lose: [TableName] });
  const lost = await fetch(`${endpoints.mailbox}/disk`, { method: 'POST', headers, body });
  if (!lost.ok) throw new Error(`${TableName} is still there: ${await lost.text()}`);
  return {
    async putBack() {
      const { AttributeDefinitions, KeySchema } = Table!;
      await client.send(
        new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
      );
      for (const Item of Items) await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
