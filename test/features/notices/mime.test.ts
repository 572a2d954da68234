import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { letterHtml, letterText } from '../../../lambdas/features/notices/letter.ts';
import { letterFor, listNameOf, senderName } from '../../../lambdas/features/notices/letters.ts';
import { mimeOf } from '../../../lambdas/features/notices/mime.ts';
import { categoryOf, type Template, templates } from '../../../lambdas/features/notices/notice.ts';
import { anId } from '../../support/store.ts';
import { factsBut, samples } from './letter-samples.ts';

const everyTemplate = Object.keys(templates) as Template[];
const everyLanguage = ['nb', 'en'] as const;
const every = everyTemplate.flatMap((template) => everyLanguage.map((language) => [template, language] as const));
const organisationId = anId('org');
const envelope = { senderAddress: 'notices@vern.example', senderName: 'Vern', recipientAddress: 'a@example.org' };

/** As the outbox puts it together. */
function sent(template: Template, but: Parameters<typeof factsBut>[0] = {}, listName?: string) {
  const facts = factsBut(but);
  return mimeOf(letterFor(samples[template], facts), { ...envelope, senderName: senderName(facts), listName });
}
const read = (raw: Uint8Array) => PostalMime.parse(raw);
const header = ({ headers }: Email, name: string) => headers.find(({ key }) => key === name)?.value;
const headerLines = (raw: Uint8Array) =>
  Buffer.from(raw).toString('latin1').split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];

const HEADERS = [
  'auto-submitted',
  'content-language',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
];
const ONE_CLICK = ['list-unsubscribe', 'list-unsubscribe-post'];

