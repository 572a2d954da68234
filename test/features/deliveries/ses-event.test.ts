import { describe, expect, it } from 'vitest';
import { readReport } from '../../../lambdas/features/deliveries/ses-event.ts';
import { jobTagOf } from '../../../lambdas/features/distribution/mail-tag.ts';
import { eventsFor, outcomeFor } from '../../../local/ses/simulator.ts';
import { anId } from '../../support/store.ts';
import { sesMessage } from './ses-message.ts';

const noticeId = anId('ntc');
const tags = { notice: [noticeId] };
const at = '2026-11-23T07:00:05.000Z';
const sentAt = '2026-11-23T07:00:00.000Z';

describe('what SES says of a notice', () => {
  it.each([
    ['Send', {}, { type: 'send', at: sentAt }],
    ['Delivery', {}, { type: 'delivery', at }],
    ['DeliveryDelay', {}, { type: 'delay', at }],
    ['Bounce', {}, { type: 'bounce', bounce: 'permanent', at }],
    ['Bounce', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, { type: 'bounce', bounce: 'transient', at }],
    ['Bounce', { bounceType: 'Undetermined' }, { type: 'bounce', bounce: 'transient', at }],
    ['Complaint', {}, { type: 'complaint', at }],
    ['Complaint', { complaintSubType: 'OnAccountSuppressionList' }, { type: 'bounce', bounce: 'permanent', at }],
    ['Reject', {}, { type: 'reject', at: sentAt }],
    ['Rendering Failure', {}, { type: 'reject', at: sentAt }],
  ])('is read: %s %j', (eventType, detail, event) => {
    expect(readReport(sesMessage(eventType, { tags, detail }))).toEqual({
      event,
      noticeId,
      sentAt,
      sesMessageId: 'ses-1',
      address: 'kari@example.org',
    });
  });

  it('holds none of what SES quotes: no subject, no words of the other server', () => {
    const report = JSON.stringify(readReport(sesMessage('Bounce', { tags })));
    expect(report).not.toMatch(/melding|does not live|smtp/);
  });
});

describe('what the embedded SES says', () => {
  const told = (name: string) => {
    const address = `${name}@simulator.amazonses.com`;
    const mail = {
      ...{
        id: 'ses-1',
        to: [address],
        from: 'notices@vern.example',
        subject: 'En melding',
        headers: {},
        text: '',
        html: '',
      },
      ...{ sentAt, tags: { notice: noticeId }, configurationSetName: 'vern', undelivered: [] },
    };
    const events = eventsFor(mail, mail.from, [], [{ address, outcome: outcomeFor(address, false) }]);
    return events.map((event) => {
      const report = readReport(JSON.stringify(event));
      if (typeof report === 'string') return report;
      return `${report.event.type}${report.event.bounce ? ` ${report.event.bounce}` : ''}`;
    });
  };

  it.each([
    ['success', ['send', 'delivery']],
    ['ooto', ['send', 'delivery']],
    ['success+delayed', ['send', 'delay', 'delivery']],
    ['bounce', ['send', 'bounce permanent']],
    ['bounce+full', ['send', 'bounce transient']],
    ['suppressionlist', ['send', 'bounce permanent']],
    ['complaint', ['send', 'delivery', 'complaint']],
  ])('of a mail to %s is read as it is meant', (name, events) => {
    expect(told(name)).toEqual(events);
  });

  it('of a mail that it rejects is that it was not sent on', () => {
    expect(told('success+rejected')).toContain('reject');
  });
});

describe('what is no report of a mail of ours', () => {
  it('is a mail that no tag of ours is on, however it looks', () => {
    expect(readReport(sesMessage('Delivery', {}))).toBe('not-ours');
    expect(readReport(sesMessage('Delivery', { tags: { notice: ['ntc_1'], job: ['job_1'] } }))).toBe('not-ours');
    const toMany = JSON.parse(sesMessage('Delivery', {})) as { mail: { destination: string[] } };
    toMany.mail.destination.push('ola@example.org');
    expect(readReport(JSON.stringify(toMany))).toBe('not-ours');
  });

  it('is what nobody asked SES for, and a mail taken out of the junk', () => {
    expect(readReport(sesMessage('Open', { tags }))).toBe('of-another-kind');
    expect(readReport(sesMessage('constructor', { tags }))).toBe('of-another-kind');
    const detail = { complaintFeedbackType: 'not-spam' };
    expect(readReport(sesMessage('Complaint', { tags, detail }))).toBe('of-another-kind');
  });

  it.each([
    ['no JSON', '{'],
    ['no event', '{"mail":{}}'],
    ['a null', 'null'],
    ['a bounce of no known kind', sesMessage('Bounce', { tags, detail: { bounceType: 'Sudden' } })],
    ['an instant that is none', sesMessage('Delivery', { tags, at: 'yesterday' })],
  ])('is left for somebody to look at: %s', (_, body) => {
    expect(readReport(body)).toBe('unreadable');
  });

  it('is a job’s mail: it is told by its place there', () => {
    const place = { jobId: anId('job'), chunk: 12, index: 7 };
    const report = readReport(sesMessage('Delivery', { tags: { job: [jobTagOf(place)] } }));
    expect(report).toMatchObject({ place, event: { type: 'delivery', at } });
  });
});
