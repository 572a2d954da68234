import { pointer } from './pointer.ts';
import { Problem } from './problem.ts';
import { BODY_BYTES_MAX } from './strict-json.ts';

/**
 * A form as a page of ours sends it (`application/x-www-form-urlencoded`, URL Standard, section 5.1): every value is
 * text. As strict as JSON is here: no name twice, no name that could reach a prototype, valid UTF-8. Throws
 * `body-too-large` or `malformed-request`.
 */
export function parseForm(bytes: Uint8Array): Record<string, string> {
  if (bytes.byteLength > BODY_BYTES_MAX) throw new Problem('body-too-large');
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.from(bytes).toString('utf8'))) {
    if (fields.has(name)) throw refused(name, 'This field is given twice.');
    if (name === '__proto__') throw refused(name, 'This name is not allowed.');
    // What was no UTF-8 has been replaced by now, and no text of a person needs the sign that says so.
    if (value.includes('\uFFFD')) throw refused(name, 'The form is not valid UTF-8.');
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

const refused = (name: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('body', name), detail }] });
