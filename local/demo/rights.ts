import { createPublicKey, verify } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import type { OrganisationId, PersonId, RequestId } from '../../lambdas/http/ids.ts';
import { linkTokenIn, type Mail, waitForMail } from '../client/mailbox.ts';
import type { Api, Visitor } from '../client/visitor.ts';
import type { Endpoints } from '../endpoints.ts';
import { moveClock, refusal, until } from './playing.ts';
import { chapter, indented, said, step } from './telling.ts';

/** Who takes part: a parent who uses rights, and the head of the kindergarten who answers. */
export interface Cast {
  readonly endpoints: Endpoints;
  readonly organisationId: OrganisationId;
  readonly parent: Visitor;
  readonly parentId: PersonId;
  /** The leader's API, her role open and her proof of identity fresh. */
  asLeader(): Promise<Api>;
}

const SETTLED_MILLISECONDS = 5_000;

/** The six rights of the data subject, two of them to their end: a copy of everything, and an erasure with its proof. */
export async function theRights(cast: Cast): Promise<void> {
  chapter('What do you hold about me?');
  await aCopy(cast);
  chapter('A parent leaves for good');
  await anErasure(cast);
}

async function aCopy({ endpoints, organisationId, parent, parentId, asLeader }: Cast): Promise<void> {
  await parent.signInAgain();
  const { body: request } = await parent.api.askForRight({
    body: { controller: organisationId, personId: parentId, right: 'access' },
  });
  step(`Henrik signs in afresh and asks for a copy of all that is held about him: due ${dayOf(request.dueAt)}.`);
  const copy = await until(async () => {
    const { body } = await parent.api.listMyExports({});
    const found = body.items.find(({ personId }) => personId === parentId);
    if (found?.state === 'awaiting-redaction') await lookThrough(await asLeader(), organisationId, found.id);
    return found?.state === 'ready' ? found : undefined;
  });
  const mail = await waitForMail(
    endpoints.mailbox,
    parent.credentials.email,
    ({ sentAt, subject }) => sentAt >= request.receivedAt && subject === 'Kopien er klar',
  );
  step(
    `It is made by a worker, sealed under his own key, and gone after seven days. He gets a mail: "${mail.subject}".`,
  );
  const { body: download } = await parent.api.downloadMyExport({ params: { exportId: copy.id } });
  const zip = new Uint8Array(await (await fetch(download.url)).arrayBuffer());
  const entries = unzipSync(zip);
  step(`He downloads ${download.filename} by a link that lives a minute (${Math.round(zip.byteLength / 1024)} KB):`);
  for (const name of Object.keys(entries).sort()) indented(`${name} (${entries[name]!.byteLength} bytes)`);
  const page = strFromU8(entries['index.nb.html']!);
  said(`The first page, for people: "${textOf(page).slice(0, 160)}…"`);
}

async function lookThrough(
  api: Api,
  organisationId: OrganisationId,
  exportId: Parameters<Api['releaseExport']>[0]['params']['exportId'],
) {
  const params = { organisationId, exportId };
  const { body } = await api.lookThroughExport({ params });
  await api.releaseExport({
    params,
    body: { decisions: body.texts.map(({ digest }) => ({ digest, shown: 'whole' as const })) },
  });
  step(
    `Others could be named in ${body.texts.length} text(s), so Sandra looks through them first and hands them out whole.`,
  );
}