describe('every mail', () => {
  it.each(every)('%s in %s is read back by another parser as it was written', async (template, language) => {
    const letter = letterFor(samples[template], factsBut({ language }));
    const raw = await sent(template, { language });
    const mail = await read(raw);
    expect(mail.subject).toBe(letter.subject);
    expect(mail.from).toEqual({ name: 'Solbakken barnehage', address: 'notices@vern.example' });
    expect(mail.to).toEqual([{ name: '', address: 'a@example.org' }]);
    // The parser ends a text with a line break of its own.
    expect(mail.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(letterText(letter).trimEnd());
    expect(mail.html?.replaceAll('\r\n', '\n').trimEnd()).toBe(letterHtml(letter).trimEnd());
    expect(mail.attachments).toEqual([]);
  });

  it.each(every)('%s in %s has the headers that it needs and no other', async (template, language) => {
    const mail = await read(await sent(template, { language }));
    const { decline } = letterFor(samples[template], factsBut({ language }));
    const keys = mail.headers.map(({ key }) => key).sort();
    expect(keys).toEqual([...HEADERS, ...(decline ? ONE_CLICK : [])].sort());
    expect(header(mail, 'content-language')).toBe(language);
    expect(header(mail, 'content-type')).toMatch(/^multipart\/alternative/);
    // RFC 3834, section 5.1.
    expect(header(mail, 'auto-submitted')).toBe('auto-generated');
    // RFC 8058, section 3.1: exactly one address, by HTTPS.
    expect(header(mail, 'list-unsubscribe')).toBe(decline && `<${decline.url}>`);
    expect(header(mail, 'list-unsubscribe-post')).toBe(decline && 'List-Unsubscribe=One-Click');
  });

  it.each(every)(
    '%s in %s is ASCII in lines that no server breaks (RFC 5322, section 2.1.1)',
    async (template, language) => {
      const text = Buffer.from(await sent(template, { language })).toString('latin1');
      expect(text).toMatch(/^[\t\r\n\x20-\x7e]*$/);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
    },
  );

  it.each(everyTemplate)('%s stands in letters/ as its readers get it', async (template) => {
    const shown = await Promise.all(
      everyLanguage.map(async (language) => asRead(await read(await sent(template, { language })))),
    );
    await expect(shown.join(`\n${'='.repeat(78)}\n\n`)).toMatchFileSnapshot(`letters/${template}.txt`);
  });

  it('and no other stands in letters/', () => {
    const kept = readdirSync(new URL('./letters', import.meta.url)).map((name) => name.replace(/\.txt$/, ''));
    expect(kept.sort()).toEqual([...everyTemplate].sort());
  });
});

describe('the list of a mail', () => {
  it.each(everyTemplate)(
    '%s has a List-Id if it is written once for many, and only then (RFC 2919)',
    async (template) => {
      const name = listNameOf(template, organisationId, { isProtected: false });
      const isOfList = ['organisation-news', 'newsletter', 'surveys'].includes(categoryOf(template) ?? '');
      expect(name).toBe(isOfList ? `${categoryOf(template)}.${organisationId}` : undefined);
      const listId = header(await read(await sent(template, {}, name)), 'list-id');
      expect(listId).toBe(name && `<${name}.vern.example>`);
      expect((listId ?? '').length).toBeLessThanOrEqual(255);
    },
  );

  it('does not join two letters to a protected address', () => {
    const listed = everyTemplate.map((template) => listNameOf(template, organisationId, { isProtected: true }));
    expect(listed.join()).not.toContain(organisationId);
  });

  it.each(['', 'a b', 'a>\r\nBcc: b@example.org', 'å', '.a', 'a..b'])('refuses %j as a name', async (name) => {
    await expect(sent('checked-in', {}, name)).rejects.toThrow('A list has no plain name');
  });
});

describe('names in headers', () => {
  const named = (name: string) => mimeOf(letterFor(samples.invitation, factsBut()), { ...envelope, senderName: name });

  it.each([
    ['æøå', 'Blåbærskogen Ærøy'],
    ['emoji', 'Solstråla 🌞👨‍👩‍👧'],
    ['right-to-left', 'روضة الشمس'],
    ['quotes and commas', 'Barnehagen "Sol", avd. 1 <post@x.no>'],
    ['a long one', 'Å'.repeat(120)],
    ['a long one of emoji', '👨‍👩‍👧‍👦'.repeat(30)],
  ])('survive with %s', async (_, name) => {
    const raw = await named(name);
    expect((await read(raw)).from).toEqual({ name, address: 'notices@vern.example' });
    for (const line of headerLines(raw)) expect(line.length).toBeLessThanOrEqual(78);
  });

  it('are not taken for encoded words when they only look like them', async () => {
    expect((await read(await named('=?utf-8?Q?Bank?='))).from?.name).toBe('= ?utf-8?Q?Bank?=');
  });

  it('are encoded words of 75 characters at most, none of which cuts a character in two (RFC 2047, section 2 and 5)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), async (name) => {
        fc.pre(!/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(name) && name.trim() === name && name.isWellFormed());
        const head = headerLines(await named(name)).join('\n');
        for (const [word, encoding, content = ''] of head.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)) {
          expect(word.length).toBeLessThanOrEqual(75);
          const octets =
            encoding?.toLowerCase() === 'b'
              ? Buffer.from(content, 'base64')
              : Buffer.from(
                  content
                    .replaceAll('_', ' ')
                    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
                  'latin1',
                );
          expect(() => new TextDecoder('utf-8', { fatal: true }).decode(octets)).not.toThrow();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never end a header, whatever they are: the mail has the headers of any other, or is not written', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc
        .tuple(
          fc.string({ maxLength: 10 }),
          fc.constantFrom('\r\n', '\n', '\r', '\u0000', '\u0085', '\u2028', '\u2029', '\r\n\r\n'),
        )
        .map(([name, end]) => `${name}${end}Bcc: b@example.org`),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        const raw = await named(name).catch((error: Error) => {
          expect(error.name).toBe('UnsafeHeader');
        });
        if (!raw) return;
        expect(name).not.toMatch(/[\r\n]/);
        const mail = await read(raw);
        expect(mail.headers.map(({ key }) => key).sort()).toEqual(HEADERS);
        expect(mail.to).toEqual([{ name: '', address: 'a@example.org' }]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    'a@example.org\r\nBcc: b@example.org',
    'a@example.org, b@example.org',
    'a <a@example.org>',
    '@',
    'a@b@c',
    'å@example.org',
    'a@exämple.org',
    '"a b"@example.org',
    'a@example.org>',
  ])('an address is one plain address in ASCII: %j is refused', async (recipientAddress) => {
    const letter = letterFor(samples.invitation, factsBut());
    await expect(mimeOf(letter, { ...envelope, recipientAddress })).rejects.toThrow('An address is not a plain one');
    await expect(mimeOf(letter, { ...envelope, senderAddress: recipientAddress })).rejects.toThrow();
  });

  it('never become markup or a second header in what a letter says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (name) => {
        const facts = factsBut({
          childFirstName: `<b>${name}</b><script>`,
          organisation: { ...factsBut().organisation!, name: `"><img src=x>${name}` },
        });
        const letter = letterFor(samples['checked-in'], facts);
        expect(letterHtml(letter)).not.toMatch(/<b>|<script|<img/);
        const mail = await read(await mimeOf(letter, envelope));
        expect(mail.headers.map(({ key }) => key).sort()).toEqual([...HEADERS, ...ONE_CLICK].sort());
      }),
      { numRuns: 50 },
    );
  });
});

/** A mail as a mail program shows it: what was written by hand is read here at one glance. */
const asRead = (mail: Email) =>
  [
    ...['From', 'Subject', 'Content-Language', 'List-Unsubscribe', 'List-Unsubscribe-Post'].flatMap((name) => {
      const value =
        name === 'From'
          ? `${mail.from?.name} <${mail.from?.address}>`
          : name === 'Subject'
            ? mail.subject
            : header(mail, name.toLowerCase());
      return value === undefined ? [] : [`${name}: ${value}`];
    }),
    '',
    `${mail.text?.replaceAll('\r\n', '\n').trimEnd()}\n`,
  ].join('\n');
