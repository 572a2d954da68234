import type { OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { linkTokenIn, type Mail, serviceTime, waitForMail, waitForPhoneMessage } from '../client/mailbox.ts';
import type { Api, Visitor } from '../client/visitor.ts';
import type { Endpoints } from '../endpoints.ts';
import { until } from './playing.ts';
import { chapter, indented, said, step } from './telling.ts';

interface Cast {
  readonly endpoints: Endpoints;
  readonly organisationId: OrganisationId;
  readonly child: { readonly id: PersonId };
  readonly parent: Visitor;
  readonly parentId: PersonId;
  readonly staff: { readonly api: Api; readonly visitor: Visitor };
  asLeader(): Promise<Api>;
}

/** What comes by mail, when, and how one stops it. */
export async function thePost(cast: Cast): Promise<void> {
  chapter('What comes by mail, and who decides');
  const { organisationId, parent } = cast;
  const role = (await parent.api.getMe()).body.roles.find((held) => held.organisationId === organisationId)!;
  const father = parent.as(role.id as RoleId);
  const leader = await cast.asLeader();
  await anAddressThatDoesNotExist(cast, leader);
  await onAPhone(cast, father);
  await aGrandmotherSubscribes(cast, leader);
  await whatWasSent(cast, leader);
}

/** In the way of a mail program that fetches what it finds, and of a reader who presses. */
const pressed = (address: string) =>
  fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });

async function anAddressThatDoesNotExist({ endpoints, organisationId }: Cast, leader: Api): Promise<void> {
  const params = { organisationId };
  const email = `bounce+${(await serviceTime(endpoints.mailbox)).getTime()}@simulator.amazonses.com`;
  const { body: made } = await leader.createPerson({
    params,
    body: { kind: 'staff', firstName: 'Jonas', lastName: 'Strand', email, language: 'nb' },
  });
  await leader.invitePerson({
    params: { ...params, personId: made.id },
    body: { role: 'staff', scope: { kind: 'organisation' } },
  });
  const found = await until(async () => {
    const { body } = await leader.listUndeliverableAddresses({ params, query: { limit: 100 } });
    return body.items.find(({ personId }) => personId === made.id);
  });
  step(
    `Sandra mistypes an address. The invitation bounces; SES says so, and it stands in her list: ${found.firstName} ${found.lastName}, since ${found.since.slice(0, 16)}. Nothing more is sent there until it is corrected.`,
  );
}

async function onAPhone({ endpoints, organisationId, child, staff }: Cast, father: Api): Promise<void> {
  const params = { organisationId };
  // Hours have passed since the morning: her sign-in is over, and her role is closed.
  const { visitor } = staff;
  await visitor.signInAgain();
  const role = (await visitor.api.getMe()).body.roles.find((held) => held.organisationId === organisationId)!;
  await visitor.api.openRole({ body: { organisationId, roleId: role.id as RoleId } });
  const token = 'ab'.repeat(32);
  await father.registerDevice({ body: { platform: 'apple', token } });
  const { body: before } = await father.getNoticePreferences({ params });
  await father.putNoticePreferences({
    params,
    ifMatch: before.version,
    body: {
      categories: {
        messages: { email: 'off', sms: 'off', push: 'at-once' },
        reminders: { email: 'weekly', sms: 'off', push: 'off' },
      },
      quietHours: { from: '21:00', until: '07:00' },
    },
  });
  step(
    'Henrik chooses: messages as a push on his phone and not by mail, reminders once a week, and quiet from 21 to 7.',
  );
  await staff.api.beginThread({
    params: { ...params, personId: child.id },
    body: { subject: 'Luer', text: 'Emil har glemt luen sin. Den ligger i hylla.' },
  });
  const push = await waitForPhoneMessage(endpoints.mailbox, token);
  step(`Aurora writes. His phone says “${push.text}”: it has passed Apple, so it says no more than that.`);
}

