/** As free text is kept: NFC, `\n` alone, without what cannot be seen. What no client of ours has typed is mended, not refused. */
export const plainText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .normalize('NFC')
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069\uFEFF]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
