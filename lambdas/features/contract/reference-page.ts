import { type Html, html } from '../../http/html.ts';
import type { OpenApiDocument, OpenApiResponse, Operation } from '../../http/openapi-types.ts';
import { type Addressed, curl, parametersOf, pretty } from './curl.ts';
import { documentPage, markdown } from './document-page.ts';
import { exampleOf } from './example.ts';
import { fieldsView, fieldView, typeText } from './schema-view.ts';

/** A part of the reference with a page of its own: what the routes call a tag. */
interface Area {
  readonly name: string;
  readonly description: string;
  readonly slug: string;
  readonly operations: readonly Addressed[];
}

const SCHEMAS = 'schemas';
const schemasDescription = 'What stands in more than one place.';

function areasOf({ paths, tags }: OpenApiDocument): Area[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Addressed => ({ method, path, operation })),
  );
  return tags.map((tag) => ({
    ...tag,
    slug: tag.name.toLowerCase().replaceAll(' ', '-'),
    operations: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
}

/** The way into the API reference: what holds everywhere, and every operation by its area; from the document alone. */
export function referencePage(document: OpenApiDocument): string {
  const { info, servers } = document;
  const areas = areasOf(document);
  const content = html`<h1>${info.title}</h1>
<div class="prose">${markdown(info.description)}</div>
<p>The same contract for machines: <a href="/openapi.json">openapi.json</a>. All refusals: <a href="/problems">problems</a>.</p>
<p>Base address: <code>${servers[0]?.url}</code></p>
${areas.map(
  ({ name, slug, description, operations }) => html`<section id="tag-${slug}">
<header><h2><a href="/docs/${slug}">${name}</a></h2><p class="quiet">${description}</p></header>
<ul class="operations">${operations.map((addressed) => operationLink(addressed, slug))}</ul>
</section>
`,
)}
<section id="tag-${SCHEMAS}">
<header><h2><a href="/docs/${SCHEMAS}">Schemas</a></h2><p class="quiet">${schemasDescription}</p></header>
</section>`;
  return inLayout(document, { title: `${info.title} API reference`, content });
}

/** The page of one area, such as `attendance` or `schemas`; undefined for what is none. */
export function areaPage(document: OpenApiDocument, slug: string): string | undefined {
  const { title } = document.info;
  if (slug === SCHEMAS) {
    return inLayout(document, { title: `Schemas · ${title}`, content: schemasView(document), shown: slug });
  }
  const area = areasOf(document).find((candidate) => candidate.slug === slug);
  if (!area) return undefined;
  const content = html`<h1>${area.name}</h1><p class="quiet">${area.description}</p>
${area.operations.map((addressed) => operationView(addressed, document))}`;
  return inLayout(document, { title: `${area.name} · ${title}`, content, shown: slug });
}

function inLayout(
  document: OpenApiDocument,
  { title, content, shown }: { title: string; content: Html; shown?: string },
): string {
  const { info } = document;
  return documentPage(
    title,
    html`<a class="skip" href="#content">To the content</a>
<div class="layout">
<nav class="contents" aria-label="Contents">
<a class="brand" href="/docs">${info.title}</a>
${areasOf(document).map((area) => areaContents(area, shown))}
<p><a href="/docs/${SCHEMAS}"${shown === SCHEMAS && html` aria-current="page"`}>Schemas</a></p>
</nav>
<main id="content">
<p class="quiet">API reference · version ${info.version}</p>
${content}
</main>
</div>`,
  );
}

const areaContents = ({ name, slug, operations }: Area, shown: string | undefined): Html =>
  slug === shown
    ? html`<details open><summary>${name}</summary><ul>${operations.map((addressed) => operationLink(addressed, slug))}</ul></details>
`
    : html`<p><a href="/docs/${slug}">${name}</a></p>
`;

const operationLink = ({ method, operation }: Addressed, slug: string): Html =>
  html`<li><a href="/docs/${slug}#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span><span>${operation.summary}</span></a></li>
`;

function operationView(addressed: Addressed, document: OpenApiDocument): Html {
  const { method, path, operation } = addressed;
  const { schemas } = document.components;
  const parameters = parametersOf(operation, document);
  const sent = operation.requestBody?.content['application/json']?.schema;
  return html`<article id="${operation.operationId}">
<header>
<h2><a href="#${operation.operationId}">${operation.summary}</a></h2>
<div class="address"><span class="method ${method}">${method.toUpperCase()}</span><code>${path}</code></div>
</header>
<div class="inside">
<div>
<div class="prose">${markdown(operation.description)}</div>
${parameterGroups.map(({ place, title }) => {
  const group = parameters.filter((parameter) => parameter.in === place);
  if (group.length === 0) return undefined;
  return html`<h3>${title}</h3><dl class="fields">${group.map((parameter) =>
    fieldView({ ...parameter, isRequired: parameter.required }, schemas, 'required'),
  )}</dl>`;
})}
${sent && html`<h3>Body · ${typeText(sent)}</h3>${fieldsView(sent, schemas, 'required')}`}
${successView(operation, document)}
${failuresView(operation)}
</div>
<div class="aside">
<h3>Request</h3>
<pre tabindex="0"><code>${curl(addressed, document)}</code></pre>
${answerExample(operation, document)}
</div>
</div>
</article>
`;
}

const parameterGroups = [
  { place: 'path', title: 'In the path' },
  { place: 'query', title: 'In the query' },
  { place: 'header', title: 'In the headers' },
] as const;

const successOf = (operation: Operation): [string, OpenApiResponse] | undefined =>
  Object.entries(operation.responses).find(([status]) => status.startsWith('2'));

function successView(operation: Operation, { components }: OpenApiDocument): Html | undefined {
  const [status, response] = successOf(operation) ?? [];
  if (!response) return undefined;
  const schema = response.content?.['application/json']?.schema;
  const types = Object.keys(response.content ?? {});
  return html`<h3>Answer · ${status}${schema && html` · ${typeText(schema)}`}</h3>
<p>${response.description}${!schema && types.length > 0 && ` As ${types.join(' or ')}.`}${response.headers?.['ETag'] && html` With an <code>ETag</code>.`}</p>
${schema && fieldsView(schema, components.schemas, 'optional')}`;
}

function failuresView({ responses }: Operation): Html {
  const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  return html`<h3>Problems</h3>${failures.map(([status, { content = {} }]) => {
    const slugs = Object.keys(content['application/problem+json']?.examples ?? {});
    const known = slugs.filter((slug) => slug !== 'unexpected');
    const hint = known.length > 0 ? known.join(', ') : status === '500' ? 'a mistake of ours' : "the gateway's own";
    return html`<details class="problems"><summary><span class="status">${status}</span> <span class="quiet">${hint}</span></summary><ul>
${known.map((slug) => html`<li><a href="/problems/${slug}"><code>${slug}</code></a></li>`)}
${slugs.includes('unexpected') && html`<li><code>about:blank</code>: a mistake of ours; the answer does not say more.</li>`}
${content['application/json'] && html`<li><code>{ "message": … }</code>: Amazon API Gateway answered before the service.</li>`}
</ul></details>`;
  })}`;
}

function answerExample(operation: Operation, { components }: OpenApiDocument): Html | undefined {
  const [status, response] = successOf(operation) ?? [];
  const schema = response?.content?.['application/json']?.schema;
  if (!schema) return undefined;
  return html`<h3>Answer ${status}</h3><pre tabindex="0"><code>${pretty(exampleOf(schema, components.schemas))}</code></pre>`;
}

const schemasView = ({ components: { schemas } }: OpenApiDocument): Html =>
  html`<h1>Schemas</h1><p class="quiet">${schemasDescription}</p>
${Object.entries(schemas).map(
  ([name, schema]) => html`<article id="schema-${name}">
<header><h2><a href="#schema-${name}">${name}</a></h2></header>
<div class="whole">${schema.description !== undefined && markdown(schema.description)}
${schema.properties || schema.anyOf || schema.oneOf ? fieldsView(schema, schemas, 'optional') : html`<dl class="fields">${fieldView({ name, schema, isRequired: true }, schemas, 'optional')}</dl>`}</div>
</article>
`,
)}`;
