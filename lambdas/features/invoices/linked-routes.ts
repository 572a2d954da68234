import { PDF } from '../../http/content.ts';
import { inLanguage } from '../../http/params.ts';
import { anyone, type Routes } from '../../http/route.ts';
import { linkRoutes } from '../links/routes.ts';

/** Behind the link of a mail about an invoice. */
export const linkedInvoiceRoutes = {
  fetchLinkedInvoice: {
    summary: 'Fetch an invoice, by the link of a mail',
    description: 'What the page of the link sends; signs nobody in and changes nothing.',
    tag: 'Billing',
    method: 'POST',
    path: '/l/{token}/invoice',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    success: { status: 200, content: [PDF] },
    problems: ['link-not-found'],
    needs: ['transient:read', 'core:read', 'keys:use', 'organisation-key:open'],
    limit: { perSecond: 20, burst: 40 },
  },
} as const satisfies Routes;