async function aGrandmotherSubscribes({ endpoints, organisationId }: Cast, leader: Api): Promise<void> {
  const params = { organisationId };
  const { body: purposes } = await leader.listConsentPurposes({ params });
  if (!purposes.items.some(({ code, state }) => code === 'newsletter' && state === 'open')) {
    await leader.declareConsentPurpose({ params, body: { code: 'newsletter' } });
  }
  const { body: forms } = await leader.getPublicForms({ params });
  await leader.setPublicForms({ params, ifMatch: forms.version, body: { newsletter: true, enquiries: true } });

  const now = await serviceTime(endpoints.mailbox);
  const email = `mormor.${now.getTime()}@example.no`;
  const since = now.toISOString();
  const form = `${endpoints.api}/o/${organisationId}/newsletter`;
  const sent = await fetch(form, { method: 'POST', body: new URLSearchParams({ name: 'Tove', email }) });
  const asked = await waitForMail(endpoints.mailbox, email, ({ sentAt }) => sentAt >= since);
  const confirm = `${endpoints.api}/l/${linkTokenIn(asked)}`;
  const looked = [await fetch(confirm, { method: 'HEAD' }), await fetch(confirm)].map(({ status }) => status);
  const { body: none } = await leader.listSubscribers({ params, query: { limit: 100 } });
  const isSubscriber = (list: typeof none) => list.items.some((one) => one.email === email);
  await pressed(confirm);
  const { body: one } = await leader.listSubscribers({ params, query: { limit: 100 } });
  step(
    `A grandmother asks for the newsletter on a public page (${sent.status}). A scanner looks at the link in her mail (${looked.join(', ')}): subscribed? ${isSubscriber(none)}. She presses the button: ${isSubscriber(one)}.`,
  );

  const first = await newsletter(leader, organisationId, 'Høst i Solbakken');
  const arrived = await waitForMail(endpoints.mailbox, email, ({ subject }) => subject === 'Høst i Solbakken');
  step(
    `Sandra sends a newsletter: ${first.progress.sent + first.progress.delivered} sent, ${first.progress.percentage} %. It came: “${arrived.subject}”.`,
  );
  await pressed(declineAddressIn(arrived));
  const second = await newsletter(leader, organisationId, 'Vinter i Solbakken');
  const { body: gone } = await leader.listSubscribers({ params, query: { limit: 100 } });
  step(
    `Her mail program unsubscribes her with one POST (RFC 8058), without a sign-in: subscribed? ${isSubscriber(gone)}. The next newsletter went to ${second.progress.sent + second.progress.delivered}.`,
  );
}

async function newsletter(leader: Api, organisationId: OrganisationId, subject: string) {
  const params = { organisationId };
  const words = { subject, text: 'Vi har vært mye ute denne måneden, og mer blir det.' };
  const { body: draft } = await leader.createDistributionJob({
    params,
    body: { kind: 'newsletter', audience: { kind: 'newsletter-subscribers' }, content: { nb: words, en: words } },
  });
  const ofJob = { params: { ...params, jobId: draft.id } };
  await leader.setDistributionState({ ...ofJob, body: { state: 'running' } });
  return until(async () => {
    const { body } = await leader.getDistributionJob(ofJob);
    return body.state === 'done' ? body : undefined;
  });
}

/** The header's address, as mail programs read it. */
function declineAddressIn({ headers }: Mail): string {
  const address = /<([^>]+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1];
  if (!address) throw new Error('The newsletter cannot be declined');
  return address;
}

async function whatWasSent({ organisationId, parentId }: Cast, leader: Api): Promise<void> {
  const { body } = await leader.listPersonNotices({
    params: { organisationId, personId: parentId },
    query: { limit: 100 },
  });
  step('What has been sent to Henrik, and what became of it? Sandra sees kinds and states, never words:');
  for (const { template, channel, state } of body.items.slice(0, 6)) indented(`${template} (${channel}): ${state}`);
  said('What two people write to each other is not in her list.');
}
