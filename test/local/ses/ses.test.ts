import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetAccountSendingEnabledCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  SESClient,
  SendEmailCommand,
  SendRawEmailCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import { createTransport, type SendMailOptions } from 'nodemailer';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../../local/clock.ts';
import { attachmentsOf } from '../../../local/ses/mime.ts';
import { quotaFrom } from '../../../local/ses/quota.ts';
import { type EmbeddedSes, type SesOptions, startSes } from '../../../local/ses/server.ts';
import type { SesEvent } from '../../../local/ses/simulator.ts';
import { inOwnProcess, moduleUrl } from '../kms/in-own-process.ts';

let now = Date.parse('2026-11-21T12:00:00Z');
const clock: Clock = { now: () => now, offsetMilliseconds: 0 };
const aStateDir = () => mkdtempSync(join(tmpdir(), 'vern-ses-'));
const running: EmbeddedSes[] = [];

const started = async (options: Partial<SesOptions> = {}) => {
  const ses = await startSes({ stateDir: aStateDir(), clock, ...options });
  running.push(ses);
  return { ses, client: clientOf(ses.url) };
};
const clientOf = (endpoint: string) =>
  new SESClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

afterEach(async () => {
  now = Date.parse('2026-11-21T12:00:00Z');
  for (const ses of running.splice(0)) await ses.close();
});

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
const mimeOf = async (mail: SendMailOptions = {}) => {
  const { message } = await composer.sendMail({
    from: 'Vern <vern@example.org>',
    to: 'ola@example.org',
    subject: 'Hei',
    text: 'Hei på deg',
    ...mail,
  });
  return message as Buffer;
};
const rawCommand = (raw: Uint8Array, more: Partial<SendRawEmailCommand['input']> = {}) =>
  new SendRawEmailCommand({ RawMessage: { Data: raw }, ...more });
const aMessage = (...lines: string[]) => Buffer.from(lines.join('\r\n'));
const refused = (name: string) => expect.objectContaining({ name });

