import { randomBytes, randomInt } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { ascii, capitalised, dayIn, nameOf, type PlacedCanary, phoneOf, text, word } from './coinage.ts';
import type { Sink } from './evidence.ts';

export type Family = ReturnType<typeof aFamily>;

/**
 * A child and a guardian with twenty things about them that nobody else in the world has, in the shapes that real ones
 * have. Each is put into the service where the service asks for it.
 */
export function aFamily(surname: string) {
  const birthDate = dayIn(2020, 2022);
  const [year, month, day] = birthDate.split('-');
  const phone = phoneOf();
  const phoneInRegister = `${phone.slice(3, 6)} ${phone.slice(6, 8)} ${phone.slice(8)}`;
  const sealedInCore: readonly Sink[] = ['core table', 'backup bucket'];
  const imported: readonly Sink[] = [...sealedInCore, 'quarantine bucket'];
  const canaries = {
    childFirstName: { name: "the child's first name", value: nameOf(), sinks: imported },
    childLastName: { name: "the child's last name", value: `${surname}${word(8)}`, sinks: imported },
    birthDate: {
      name: "the child's date of birth",
      value: birthDate,
      alsoWritten: [`${day}.${month}.${year}`],
      sinks: imported,
    },
    childNote: { name: 'a note about the child', value: text('Liker best'), sinks: sealedInCore },
    earlierNote: { name: 'an earlier note about the child', value: text('Sover med'), sinks: ['core table'] },
    picture: { name: "the child's picture", value: randomBytes(48), sinks: sealedInCore },
    earlierPicture: { name: "the child's earlier picture", value: randomBytes(48), sinks: ['core table'] },
    firstName: { name: "the guardian's first name", value: nameOf(), sinks: imported },
    lastName: { name: "the guardian's last name", value: `${surname}${word(8)}`, sinks: imported },
    email: {
      name: 'the e-mail address',
      value: ascii(`${word(9)}@${word(7)}.example.no`),
      sinks: [...imported, 'lookup table', 'cognito'],
    },
    phone: {
      name: 'the telephone number',
      value: phone,
      alsoWritten: [phone.slice(1), phoneInRegister],
      sinks: imported,
    },
    address: { name: 'the address', value: `${capitalised(word())}veien ${randomInt(100, 999)}`, sinks: imported },
    guardianNote: { name: 'a note about the guardian', value: text('Ringes helst'), sinks: sealedInCore },
    accountName: { name: 'the name on the account', value: nameOf(), sinks: sealedInCore },
    setting: { name: 'a personal setting', value: `app-${word(14)}`, sinks: sealedInCore },
    browser: {
      name: 'the browser',
      value: `Mozilla/5.0 ${ascii(word(12))}/1.0 ${ascii(word(9))}`,
      sinks: ['transient table'],
    },
    request: { name: 'the words of a request', value: text('Jeg vil vite'), sinks: ['rights table', 'backup bucket'] },
    proposal: {
      name: 'an address proposed',
      value: `${capitalised(word())}stien ${randomInt(100, 999)}`,
      sinks: ['rights table', 'backup bucket'],
    },
    dpoMessage: {
      name: 'a message to the data-protection officer',
      value: text('I all fortrolighet'),
      sinks: ['rights table', 'backup bucket'],
    },
    logNote: { name: "a note in the child's log", value: text('Bygde i dag'), sinks: sealedInCore },
    message: { name: 'a message about the child', value: text('Vi lurer på om'), sinks: sealedInCore },
    document: { name: 'what stands in a document', value: text('Planen er at'), sinks: ['downloads bucket'] },
    consented: {
      name: 'what is held on consent alone',
      value: `${capitalised(word())}bakken ${randomInt(100, 999)}`,
      sinks: sealedInCore,
    },
  } satisfies Record<string, PlacedCanary>;
  return { canaries, phoneInRegister, all: Object.values(canaries) as readonly PlacedCanary[] };
}

/** A picture whose pixels are the canary, three bytes each in one line, not compressed (PNG, third edition); in base64. */
export function pictureOf(pixels: Uint8Array): string {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels.length / 3, 0);
  header.writeUInt32BE(1, 4);
  // Eight bits of red, green and blue.
  header.set([8, 2], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, ...pixels]), { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]).toString('base64');
}

function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
