import { strToU8, type Zippable, zipSync } from 'fflate';

export const types = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
} as const;

/** A page that says nothing: enough for every reader to call it a PDF. */
export const pdf = (body = '') =>
  Buffer.from(`%PDF-1.7\n${body}1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`, 'latin1');

/** The list of parts of an Open XML document (ECMA-376-2, section 7.2.3). */
export const contentTypes = (mainType: string, more = '') =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/main.xml" ContentType="${mainType}"/>${more}</Types>`;

export const archive = (parts: Zippable) => Buffer.from(zipSync(parts));

export const openXml = (type: string, parts: Zippable = {}, list = contentTypes(`${type}.main+xml`)) =>
  archive({ '[Content_Types].xml': strToU8(list), 'main.xml': strToU8('<document/>'), ...parts });

export const openDocument = (parts: Zippable = {}) =>
  archive({ mimetype: [strToU8(types.odt), { level: 0 }], 'content.xml': strToU8('<office/>'), ...parts });
