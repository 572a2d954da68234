import type { Call, Language } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import { renderHtml } from '../agreements/html.ts';
import { legalDocumentView } from '../organisations/legal-document-view.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { type Composed, statementOf } from './compose.ts';
import { isMaterial, type MaterialReason, type PublishedStatement } from './published.ts';
import type { statementPublicationRoutes, statementRoutes } from './routes.ts';
import { nextStatement } from './writes.ts';

export interface OfOrganisation {
  readonly organisation: Organisation;
  /** The newest first; none before the first was stored. */
  readonly published: readonly PublishedStatement[];
  /** The terms that it has decided on itself. */
  readonly adjustments: Composed['adjustments'];
}

export interface StatementStore {
  /** Undefined for an organisation that is not there, or closed. */
  find(organisationId: OrganisationId, call: Call): Promise<OfOrganisation | undefined>;
  publish<A>(organisationId: OrganisationId, next: PublishedStatement, call: Call, answer: A): Promise<A>;
}

export const statementHandlers = (store: Pick<StatementStore, 'find'>): HandlersFor<typeof statementRoutes, Call> => ({
  async getOrganisationStatement({ params }, call) {
    const of = await found(store, params.organisationId, call);
    const document = inForce(of, call.language, call);
    return {
      version: document.version,
      document: legalDocumentView(document),
      versions: of.published.map(lineOf),
    };
  },

  async getOrganisationStatementPage({ params }, call) {
    const of = await found(store, params.organisationId, call);
    return renderHtml(inForce(of, call.language, call));
  },

  async getStatementVersion({ params }, call) {
    const { organisation, published } = await found(store, params.organisationId, call);
    const version = published.find((one) => one.version === params.version);
    if (!version) throw new Problem('statement-not-found');
    const document = statementOf(organisation, version, call.language, call.now);
    return { ...lineOf(version), document: legalDocumentView(document) };
  },
});

export const statementPublicationHandlers = (
  store: Pick<StatementStore, 'find' | 'publish'>,
): HandlersFor<typeof statementPublicationRoutes, Call> => ({
  async publishStatement({ params, body }, call) {
    const { organisation, published, adjustments } = await found(store, params.organisationId, call);
    const publication = {
      cause: 'organisation',
      adjustments,
      own: body.own,
      said: reasonsIn(body.changes),
      publishedBy: call.role!.personId,
    } as const;
    const next = nextStatement(organisation, published[0], publication, call.now);
    if (!next) throw new Problem('wrong-state', 'This is the statement in force already.');
    return store.publish(organisation.id, next, call, lineOf(next));
  },
});

function reasonsIn({
  narrowsRights,
  changesDuties,
  newPurpose,
}: InputOf<(typeof statementPublicationRoutes)['publishStatement']>['body']['changes']): MaterialReason[] {
  return [
    ...(narrowsRights ? (['narrows-rights'] as const) : []),
    ...(changesDuties ? (['changes-duties'] as const) : []),
    ...(newPurpose ? (['new-purpose'] as const) : []),
  ];
}

const inForce = ({ organisation, published }: OfOrganisation, language: Language, { now }: Call) =>
  statementOf(organisation, published[0], language, now);

const lineOf = (statement: PublishedStatement) => ({
  version: statement.version,
  publishedAt: statement.publishedAt,
  material: isMaterial(statement),
  reasons: [...statement.reasons],
});

async function found(
  store: Pick<StatementStore, 'find'>,
  organisationId: OrganisationId,
  call: Call,
): Promise<OfOrganisation> {
  const of = await store.find(organisationId, call);
  if (!of) throw new Problem('organisation-not-found');
  return of;
}
