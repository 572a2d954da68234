import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { FileType } from '../../../lambdas/features/files/file.ts';
import { inspect } from '../../../lambdas/features/files/inspection.ts';
import { exif, jpeg, png, vp8, webp } from '../pictures/samples.ts';
import { archive, contentTypes, openDocument, openXml, pdf, types } from './samples.ts';

const looked = (contentType: FileType, content: Buffer, bytes = content.length) =>
  inspect({ contentType, bytes }, content);
const refusalOf = async (contentType: FileType, content: Buffer) => {
  const inspected = await looked(contentType, content);
  return 'refusal' in inspected ? inspected.refusal : 'taken';
};

describe('what was uploaded', () => {
  it.each<[FileType, Buffer]>([
    ['application/pdf', pdf()],
    ['image/png', png()],
    ['image/webp', webp(vp8())],
    ['image/jpeg', jpeg()],
    [types.docx, openXml(types.docx)],
    [types.xlsx, openXml(types.xlsx)],
    [types.pptx, openXml(types.pptx)],
    [types.odt, openDocument()],
    ['text/plain', Buffer.from('\ufeffPakkeliste: ull, votter og 3 < 4 par sokker.\n')],
  ])('is taken as %s when it is that', async (type, content) => {
    expect(await looked(type, content)).toEqual({ content });
  });

  it('loses what its pictures tell of place and camera, and what follows their end', async () => {
    const content = Buffer.concat([jpeg({ extra: [exif] }), archive({ 'Main.class': strToU8('code') })]);
    expect(await looked('image/jpeg', content)).toEqual({ content: jpeg() });
  });

  it.each<[string, FileType, Buffer, string]>([
    ['a PNG that is called a JPEG', 'image/jpeg', png(), 'type-differs'],
    ['a PNG that is called a PDF', 'application/pdf', png(), 'type-differs'],
    ['a program that is called a PDF', 'application/pdf', Buffer.from('MZ\0\0program'), 'type-differs'],
    ['a PDF that is called a text', 'text/plain', pdf(), 'not-allowed'],
    ['a PDF behind something else', 'application/pdf', Buffer.concat([Buffer.from('GIF89a;'), pdf()]), 'type-differs'],
    ['a spreadsheet that is called a document', types.docx, openXml(types.xlsx), 'type-differs'],
    ['an archive that is called a document', types.docx, archive({ 'a.txt': strToU8('a') }), 'type-differs'],
    ['an Open XML document that is called an ODT', types.odt, openXml(types.docx), 'type-differs'],
    ['octets that are no UTF-8', 'text/plain', Buffer.from([0x48, 0xff, 0xfe]), 'type-differs'],
    ['a text with a NUL', 'text/plain', Buffer.from('a\0b'), 'type-differs'],
  ])('is refused: %s', async (_what, type, content, refusal) => {
    expect(await refusalOf(type, content)).toBe(refusal);
  });

  it.each([
    '<!DOCTYPE html><p>',
    ' \n<svg onload="x()"/>',
    '<?xml version="1.0"?>',
    '<script>x()</script>',
    '#!/bin/sh\n',
  ])('is no text when it begins as code: %s', async (text) =>
    expect(await refusalOf('text/plain', Buffer.from(text))).toBe('not-allowed'),
  );

  it('is refused when its size is not the one declared', async () => {
    expect(await looked('application/pdf', pdf(), pdf().length + 1)).toEqual({ refusal: 'size-differs' });
    expect(await looked('text/plain', Buffer.alloc(0), 0)).toEqual({ refusal: 'size-differs' });
  });
});

describe('a file that is two things at once', () => {
  it('is refused as a PDF that is a page too', async () => {
    expect(await refusalOf('application/pdf', pdf('<html><script>x()</script>'))).toBe('not-allowed');
  });

  it('is refused as a PDF that ends as an archive', async () => {
    const content = Buffer.concat([pdf(), archive({ 'Main.class': strToU8('code') })]);
    expect(await refusalOf('application/pdf', content)).toBe('not-allowed');
  });

  it('is refused as a document that begins as something else', async () => {
    expect(await refusalOf(types.docx, Buffer.concat([pdf(), openXml(types.docx)]))).toBe('type-differs');
  });
});

describe('an office document', () => {
  it.each<[string, Buffer, FileType]>([
    ['with a project of macros', openXml(types.docx, { 'word/vbaProject.bin': strToU8('x') }), types.docx],
    ['with macro sheets', openXml(types.xlsx, { 'xl/macrosheets/sheet1.xml': strToU8('x') }), types.xlsx],
    ['with ActiveX', openXml(types.pptx, { 'ppt/activeX/activeX1.bin': strToU8('x') }), types.pptx],
    ['with Basic', openDocument({ 'Basic/Standard/Module1.xml': strToU8('x') }), types.odt],
    [
      'whose project has another name',
      openXml(
        types.docx,
        {},
        contentTypes(
          `${types.docx}.main+xml`,
          '<Override PartName="/p" ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
      ),
      types.docx,
    ],
    [
      'of a type for macros (DOCM)',
      openXml(types.docx, {}, contentTypes('application/vnd.ms-word.document.macroEnabled.main+xml')),
      types.docx,
    ],
  ])('%s is refused', async (_what, content, type) => expect(await refusalOf(type, content)).toBe('has-macros'));

  it('that spells its types so that a search misses them is refused', async () => {
    const hidden = contentTypes(`${types.docx}.main+xml`, '<Override ContentType="a.macro&#69;nabled"/>');
    expect(await refusalOf(types.docx, openXml(types.docx, {}, hidden))).toBe('damaged');
  });

  it('that would unpack to more than a disk should hold is refused without unpacking it', async () => {
    const content = openXml(types.docx, { 'word/media/zeros': [new Uint8Array(1024), { level: 0 }] });
    // The size that the central directory claims (APPNOTE.TXT, section 4.3.12), 24 octets into its entry.
    const entry = content.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    content.writeUInt32LE(0xf000_0000, entry + 24);
    expect(await refusalOf(types.docx, content)).toBe('too-much-inside');
  });

  it('of more parts than anybody writes is refused', async () => {
    const content = openXml(types.docx);
    // The number of entries that the end record claims (APPNOTE.TXT, section 4.3.16).
    content.writeUInt16LE(0xffff, content.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1')) + 8);
    expect(await refusalOf(types.docx, content)).toBe('too-much-inside');
  });

  it('that is cut anywhere is refused, and ends nothing', async () => {
    const whole = openXml(types.docx);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (length) => {
        expect(await refusalOf(types.docx, whole.subarray(0, length))).not.toBe('taken');
      }),
      { numRuns: 50 },
    );
  });

  it('of any octets behind the right first ones is refused, and ends nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (octets) => {
        const end = Buffer.from(`PK\u0005\u0006${'\u0001'.repeat(16)}\0\0`, 'latin1');
        const content = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), octets, end]);
        expect(await refusalOf(types.docx, content)).not.toBe('taken');
      }),
      { numRuns: 100 },
    );
  });
});
