import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { letterHtml, letterText } from '../../../lambdas/features/notices/letter.ts';
import type { Facts } from '../../../lambdas/features/notices/letters/phrases.ts';
import { letterFor, senderName } from '../../../lambdas/features/notices/letters.ts';
import { mimeOf } from '../../../lambdas/features/notices/mime.ts';
import { categoryOf, type NoticeContent, type Template } from '../../../lambdas/features/notices/notice.ts';
import { anId } from '../../support/store.ts';

const token = 'k'.repeat(32);
const at = '2026-10-25T00:30:00.000Z';
const childId = anId('per');
const aboutRequest = {
  requestId: anId('req'),
  dueAt: at,
  timeZone: 'Europe/Oslo',
  hasAccount: true,
  extendedFor: 'complexity' as const,
  endsAt: at,
};
const aboutChild = { requestId: anId('req'), childIds: [childId] };
const contents: { readonly [T in Template]: Extract<NoticeContent, { template: T }> } = {
  'checked-in': { template: 'checked-in', parameters: { childId, at } },
  'not-arrived': { template: 'not-arrived', parameters: { childId, expectedAt: at } },
  'message-waiting': { template: 'message-waiting', parameters: { childId, from: 'leader', isSensitive: false } },
  'message-waiting-for-you': {
    template: 'message-waiting-for-you',
    parameters: { from: 'guardian', isSensitive: true },
  },
  'announcement-waiting': { template: 'announcement-waiting', parameters: { from: 'leader' } },
  'slot-booked': { template: 'slot-booked', parameters: { childId, at } },
  'slot-cancelled': { template: 'slot-cancelled', parameters: { childId, at } },
  'slot-taken': { template: 'slot-taken', parameters: { at } },
  'slot-moved': { template: 'slot-moved', parameters: { from: at, at } },
  'slot-freed': { template: 'slot-freed', parameters: { at } },
  invitation: {
    template: 'invitation',
    parameters: { token, expiresAt: at, role: 'guardian', childIds: [childId] },
  },
  'email-change-confirm': { template: 'email-change-confirm', parameters: { token, expiresAt: at } },
  'email-changed': { template: 'email-changed', parameters: { at } },
  'statement-changed': { template: 'statement-changed', parameters: { version: '2026-11-21.2e5e95e7aab9505a' } },
  'consent-asked-anew': {
    template: 'consent-asked-anew',
    parameters: { because: 'age', answerBefore: '2026-11-24', childIds: [childId] },
  },
  'consent-withdrawn': { template: 'consent-withdrawn', parameters: { at, childIds: [childId] } },
  'sub-processor-change': {
    template: 'sub-processor-change',
    parameters: { kind: 'add', supplier: 'Melding AS', effectiveOn: '2026-12-23', objectBefore: '2026-12-22' },
  },
  'breach-told': {
    template: 'breach-told',
    parameters: { breachId: anId('brc'), phase: 1, knownAt: at, reportDueAt: at },
  },
  'breach-person': {
    template: 'breach-person',
    parameters: {
      nb: { whatHappened: 'Feil liste.', consequences: 'Lite.', measures: 'Slettet.', contact: 'Ring oss.' },
      en: { whatHappened: 'Wrong list.', consequences: 'Little.', measures: 'Deleted.', contact: 'Call us.' },
    },
  },
  'daily-summary': {
    template: 'daily-summary',
    parameters: { childId, sleeps: 1, meals: 3, nappies: 2, notes: 0, expiresAt: at },
  },
  'document-about-child': { template: 'document-about-child', parameters: { childId, asked: 'confirmation' } },
  'document-for-you': { template: 'document-for-you', parameters: { asked: 'opening' } },
  'event-invited': { template: 'event-invited', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-changed': { template: 'event-changed', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-cancelled': { template: 'event-cancelled', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-tomorrow': { template: 'event-tomorrow', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-unanswered': { template: 'event-unanswered', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'own-event-invited': { template: 'own-event-invited', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-changed': { template: 'own-event-changed', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-cancelled': { template: 'own-event-cancelled', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-tomorrow': { template: 'own-event-tomorrow', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-unanswered': { template: 'own-event-unanswered', parameters: { expiresAt: at, day: '2026-12-04' } },
  'times-due': {
    template: 'times-due',
    parameters: { childId, expiresAt: at, from: '2026-11-30', until: '2026-12-04' },
  },
  'holiday-answer-due': {
    template: 'holiday-answer-due',
    parameters: { childId, expiresAt: at, from: '2026-12-21', until: '2026-12-21' },
  },
  'claim-answer': { template: 'claim-answer', parameters: { token, expiresAt: at } },
  'export-ready': { template: 'export-ready', parameters: { expiresAt: at, childIds: [childId] } },
  'erasure-done': { template: 'erasure-done', parameters: { what: 'person', at } },
  'claim-certificate': { template: 'claim-certificate', parameters: { token, expiresAt: at } },
  'claim-code': { template: 'claim-code', parameters: { code: '123456', expiresAt: at } },
  'dpo-confirm': { template: 'dpo-confirm', parameters: { token, expiresAt: at } },
  'dpo-answer': { template: 'dpo-answer', parameters: { at } },
  'dpo-answer-link': { template: 'dpo-answer-link', parameters: { token, expiresAt: at } },
  'dpo-message': { template: 'dpo-message', parameters: { at } },
  'agreement-ends': {
    template: 'agreement-ends',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01', agreementErasedOn: '2027-02-01' },
  },
  'agreement-choice-reminder': {
    template: 'agreement-choice-reminder',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01' },
  },
  'agreement-deletion': {
    template: 'agreement-deletion',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01' },
  },
  'activity-export-ready': { template: 'activity-export-ready', parameters: { expiresAt: at } },
  'organisation-export-ready': { template: 'organisation-export-ready', parameters: { expiresAt: at } },
  'agreement-data-gone': { template: 'agreement-data-gone', parameters: { at } },
  'request-received': { template: 'request-received', parameters: aboutRequest },
  'request-waiting': { template: 'request-waiting', parameters: aboutRequest },
  'request-extended': { template: 'request-extended', parameters: aboutRequest },
  'request-refused': { template: 'request-refused', parameters: aboutRequest },
  'request-met': { template: 'request-met', parameters: aboutRequest },
  'request-in-force': { template: 'request-in-force', parameters: aboutRequest },
  'request-ending': { template: 'request-ending', parameters: aboutRequest },
  'request-incomplete': { template: 'request-incomplete', parameters: aboutRequest },
  'request-to-decide': { template: 'request-to-decide', parameters: aboutRequest },
  'request-due': { template: 'request-due', parameters: aboutRequest },
  'request-overdue': { template: 'request-overdue', parameters: aboutRequest },
  'request-about-child': { template: 'request-about-child', parameters: aboutChild },
  'request-rectified': { template: 'request-rectified', parameters: aboutChild },
  'log-checkpoint': {
    template: 'log-checkpoint',
    parameters: {
      events: 12,
      signedAt: at,
      text: 'vern/dev/log/org\n12\n',
      keysUrl: 'https://api.vern.example/v1/proofs/keys',
    },
  },
  'totp-reset': { template: 'totp-reset', parameters: { token, expiresAt: at } },
};
const facts = (but: Partial<Facts> = {}): Facts => ({
  language: 'nb',
  organisation: { name: 'Solbakken barnehage', profile: 'kindergarten', timeZone: 'Europe/Oslo' },
  isProtected: false,
  childFirstName: 'Åse',
  linkUrl: (secret) => `https://api.vern.example/l/${secret}`,
  declineUrl: 'https://api.vern.example/l/decline',
  ...but,
});
const envelope = { senderAddress: 'notices@vern.example', senderName: 'Vern', recipientAddress: 'a@example.org' };
const everyTemplate = Object.keys(contents) as Template[];
const everyLanguage = ['nb', 'en'] as const;
const every = everyTemplate.flatMap((template) => everyLanguage.map((language) => [template, language] as const));

describe('every letter', () => {
  it.each(every)(
    '%s in %s says who sent it, why, and how to complain, in HTML and in text (ALL-01)',
    (template, language) => {
      const letter = letterFor(contents[template], facts({ language }));
      for (const body of [letterHtml(letter), letterText(letter)]) {
        expect(body).toContain(
          language === 'nb' ? 'Du får denne e-posten fra Solbakken' : 'You get this e-mail from Solbakken',
        );
        expect(body).toContain('Datatilsynet');
        expect(body).toMatch(/https:\/\/www\.datatilsynet\.no\/\S+/);
      }
    },
  );

  it.each(every)('%s in %s can be declined by one click, or says why not (RFC 8058)', async (template, language) => {
    const letter = letterFor(contents[template], facts({ language }));
    const { headers } = await PostalMime.parse(await mimeOf(letter, envelope));
    const value = (name: string) => headers.find(({ key }) => key === name)?.value;
    if (categoryOf(template)) {
      expect(value('list-unsubscribe')).toBe('<https://api.vern.example/l/decline>');
      expect(value('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    } else {
      expect(value('list-unsubscribe')).toBeUndefined();
      expect(letterText(letter)).toMatch(
        /kan derfor ikke slås av|ikke noe du abonnerer|cannot be turned off|not something that you subscribe/,
      );
    }
  });

  it.each(every)('%s in %s has a subject that tells nothing of the child or the organisation', (template, language) => {
    const { subject } = letterFor(contents[template], facts({ language }));
    expect(subject).not.toMatch(/Åse|Solbakken|02[.:]30/);
  });

  it.each(every)('%s in %s loads nothing and has no script', (template, language) => {
    const html = letterHtml(letterFor(contents[template], facts({ language })));
    expect(html).not.toMatch(/<(img|script|link|iframe|object)|url\(|@import|src=/i);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('prefers-color-scheme:dark');
  });

  it('names an hour that happens twice as the wall clock does (DST in Europe/Oslo)', () => {
    const text = letterText(letterFor(contents['checked-in'], facts()));
    expect(text).toContain('klokken 02.30');
  });
});

describe('the MIME message', () => {
  it('is one alternative of text and HTML, with its language, and marked as automatic', async () => {
    const raw = await mimeOf(letterFor(contents['checked-in'], facts()), {
      ...envelope,
      senderName: senderName(facts()),
    });
    const mail = await PostalMime.parse(raw);
    const value = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(value('content-type')).toMatch(/^multipart\/alternative/);
    expect(value('content-language')).toBe('nb');
    expect(value('auto-submitted')).toBe('auto-generated');
    expect(value('reply-to')).toBeUndefined();
    expect(mail.from).toEqual({ name: 'Solbakken barnehage', address: 'notices@vern.example' });
    expect(mail.text).toContain('Åse ble krysset inn klokken 02.30.');
    expect(mail.html).toContain('Åse er krysset inn');
    expect(mail.attachments).toEqual([]);
  });

  it('has no bare line feed, and no line that a mail server may break (RFC 5322, section 2.1.1)', async () => {
    const raw = await mimeOf(letterFor(contents.invitation, facts()), { ...envelope, senderName: 'Å'.repeat(120) });
    const text = Buffer.from(raw).toString('latin1');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
  });

  it.each([
    ['æøå', 'Blåbærskogen Ærøy'],
    ['emoji', 'Solstråla 🌞👨‍👩‍👧'],
    ['right-to-left', 'روضة الشمس'],
    ['quotes and commas', 'Barnehagen "Sol", avd. 1 <post@x.no>'],
    ['a long one', 'Å'.repeat(120)],
  ])('carries a sender with %s unharmed', async (_, senderName) => {
    const mail = await PostalMime.parse(
      await mimeOf(letterFor(contents.invitation, facts()), { ...envelope, senderName }),
    );
    expect(mail.from).toEqual({ name: senderName, address: 'notices@vern.example' });
    expect(mail.to).toEqual([{ name: '', address: 'a@example.org' }]);
  });

  it.each(['Sol\r\nBcc: b@example.org', 'Sol\nX: y', 'Sol\u0000', 'Sol\u2028Bcc: b@example.org'])(
    'refuses a sender that could begin another header: %j',
    async (senderName) => {
      await expect(mimeOf(letterFor(contents.invitation, facts()), { ...envelope, senderName })).rejects.toThrow(
        'A header holds a control character',
      );
    },
  );

  it.each(['a@example.org\r\nBcc: b@example.org', 'a@example.org, b@example.org', 'a <a@example.org>', '@', 'a@b@c'])(
    'refuses a recipient that is not one plain address: %j',
    async (recipientAddress) => {
      await expect(
        mimeOf(letterFor(contents.invitation, facts()), { ...envelope, recipientAddress }),
      ).rejects.toThrow();
    },
  );

  it('never lets a name become markup or a second header, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (name) => {
        const letter = letterFor(contents['checked-in'], facts({ childFirstName: `<b>${name}</b><script>` }));
        expect(letterHtml(letter)).not.toMatch(/<b>|<script/);
        const raw = await mimeOf(letter, envelope);
        const { headers } = await PostalMime.parse(raw);
        expect(headers.map(({ key }) => key).sort()).toEqual([
          'auto-submitted',
          'content-language',
          'content-type',
          'date',
          'from',
          'list-unsubscribe',
          'list-unsubscribe-post',
          'message-id',
          'mime-version',
          'subject',
          'to',
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a right-to-left name from turning the sentence around it', () => {
    const text = letterText(letterFor(contents['checked-in'], facts({ childFirstName: 'أحمد' })));
    expect(text).toContain('\u2068أحمد\u2069 ble krysset inn');
  });
});
