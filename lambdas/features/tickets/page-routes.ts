import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { inLanguage } from '../../http/params.ts';
import { anyone, type Routes } from '../../http/route.ts';
import { changingRecords, orderingErasure } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { ANSWER_CHARACTERS_MAX } from './page.ts';

/** What the page of a ticket's link sends: whoever has the link is whoever asked. */
export const ticketPageRoutes = {
  answerLinkedTicket: {
    summary: 'Reply to a ticket, or erase it, by its link',
    description: 'What the forms of the page send. Only whoever is registered nowhere can erase a ticket here.',
    tag: 'Tickets',
    method: 'POST',
    path: '/l/{token}/ticket',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    body: z
      .strictObject({
        do: z.enum(['write', 'erase']),
        // Read as free text by the handler, so that what is refused is answered by a page and not by a document.
        text: z
          .string()
          .max(2 * ANSWER_CHARACTERS_MAX)
          .optional(),
      })
      .meta({ id: 'LinkedTicketAnswer' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'wrong-state', 'too-many', 'forbidden-content', 'malformed-request'],
    needs: [...changingRecords, ...orderingErasure, 'rights:read'],
    limit: { perSecond: 5, burst: 10 },
  },
} as const satisfies Routes;
