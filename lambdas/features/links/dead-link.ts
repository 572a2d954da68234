import type { Call, Language } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { type PageWords, page } from './page.ts';

export const deadLink: Readonly<Record<Language, PageWords>> = {
  nb: {
    title: 'Lenken virker ikke lenger',
    paragraphs: ['Den kan være brukt, erstattet eller utløpt. Be om en ny der du fikk den.'],
  },
  en: {
    title: 'This link does not work any more',
    paragraphs: ['It may have been used, replaced or have expired. Ask for a new one where you found it.'],
  },
};

/** What a link that was never made, was used or is over is answered with: one page for all three. */
export const deadLinkPage = ({ language }: Call) =>
  new PageProblem('link-not-found', page(deadLink[language], language));
