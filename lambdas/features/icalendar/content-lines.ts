const LINE_OCTETS_MAX = 75;

/**
 * Content lines as iCalendar (RFC 5545, section 3.1) and vCard (RFC 6350, section 3.2) share them: at most 75 octets
 * each, folded between characters and never within one, ended by CRLF.
 */
export const contentLines = (lines: readonly string[]): string => lines.map((line) => `${folded(line)}\r\n`).join('');

function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line.toWellFormed()) {
    const size = Buffer.byteLength(character, 'utf8');
    if (octets + size > LINE_OCTETS_MAX) {
      parts.push(part);
      // The space that marks a continuation counts.
      [part, octets] = [' ', 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n');
}

/** A TEXT value (RFC 5545, section 3.3.11; RFC 6350, section 3.4). Control characters have no place in one, but for tabs. */
export const escaped = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll('\n', '\\n');