describe('sending raw mail', () => {
  it('keeps what nodemailer made, readable: letters, emoji, both bodies, attachments', async () => {
    const { ses, client } = await started();
    const subject = 'Blåbær 🫐 og en svært lang linje om hvem som henter hvem når dagen er over på Solbakken';
    const raw = await mimeOf({
      from: 'Barnehagen Solbakken æøå <vern@example.org>',
      to: ['Åse Ødegård <ase@example.org>', 'kari@example.org'],
      subject,
      text: 'Hei på deg – «æøå»',
      html: '<p lang="nb">Hei på deg 🫐</p>',
      headers: { 'Content-Language': 'nb', 'X-Twice': ['one', 'two'] },
      list: { unsubscribe: 'https://vern.example.org/l/token' },
      attachments: [{ filename: 'månedsplan.txt', content: 'Tur på fredag' }],
    });
    const { MessageId } = await client.send(rawCommand(raw));

    const [kept] = ses.mails.list();
    expect(kept!.mail).toMatchObject({
      id: MessageId,
      to: ['ase@example.org', 'kari@example.org'],
      from: 'Barnehagen Solbakken æøå <vern@example.org>',
      subject,
      text: 'Hei på deg – «æøå»',
      html: '<p lang="nb">Hei på deg 🫐</p>',
      sentAt: '2026-11-21T12:00:00.000Z',
      undelivered: [],
    });
    expect(kept!.mail.headers).toMatchObject({
      'content-language': 'nb',
      'x-twice': 'one, two',
      to: 'Åse Ødegård <ase@example.org>, kari@example.org',
      'list-unsubscribe': '<https://vern.example.org/l/token>',
    });
    const [attachment] = await attachmentsOf(kept!.raw);
    expect(attachment!.name).toBe('månedsplan.txt');
    expect(attachment!.content.toString()).toBe('Tur på fredag');
  });

  it('sets Message-ID and Date itself, and takes out what the recipient must not see', async () => {
    const { ses, client } = await started();
    const raw = await mimeOf({ messageId: '<mine@example.org>', date: new Date(0), bcc: 'hidden@example.org' });
    const { MessageId } = await client.send(rawCommand(raw));
    const { mail, raw: sent } = ses.mails.list()[0]!;
    expect(mail.headers['message-id']).toBe(`<${MessageId}@eu-west-1.amazonses.com>`);
    expect(mail.headers['date']).toBe('Sat, 21 Nov 2026 12:00:00 +0000');
    expect(mail.to).toEqual(['ola@example.org', 'hidden@example.org']);
    expect(sent.toString()).not.toContain('hidden@');
    expect(sent.toString()).not.toContain('mine@');
  });

  it('changes no other header by folding it anew', async () => {
    const { ses, client } = await started();
    const raw = await mimeOf({
      subject: `Ord ${'på rad '.repeat(60)}`,
      headers: { 'X-Long': 'x'.repeat(900), 'X-Blanks': `a${' '.repeat(100)}b ${'word '.repeat(40)}end` },
    });
    await client.send(rawCommand(raw));
    const ours = await PostalMime.parse(ses.mails.list()[0]!.raw);
    const theirs = await PostalMime.parse(raw);
    const comparable = (email: typeof ours) =>
      email.headers.filter(({ key }) => !['message-id', 'date'].includes(key)).map(({ key, value }) => [key, value]);
    expect(comparable(ours)).toEqual(comparable(theirs));
    expect(ours.subject).toBe(theirs.subject);
    for (const line of ses.mails.list()[0]!.raw.toString().split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('tells once a mail is kept', async () => {
    const onSend = vi.fn();
    const { ses, client } = await started({ onSend });
    await client.send(rawCommand(await mimeOf()));
    await client.send(rawCommand(Buffer.from('nonsense'))).catch(() => {});
    expect(onSend.mock.calls).toEqual([[ses.mails.list()[0]!.mail]]);
  });

  it('sends to the envelope where one is given, not to the headers', async () => {
    const { ses, client } = await started();
    await client.send(rawCommand(await mimeOf(), { Destinations: ['only@example.org'] }));
    expect(ses.mails.list()[0]!.mail.to).toEqual(['only@example.org']);
  });

  it('keeps tags and configuration set, from the request and from the headers', async () => {
    const { ses, client } = await started({ configurationSets: ['notices', 'others'] });
    const headers = { 'X-SES-MESSAGE-TAGS': 'notice=from-header, kind=digest', 'X-SES-CONFIGURATION-SET': 'others' };
    await client.send(rawCommand(await mimeOf({ headers })));
    await client.send(
      rawCommand(await mimeOf({ headers }), {
        Tags: [{ Name: 'notice', Value: 'not_01j' }],
        ConfigurationSetName: 'notices',
      }),
    );
    const [second, first] = ses.mails.list().map(({ mail }) => mail);
    expect(first).toMatchObject({
      tags: { notice: 'from-header', kind: 'digest' },
      configurationSetName: 'others',
    });
    expect(second).toMatchObject({ tags: { notice: 'not_01j', kind: 'digest' }, configurationSetName: 'notices' });
    expect(first!.headers).not.toHaveProperty('x-ses-message-tags');
    await expect(client.send(rawCommand(await mimeOf(), { ConfigurationSetName: 'nowhere' }))).rejects.toEqual(
      refused('ConfigurationSetDoesNotExistException'),
    );
  });

  const head = ['From: vern@example.org', 'To: ola@example.org'];
  it.each([
    ['no blank line', aMessage(...head, 'Subject: x')],
    ['nothing at all', Buffer.from(' ')],
    ['no From', aMessage('To: ola@example.org', 'Subject: x', '', 'hei')],
    ['two Subjects', aMessage(...head, 'Subject: x', 'Subject: y', '', 'hei')],
    ['a line in the header that is none', aMessage(...head, 'nonsense', '', 'hei')],
    ['a header that begins folded', aMessage(' folded', ...head, '', 'hei')],
    ['a header with raw letters', aMessage(...head, 'Subject: blåbær', '', 'hei')],
    ['a bare carriage return in a header', aMessage(...head, 'Subject: x\rBcc: spy@example.org', '', 'hei')],
    ['a line of 999 octets', aMessage(...head, '', 'x'.repeat(999))],
    ['no recipient', aMessage('From: vern@example.org', 'Subject: x', '', 'hei')],
    ['a recipient without a domain', aMessage('From: vern@example.org', 'To: ola', '', 'hei')],
    ['a recipient with a blank', aMessage('From: vern@example.org', 'To: <o la@example.org>', '', 'hei')],
    ['a multipart without boundary', aMessage(...head, 'Content-Type: multipart/mixed', '', 'hei')],
    [
      'a multipart that does not end',
      aMessage(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x'),
    ],
  ])('refuses a message with %s, and keeps nothing', async (_, raw) => {
    const onEvents = vi.fn();
    const { ses, client } = await started({ onEvents });
    await expect(client.send(rawCommand(raw))).rejects.toEqual(refused('InvalidParameterValue'));
    expect(ses.mails.count()).toBe(0);
    expect(onEvents).not.toHaveBeenCalled();
  });

  it.each(['åse@example.org', 'ola@', 'ola@example', 'a,b@example..org', 'ola@exa mple.org', ''])(
    'refuses to send to %j',
    async (recipient) => {
      const { ses, client } = await started();
      const command = rawCommand(await mimeOf(), { Destinations: ['kari@example.org', recipient] });
      await expect(client.send(command)).rejects.toEqual(refused('InvalidParameterValue'));
      expect(ses.mails.count()).toBe(0);
    },
  );

  it('takes fifty recipients and refuses one more', async () => {
    const { ses, client } = await started();
    const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.org`);
    await client.send(rawCommand(await mimeOf(), { Destinations: many(50) }));
    await expect(client.send(rawCommand(await mimeOf(), { Destinations: many(51) }))).rejects.toEqual(
      refused('InvalidParameterValue'),
    );
    expect(ses.mails.count()).toBe(1);
  });

  it('refuses more than 10 MB, and takes a little less', async () => {
    const { ses, client } = await started();
    const line = `${'x'.repeat(98)}\r\n`;
    const sized = (bytes: number) => Buffer.concat([aMessage(...head, '', ''), Buffer.from(line.repeat(bytes / 100))]);
    await client.send(rawCommand(sized(10_000_000)));
    await expect(client.send(rawCommand(sized(10_485_800)))).rejects.toEqual(refused('InvalidParameterValue'));
    expect(ses.mails.count()).toBe(1);
  });

  it.each([
    [{ Name: 'notice', Value: 'å' }],
    [{ Name: 'notice', Value: 'a.b' }],
    [{ Name: 'two words', Value: 'x' }],
    [{ Name: 'notice', Value: '' }],
  ])('refuses the tag %j', async (tag) => {
    const { client } = await started();
    await expect(client.send(rawCommand(await mimeOf(), { Tags: [tag] }))).rejects.toEqual(
      refused('InvalidParameterValue'),
    );
  });
});

describe('sending by parts', () => {
  it('composes the mail', async () => {
    const { ses, client } = await started();
    const { MessageId } = await client.send(
      new SendEmailCommand({
        Source: 'Vern æøå <vern@example.org>',
        Destination: {
          ToAddresses: ['ola@example.org'],
          CcAddresses: ['cc@example.org'],
          BccAddresses: ['b@example.org'],
        },
        ReplyToAddresses: ['svar@example.org'],
        Message: { Subject: { Data: 'Blåbær 🫐' }, Body: { Text: { Data: 'Hei å' }, Html: { Data: '<b>Hei å</b>' } } },
      }),
    );
    const { mail, raw } = ses.mails.find(MessageId!)!;
    expect(mail).toMatchObject({
      to: ['ola@example.org', 'cc@example.org', 'b@example.org'],
      from: 'Vern æøå <vern@example.org>',
      subject: 'Blåbær 🫐',
      text: 'Hei å',
      html: '<b>Hei å</b>',
    });
    expect(mail.headers).toMatchObject({ cc: 'cc@example.org', 'reply-to': 'svar@example.org' });
    expect(raw.toString()).not.toContain('b@example.org>');
    expect(raw.toString()).not.toMatch(/^Bcc/im);
  });

  it('lets no header slip in through the subject', async () => {
    const { ses, client } = await started();
    await client.send(
      new SendEmailCommand({
        Source: 'vern@example.org',
        Destination: { ToAddresses: ['ola@example.org'] },
        Message: { Subject: { Data: 'x\r\nX-Evil: 1' }, Body: { Text: { Data: 'y' } } },
      }),
    );
    expect(ses.mails.list()[0]!.mail.headers).not.toHaveProperty('x-evil');
  });

  it('reads no file for the one who names it as a body', async () => {
    const { ses, client } = await started();
    await client.send(
      new SendEmailCommand({
        Source: 'vern@example.org',
        Destination: { ToAddresses: ['ola@example.org'] },
        Message: { Subject: { Data: 'x' }, Body: { Text: { Data: 'file:///etc/passwd' } } },
      }),
    );
    expect(ses.mails.list()[0]!.mail.text).toBe('file:///etc/passwd');
  });

  it('needs a recipient, an address that is one, and a body', async () => {
    const { ses, client } = await started();
    const command = (ToAddresses: string[], Text?: { Data: string }) =>
      new SendEmailCommand({
        Source: 'vern@example.org',
        Destination: { ToAddresses },
        Message: { Subject: { Data: 'x' }, Body: Text ? { Text } : {} },
      });
    const text = { Data: 'y' };
    for (const wrong of [command([], text), command(['ola'], text), command(['ola@example.org'])]) {
      await expect(client.send(wrong)).rejects.toEqual(refused('InvalidParameterValue'));
    }
    expect(ses.mails.count()).toBe(0);
  });
});

describe('identities', () => {
  it.each(['vern@example.org', 'vern@mail.example.org', 'one@other.org', 'One@Other.org'])(
    'lets %s send',
    async (from) => {
      const { client } = await started({ identities: ['Example.org', 'one@other.org'] });
      expect((await client.send(rawCommand(await mimeOf({ from })))).MessageId).toBeDefined();
    },
  );

  it.each(['two@other.org', 'vern@notexample.org', 'vern@example.org.evil.test'])('rejects %s', async (from) => {
    const { ses, client } = await started({ identities: ['example.org', 'one@other.org'] });
    await expect(client.send(rawCommand(await mimeOf({ from })))).rejects.toEqual(refused('MessageRejected'));
    // The envelope alone does not help.
    await expect(client.send(rawCommand(await mimeOf({ from }), { Source: 'vern@example.org' }))).rejects.toThrow(from);
    expect(ses.mails.count()).toBe(0);
  });

  it('can be verified, which a restart remembers', async () => {
    const stateDir = aStateDir();
    const { ses, client } = await started({ stateDir, identities: ['example.org'] });
    await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'new@other.org' }));
    await ses.close();
    const again = await started({ stateDir, identities: ['example.org'] });
    expect(await again.client.send(rawCommand(await mimeOf({ from: 'new@other.org' })))).toHaveProperty('MessageId');
    const { VerificationAttributes } = await again.client.send(
      new GetIdentityVerificationAttributesCommand({ Identities: ['example.org', 'new@other.org', 'no@other.org'] }),
    );
    expect(VerificationAttributes).toEqual({
      'example.org': { VerificationStatus: 'Success' },
      'new@other.org': { VerificationStatus: 'Success' },
    });
  });
});

describe('quotas', () => {
  it('count recipients by the second and by the day, on the clock', async () => {
    const { ses, client } = await started({ quota: { max24HourSend: 5, maxSendRate: 2 } });
    const two = { Destinations: ['a@example.org', 'b@example.org'] };
    await client.send(rawCommand(await mimeOf(), two));
    await expect(client.send(rawCommand(await mimeOf()))).rejects.toEqual(refused('Throttling'));
    now += 1000;
    await client.send(rawCommand(await mimeOf(), two));
    now += 1000;
    await expect(client.send(rawCommand(await mimeOf(), two))).rejects.toThrow('Daily message quota exceeded');
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 5,
      MaxSendRate: 2,
      SentLast24Hours: 4,
    });
    now += 86_400_000;
    await client.send(rawCommand(await mimeOf(), two));
    expect(ses.mails.count()).toBe(3);
  });

  it('are kept by parallel calls', async () => {
    const { ses, client } = await started({ quota: { max24HourSend: 100, maxSendRate: 3 } });
    const raw = await mimeOf();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => client.send(rawCommand(raw))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(ses.mails.count()).toBe(3);
  });

  it('go with a count of every mail that ever went out, and of how many one address got', async () => {
    const { ses, client } = await started();
    for (const to of ['a@example.org', 'B@example.org', 'b@example.org'])
      await client.send(rawCommand(await mimeOf({ to })));
    ses.mails.clear();
    expect(ses.mails.mailCounts()).toEqual({ mails: 3, addresses: 2, mostToOne: 2 });
  });

  it('are not refilled by emptying the mailbox', async () => {
    const { ses, client } = await started();
    await client.send(rawCommand(await mimeOf()));
    ses.mails.clear();
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 1, Max24HourSend: -1 });
  });

  it('are counted on after a restart', async () => {
    const stateDir = aStateDir();
    const quota = { max24HourSend: 3, maxSendRate: 100 };
    const first = await started({ stateDir, quota });
    for (let sent = 0; sent < 3; sent++) await first.client.send(rawCommand(await mimeOf()));
    await first.ses.close();
    const { client } = await started({ stateDir, quota });
    await expect(client.send(rawCommand(await mimeOf()))).rejects.toThrow('Daily message quota exceeded');
    now += 86_401_000;
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 0 });
    await client.send(rawCommand(await mimeOf()));
  });

  it('come from two variables, which must be numbers', () => {
    expect(quotaFrom({ VERN_SES_RATE: '14', VERN_SES_DAILY: '200' })).toEqual({ maxSendRate: 14, max24HourSend: 200 });
    expect(quotaFrom({}).max24HourSend).toBe(-1);
    for (const wrong of ['0', '-1', '1.5', 'many']) {
      expect(() => quotaFrom({ VERN_SES_DAILY: wrong })).toThrow('VERN_SES_DAILY is a whole number above zero');
    }
  });

  it('have statistics by the quarter of an hour', async () => {
    const { client } = await started();
    await client.send(rawCommand(await mimeOf()));
    await client.send(rawCommand(await mimeOf({ to: 'bounce@simulator.amazonses.com' })));
    now += 15 * 60_000;
    await client.send(rawCommand(await mimeOf({ to: 'complaint@simulator.amazonses.com' })));
    const { SendDataPoints } = await client.send(new GetSendStatisticsCommand({}));
    expect(SendDataPoints).toEqual([
      { Timestamp: new Date('2026-11-21T12:00:00Z'), DeliveryAttempts: 2, Bounces: 1, Complaints: 0, Rejects: 0 },
      { Timestamp: new Date('2026-11-21T12:15:00Z'), DeliveryAttempts: 1, Bounces: 0, Complaints: 1, Rejects: 0 },
    ]);
    expect(await client.send(new GetAccountSendingEnabledCommand({}))).toMatchObject({ Enabled: true });
  });
});

describe('events', () => {
  const eventsOf = async (to: string, options: Partial<SesOptions> = {}) => {
    const events: SesEvent[] = [];
    const { ses, client } = await started({ ...options, onEvents: (each) => void events.push(...each) });
    await client.send(
      rawCommand(await mimeOf({ to }), {
        Tags: [{ Name: 'notice', Value: 'not_01j' }],
        ConfigurationSetName: 'notices',
      }),
    );
    await vi.waitFor(() => expect(ses.mails.waitingEvents(1)).toEqual([]));
    return { events, ses };
  };

  it('tell of sending and delivery, with the tags', async () => {
    const { events, ses } = await eventsOf('ola@example.org');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery']);
    expect(events[1]).toMatchObject({
      mail: {
        messageId: ses.mails.list()[0]!.mail.id,
        timestamp: '2026-11-21T12:00:00.000Z',
        source: 'vern@example.org',
        destination: ['ola@example.org'],
        commonHeaders: { subject: 'Hei', from: ['Vern <vern@example.org>'], to: ['ola@example.org'] },
        tags: { notice: ['not_01j'], 'ses:configuration-set': ['notices'] },
      },
      delivery: { recipients: ['ola@example.org'] },
    });
  });

  it.each([
    ['bounce@simulator.amazonses.com', 'General'],
    ['bounce+label@simulator.amazonses.com', 'General'],
    ['suppressionlist@simulator.amazonses.com', 'Suppressed'],
  ])('tell that %s bounced', async (to, bounceSubType) => {
    const { events, ses } = await eventsOf(to);
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Bounce']);
    expect(events[1]).toMatchObject({
      bounce: { bounceType: 'Permanent', bounceSubType, bouncedRecipients: [{ emailAddress: to, action: 'failed' }] },
    });
    expect(ses.mails.list()[0]!.mail.undelivered).toMatchObject([{ address: to }]);
  });

  it.each(['success@simulator.amazonses.com', 'success+label@simulator.amazonses.com', 'ooto@simulator.amazonses.com'])(
    'tell that %s got it',
    async (to) => {
      const { events } = await eventsOf(to);
      expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery']);
    },
  );

  it('tell of a mailbox that is full, which is no bounce for good', async () => {
    const { events, ses } = await eventsOf('bounce+full.anna@simulator.amazonses.com');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Bounce']);
    expect(events[1]).toMatchObject({
      bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull', bouncedRecipients: [{ status: '4.2.2' }] },
    });
    expect(ses.mails.list()[0]!.mail.undelivered).toHaveLength(1);
  });

  it('tell of a delay before the delivery', async () => {
    const { events, ses } = await eventsOf('success+delayed@simulator.amazonses.com');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'DeliveryDelay', 'Delivery']);
    expect(events[1]).toMatchObject({
      deliveryDelay: {
        delayType: 'TransientCommunicationFailure',
        delayedRecipients: [{ emailAddress: 'success+delayed@simulator.amazonses.com', status: '4.4.1' }],
      },
    });
    expect(ses.mails.list()[0]!.mail.undelivered).toEqual([]);
  });

  it('tell that SES let a mail go no further', async () => {
    const { events, ses } = await eventsOf('success+rejected-3@simulator.amazonses.com');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Reject']);
    expect(events[1]).toMatchObject({ reject: { reason: 'Bad content' } });
    expect(ses.mails.list()[0]!.mail.undelivered).toMatchObject([{ reason: 'Bad content' }]);
  });

  it('come under the configuration set of the sender’s own domain, where a mail names none', async () => {
    const identity = (name: string, configurationSetName: string) =>
      ({ name, configurationSetName, dkimTokens: [], mailFromDomain: undefined }) as const;
    const emailIdentities = [identity('example.org', 'notices'), identity('Mail.example.org', 'jobs')];
    const { ses, client } = await started({ emailIdentities });
    const setOf = async (from: string, more: object = {}) => {
      await client.send(rawCommand(await mimeOf({ from }), more));
      return ses.mails.list()[0]!.mail.configurationSetName;
    };
    expect(await setOf('vern@example.org')).toBe('notices');
    expect(await setOf('vern@mail.example.org')).toBe('jobs');
    expect(await setOf('vern@example.org', { ConfigurationSetName: 'other' })).toBe('other');
    expect(await setOf('vern@elsewhere.org')).toBeNull();
  });

  it('are told in their order, at most ten at once', async () => {
    const batches: string[][] = [];
    const { ses, client } = await started({
      onEvents: (events) => void batches.push(events.map(({ mail, eventType }) => `${mail.messageId} ${eventType}`)),
    });
    const sent = await Promise.all(
      Array.from({ length: 30 }, async () => (await client.send(rawCommand(await mimeOf()))).MessageId),
    );
    await vi.waitFor(() => expect(ses.mails.waitingEvents(1)).toEqual([]));
    const told = batches.flat();
    expect(told).toHaveLength(60);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(10);
    for (const id of sent) expect(told.indexOf(`${id} Send`)).toBeLessThan(told.indexOf(`${id} Delivery`));
  });

  it('tell of a delivery and then of the complaint', async () => {
    const { events } = await eventsOf('complaint@simulator.amazonses.com');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery', 'Complaint']);
    expect(events[2]).toMatchObject({
      complaint: { complainedRecipients: [{ emailAddress: 'complaint@simulator.amazonses.com' }] },
    });
  });

  it('tell recipients of one mail apart', async () => {
    const { events } = await eventsOf('ola@example.org, bounce@simulator.amazonses.com');
    expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery', 'Bounce']);
    expect(events[1]).toMatchObject({ delivery: { recipients: ['ola@example.org'] } });
  });

  it('wait for a publisher that refuses them, and for the next start', async () => {
    const stateDir = aStateDir();
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { ses, client } = await started({ stateDir, onEvents: () => Promise.reject(new Error('SNS is away')) });
    await client.send(rawCommand(await mimeOf()));
    await vi.waitFor(() => expect(quiet).toHaveBeenCalled());
    await ses.close();
    quiet.mockRestore();
    const events: SesEvent[] = [];
    await started({ stateDir, onEvents: (each) => void events.push(...each) });
    await vi.waitFor(() => expect(events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery']));
  });
});

describe('the suppression list', () => {
  const pathOf = (address = '') => `/v2/email/suppression/addresses${address && `/${encodeURIComponent(address)}`}`;
  const put = (url: string, body: object) =>
    fetch(url + pathOf(), {
      method: 'PUT',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  it('keeps addresses, exactly as written, until they are taken off', async () => {
    const { ses } = await started();
    expect((await put(ses.url, { EmailAddress: 'Ola@example.org', Reason: 'BOUNCE' })).status).toBe(200);
    const found = await fetch(ses.url + pathOf('Ola@example.org'));
    expect(await found.json()).toMatchObject({
      SuppressedDestination: { EmailAddress: 'Ola@example.org', Reason: 'BOUNCE', LastUpdateTime: now / 1000 },
    });
    const otherCase = await fetch(ses.url + pathOf('ola@example.org'), { method: 'DELETE' });
    expect(otherCase.status).toBe(404);
    expect(otherCase.headers.get('x-amzn-errortype')).toBe('NotFoundException');
    expect((await fetch(ses.url + pathOf('Ola@example.org'), { method: 'DELETE' })).status).toBe(200);
    expect((await fetch(ses.url + pathOf('Ola@example.org'))).status).toBe(404);
  });

  it('lists page by page, by reason', async () => {
    const { ses } = await started();
    for (const name of ['a', 'b', 'c']) await put(ses.url, { EmailAddress: `${name}@example.org`, Reason: 'BOUNCE' });
    await put(ses.url, { EmailAddress: 'd@example.org', Reason: 'COMPLAINT' });
    const list = async (query: string) =>
      (await (await fetch(`${ses.url}${pathOf()}?${query}`)).json()) as {
        SuppressedDestinationSummaries: { EmailAddress: string }[];
        NextToken?: string;
      };
    const first = await list('PageSize=2&Reason=BOUNCE');
    const second = await list(`PageSize=2&Reason=BOUNCE&NextToken=${first.NextToken}`);
    const names = [...first.SuppressedDestinationSummaries, ...second.SuppressedDestinationSummaries];
    expect(names.map(({ EmailAddress }) => EmailAddress)).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
    expect(second.NextToken).toBeUndefined();
    expect((await list('EndDate=2026-11-20T00:00:00Z')).SuppressedDestinationSummaries).toEqual([]);
  });

  it.each([{ EmailAddress: 'ola', Reason: 'BOUNCE' }, { EmailAddress: 'ola@example.org', Reason: 'WHIM' }, {}])(
    'refuses %j',
    async (body) => {
      const { ses } = await started();
      const answer = await put(ses.url, body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('x-amzn-errortype')).toBe('BadRequestException');
    },
  );

  it('makes mail to its addresses bounce', async () => {
    const events: SesEvent[] = [];
    const { ses, client } = await started({ onEvents: (each) => void events.push(...each) });
    await put(ses.url, { EmailAddress: 'ola@example.org', Reason: 'COMPLAINT' });
    await client.send(rawCommand(await mimeOf({ to: 'Ola@example.org' })));
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events[1]).toMatchObject({ bounce: { bounceSubType: 'OnAccountSuppressionList' } });
    expect(ses.mails.list()[0]!.mail.undelivered).toHaveLength(1);
  });
});

describe('the server', () => {
  it('says that it does not know an operation', async () => {
    const { ses } = await started();
    const answer = await fetch(ses.url, { method: 'POST', body: new URLSearchParams({ Action: 'Send<Fax>' }) });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidAction</Code>');
  });

  it('has every acknowledged mail after a kill -9, and tells of it', async () => {
    const stateDir = aStateDir();
    const { said: url, kill } = await inOwnProcess(`
      import { startSes } from ${moduleUrl('local/ses/server.ts')};
      import { realClock } from ${moduleUrl('local/clock.ts')};
      const never = () => new Promise(() => {});
      process.stdout.write((await startSes({ stateDir: ${JSON.stringify(stateDir)}, clock: realClock, onEvents: never })).url);`);
    const client = clientOf(url);
    const acknowledged: string[] = [];
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let round = 0; round < 25; round++) {
        const raw = await mimeOf({ subject: `${sender}-${round}` });
        const sent = await client.send(rawCommand(raw)).catch(() => undefined);
        if (!sent) return;
        acknowledged.push(sent.MessageId!);
        if (acknowledged.length === 30) await kill();
      }
    });
    await Promise.all(senders);
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);
    const events: SesEvent[] = [];
    const { ses } = await started({ stateDir, onEvents: (each) => void events.push(...each) });
    for (const id of acknowledged) expect(ses.mails.find(id)).toBeDefined();
    await vi.waitFor(() => expect(ses.mails.waitingEvents(1)).toEqual([]));
    const sent = new Set(events.filter(({ eventType }) => eventType === 'Send').map(({ mail }) => mail.messageId));
    for (const id of acknowledged) expect(sent).toContain(id);
  });
});