async function anErasure(cast: Cast): Promise<void> {
  const { endpoints, organisationId, parent, parentId, asLeader } = cast;
  await parent.signInAgain();
  const { body: request } = await parent.api.askForRight({
    body: { controller: organisationId, personId: parentId, right: 'erasure' },
  });
  step(`Henrik asks to be erased. Nothing happens before the organisation has decided: ${request.state}.`);

  const leader = await asLeader();
  const params = { organisationId, requestId: request.id };
  const { body: planned } = await leader.getRequest({ params });
  step('Sandra sees the plan before she approves it:');
  for (const line of planned.plan ?? []) {
    const fate = line.fate === 'keep' ? `kept ${line.until?.en ?? ''} (${line.law ?? ''})` : line.fate;
    indented(`${line.category.en}: ${fate}`);
  }
  await leader.approveRequest({ params, body: {} });
  step('She approves: whoever asked cannot, so this is the second person. His keys are closed from this moment.');
  const closed = await refusal(() => leader.getPerson({ params: { organisationId, personId: parentId } }));
  step(`She can no longer see him herself: ${closed}.`);

  await moveClock(endpoints, 'PT16M');
  step('A quarter of an hour passes: the plain copy of his download has to be gone as well.');
  const again = await asLeader();
  const done = await until(async () => {
    const { body } = await again.getRequest({ params });
    return body.state === 'answered' || body.state === 'incomplete' ? body : undefined;
  });
  step(
    `The worker fences his keys in one transaction, deletes what is left everywhere and looks in every store: ${done.state}.`,
  );
  const refused = await parent.signInAgain().then(
    () => 'signed in',
    (error: Error) => error.name,
  );
  step(`His account went with his last organisation; Cognito answers his password with ${refused}.`);
  const { email } = parent.credentials;
  const answer = await waitForMail(
    endpoints.mailbox,
    email,
    ({ sentAt, subject }) => sentAt >= request.receivedAt && subject === 'Svar på henvendelsen din',
  );
  step(`He gets a last mail at the address that he had: "${answer.subject}".`);

  await theProof(cast, request.id, answer);
}

/** When AWS itself says that nothing older can be restored, a signed certificate follows. */
async function theProof({ endpoints, parent }: Cast, requestId: RequestId, before: Mail): Promise<void> {
  // The worker may still be tidying up: what it does after the clock has moved counts from then.
  await new Promise((done) => setTimeout(done, SETTLED_MILLISECONDS));
  await moveClock(endpoints, 'P2D');
  step('Two days pass (the embedded clock is moved): the keys can no longer be restored from anywhere.');
  const { email } = parent.credentials;
  const mail = await waitForMail(
    endpoints.mailbox,
    email,
    ({ sentAt, subject }) => sentAt > before.sentAt && subject === 'Bekreftelsen du ventet på',
  );
  const token = linkTokenIn(mail);
  step(`A certificate is signed; the mail "${mail.subject}" has a link. It opens with a code from a second mail:`);
  await form(endpoints, `/l/${token}/code`, {});
  const codeMail = await waitForMail(
    endpoints.mailbox,
    email,
    (one) => one.sentAt > mail.sentAt && /\b\d{6}\b/.test(one.text),
  );
  const code = /\b\d{6}\b/.exec(codeMail.text)![0];
  const opened = await form(endpoints, `/l/${token}/answer`, { code });
  const pass = /name="pass" value="([^"]+)"/.exec(opened)?.[1];
  if (pass === undefined) throw new Error(`The page of the answer has no pass: ${textOf(opened)}`);
  const certificate = JSON.parse(await form(endpoints, `/l/${token}/certificate`, { pass })) as SignedDocument;
  const facts = JSON.parse(certificate.document) as Record<string, unknown>;
  for (const name of ['erasedAt', 'verifiedAt', 'issuedAt', 'recovery', 'kept']) {
    indented(`${name}: ${JSON.stringify(facts[name])}`);
  }
  step(
    `Anyone can check the signature with the public key at /v1/proofs/keys: ${await isGenuine(endpoints, certificate)}.`,
  );
  said(`The request was ${requestId}; that id is all that the register of requests still knows of him.`);
}

interface SignedDocument {
  readonly document: string;
  readonly keyId: string;
  readonly signature: string;
}

async function isGenuine({ api }: Endpoints, { document, keyId, signature }: SignedDocument): Promise<boolean> {
  const { keys } = (await (await fetch(`${api}/v1/proofs/keys`)).json()) as { keys: { keyId: string; spki: string }[] };
  const known = keys.find((key) => key.keyId === keyId);
  if (!known) return false;
  const key = createPublicKey({ key: Buffer.from(known.spki, 'base64'), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(document), key, Buffer.from(signature, 'base64url'));
}

async function form({ api }: Endpoints, path: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${api}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path.split('/').at(-1)}: ${response.status} ${textOf(text)}`);
  return text;
}

const dayOf = (instant: string) =>
  new Date(instant).toLocaleDateString('en-GB', { timeZone: 'Europe/Oslo', dateStyle: 'long' });

const textOf = (html: string) =>
  html
    .replace(/<(style|title|head)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
