import type { Call } from '../../http/call.ts';
import { PDF } from '../../http/content.ts';
import type { HandlersFor } from '../../http/route.ts';
import { renderHtml } from '../agreements/html.ts';
import { renderPdf } from '../agreements/pdf.ts';
import { statementDocument } from '../agreements/statement.ts';
import { type AgreementStore, documentFor, factsOf } from './agreement-handlers.ts';
import type { documentRoutes } from './agreement-routes.ts';
import { legalDocumentView } from './legal-document-view.ts';

export const documentHandlers = (
  agreements: Pick<AgreementStore, 'find'>,
): HandlersFor<typeof documentRoutes, Call> => ({
  getAgreementPage: async ({ params }, call) =>
    renderHtml(documentFor(await factsOf(agreements, params.organisationId, call), call)),

  async getAgreementPdf({ params }, call) {
    const document = documentFor(await factsOf(agreements, params.organisationId, call), call);
    const filename = `${document.title} ${document.version}.pdf`;
    return { contentType: PDF, content: await renderPdf(document), filename };
  },

  async getStatement({ params: { profile } }) {
    const [nb, en] = [statementDocument(profile, 'nb'), statementDocument(profile, 'en')].map(legalDocumentView);
    return { version: nb!.version, nb: nb!, en: en! };
  },
});
