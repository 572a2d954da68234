/** The longest part of a field's name that an error repeats: names come from the caller and end in the caller's logs. */
const SEGMENT_CHARACTERS_MAX = 64;

/**
 * A JSON pointer as a URI fragment (RFC 6901, section 6). The document pointed into is the request:
 * `{ params, query, body, headers }`.
 */
export const pointer = (...path: readonly PropertyKey[]): string =>
  ['#', ...path.map((segment) => encodeURIComponent(escaped(segment)))].join('/');

const escaped = (segment: PropertyKey): string =>
  String(segment).slice(0, SEGMENT_CHARACTERS_MAX).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

export interface RequestError {
  readonly pointer: string;
  readonly detail: string;
}
