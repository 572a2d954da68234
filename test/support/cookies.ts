/**
 * SM-09, word for word: the only cookies that may ever be set, and whether a script of ours would have to read them.
 * None is set today: a token travels in a header, and settings are kept by the service.
 */
const allowed: Readonly<Record<string, { readonly readByScript: boolean }>> = {
  session: { readByScript: false },
  style: { readByScript: true },
  'last-solution': { readByScript: true },
  version: { readByScript: true },
  'notice-shown': { readByScript: true },
};

/** What is wrong with a cookie that is to be set (RFC 6265, section 4.1); undefined when nothing is. */
export function cookieFault(setCookie: string): string | undefined {
  const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('=')).replace(/^__(?:Host|Secure)-/, '');
  const has = (wanted: string) => attributes.some((attribute) => attribute.toLowerCase() === wanted);
  const cookie = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  if (!cookie) return `SM-09 knows no cookie ${name}`;
  if (!has('secure')) return `${name} is not Secure`;
  if (!has('samesite=strict') && !has('samesite=lax')) return `${name} has no SameSite`;
  if (!cookie.readByScript && !has('httponly')) return `${name} is not HttpOnly, and no script needs it`;
  if (attributes.some((attribute) => /^domain=/i.test(attribute))) return `${name} goes to other hosts`;
  return undefined;
}

/** Throws where an answer sets a cookie that SM-09 does not name, or sets one carelessly. */
export function demandAllowedCookies(headers: Headers): void {
  for (const cookie of headers.getSetCookie()) {
    const fault = cookieFault(cookie);
    if (fault !== undefined) throw new Error(fault);
  }
}
