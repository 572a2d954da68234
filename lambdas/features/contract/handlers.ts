import type { Call } from '../../http/call.ts';
import { htmlPage, JSON_DOCUMENT, type RichContent } from '../../http/content.ts';
import type { OpenApiDocument } from '../../http/openapi-types.ts';
import { Problem, problems } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { ProblemExplanation, SignInConfiguration } from './contract.ts';
import { problemPage, problemsPage } from './problem-pages.ts';
import { areaPage, referencePage } from './reference-page.ts';
import type { contractRoutes } from './routes.ts';
import { style } from './style.ts';

export interface ContractParts {
  /** The generated contract, whose address is a placeholder. */
  readonly document: OpenApiDocument;
  readonly publicUrl: string;
  readonly signIn: SignInConfiguration;
}

export function contractHandlers(parts: ContractParts): HandlersFor<typeof contractRoutes, Pick<Call, 'now'>> {
  const { publicUrl, signIn } = parts;
  const placeholder = parts.document.servers[0]?.url ?? publicUrl;
  const text = once(() => JSON.stringify(parts.document).replaceAll(placeholder, publicUrl));
  // Rendered at the first request and not at build: one generated file less to keep in step, for a few milliseconds.
  const document = once((): OpenApiDocument => JSON.parse(text()));
  const reference = once(() => asPage(referencePage(document())));
  const areas = new Map<string, RichContent>();
  const explanations = Object.entries(problems).map(([slug, { status, title, remedy }]) => ({
    type: `${publicUrl}/problems/${slug}`,
    slug,
    status,
    title,
    remedy,
  }));

  return {
    async getHealth(_input, { now }) {
      return { status: 'ok', version: parts.document.info.version, time: now.toISOString() };
    },
    async getSignInConfiguration() {
      return signIn;
    },
    async getOpenApiDocument() {
      return { contentType: JSON_DOCUMENT, content: text() };
    },
    async getReference() {
      return reference();
    },
    async getReferenceOfArea({ params: { area } }) {
      const known = areas.get(area);
      if (known) return known;
      const markup = areaPage(document(), area);
      if (markup === undefined) throw new Problem('no-such-route');
      const page = asPage(markup);
      areas.set(area, page);
      return page;
    },
    async listProblems() {
      return withJson(asPage(problemsPage(explanations)), { problems: explanations });
    },
    async getProblem({ params }) {
      const explanation = explanations.find(({ slug }) => slug === params.slug);
      if (!explanation) throw new Problem('no-such-route');
      return withJson(asPage(problemPage(explanation)), explanation);
    },
  };
}

const asPage = (markup: string): RichContent => htmlPage(markup, [style]);

const withJson = (
  content: RichContent,
  json: ProblemExplanation | { problems: readonly ProblemExplanation[] },
): RichContent => ({
  ...content,
  alternatives: [{ contentType: JSON_DOCUMENT, content: JSON.stringify(json) }],
});

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
