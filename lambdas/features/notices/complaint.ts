import type { Language } from '../../http/call.ts';

/** Every notice, page and document says how to complain (ALL-01). */
export const complaint: Readonly<Record<Language, { readonly text: string; readonly url: string }>> = {
  nb: {
    text: 'Mener du at opplysninger om deg blir brukt på feil måte, kan du klage til Datatilsynet:',
    url: 'https://www.datatilsynet.no/om-datatilsynet/kontakt-oss/klage-til-datatilsynet/',
  },
  en: {
    text: 'If you think that information about you is being misused, you can complain to the Norwegian Data Protection Authority (Datatilsynet):',
    url: 'https://www.datatilsynet.no/en/about-us/contact-us/how-to-complain-to-the-norwegian-dpa/',
  },
};
