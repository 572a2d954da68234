import { type Html, html } from '../../http/html.ts';
import type { OpenApiDocument, OpenApiResponse, Operation, Parameter } from '../../http/openapi-types.ts';
import { documentPage, markdown } from './document-page.ts';
import { exampleOf } from './example.ts';
import { fieldsView, fieldView, nameIn, typeText } from './schema-view.ts';

/** An operation with the address that it stands at. */
interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The API reference as one page, from the OpenAPI document alone. */
export function referencePage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Addressed => ({ method, path, operation })),
  );
  const byTag = document.tags.map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const content = html`<a class="skip" href="#content">To the content</a>
<div class="layout">
<nav class="contents" aria-label="Contents">
<a class="brand" href="#content">${document.info.title}</a>
${byTag.map(tagContents)}
${schemaContents(document)}
</nav>
<main id="content">
<p class="quiet">API reference · version ${document.info.version}</p>
<h1>${document.info.title}</h1>
<div class="prose">${markdown(document.info.description)}</div>
<p>The same contract for machines: <a href="/openapi.json">openapi.json</a>. All refusals: <a href="/problems">problems</a>.</p>
<p>Base address: <code>${document.servers[0]?.url}</code></p>
${byTag.map(
  (tag) => html`<section id="tag-${tag.name}">
<header><h2>${tag.name}</h2><p class="quiet">${tag.description}</p></header>
${tag.operations.map((addressed) => operationView(addressed, document))}
</section>
`,
)}
${schemasView(document)}
</main>
</div>`;
  return documentPage(`${document.info.title} API reference`, content);
}

const tagContents = ({ name, operations }: { name: string; operations: readonly Addressed[] }): Html =>
  html`<details open><summary>${name}</summary><ul>
${operations.map(
  ({ method, operation }) =>
    html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span><span>${operation.summary}</span></a></li>
`,
)}</ul></details>
`;

const schemaContents = ({ components }: OpenApiDocument): Html =>
  html`<details><summary>Schemas</summary><ul>
${Object.keys(components.schemas).map((name) => html`<li><a class="plain" href="#schema-${name}">${name}</a></li>`)}
</ul></details>`;

function operationView(addressed: Addressed, document: OpenApiDocument): Html {
  const { method, path, operation } = addressed;
  const { schemas } = document.components;
  const parameters = parametersOf(operation, document);
  const sent = operation.requestBody?.content['application/json']?.schema;
  return html`<article id="${operation.operationId}">
<header>
<h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
<div class="address"><span class="method ${method}">${method.toUpperCase()}</span><code>${path}</code></div>
</header>
<div class="inside">
<div>
<div class="prose">${markdown(operation.description)}</div>
${parameterGroups.map(({ place, title }) => {
  const group = parameters.filter((parameter) => parameter.in === place);
  if (group.length === 0) return undefined;
  return html`<h4>${title}</h4><dl class="fields">${group.map((parameter) =>
    fieldView({ ...parameter, isRequired: parameter.required }, schemas, 'required'),
  )}</dl>`;
})}
${sent && html`<h4>Body · ${typeText(sent)}</h4>${fieldsView(sent, schemas, 'required')}`}
${successView(operation, document)}
${failuresView(operation)}
</div>
<div class="aside">
<h4>Request</h4>
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

const parametersOf = (operation: Operation, { components }: OpenApiDocument): Parameter[] =>
  operation.parameters
    .map((parameter) => ('$ref' in parameter ? components.parameters[nameIn(parameter.$ref)] : parameter))
    .filter((parameter) => parameter !== undefined);

const successOf = (operation: Operation): [string, OpenApiResponse] | undefined =>
  Object.entries(operation.responses).find(([status]) => status.startsWith('2'));

function successView(operation: Operation, { components }: OpenApiDocument): Html | undefined {
  const [status, response] = successOf(operation) ?? [];
  if (!response) return undefined;
  const schema = response.content?.['application/json']?.schema;
  const types = Object.keys(response.content ?? {});
  return html`<h4>Answer · ${status}${schema && html` · ${typeText(schema)}`}</h4>
<p>${response.description}${!schema && types.length > 0 && ` As ${types.join(' or ')}.`}${response.headers?.['ETag'] && html` With an <code>ETag</code>.`}</p>
${schema && fieldsView(schema, components.schemas, 'optional')}`;
}

function failuresView({ responses }: Operation): Html {
  const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  return html`<h4>Problems</h4>${failures.map(([status, { content = {} }]) => {
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

/** The request as a command, with shell variables where the reader's own values go. */
function curl({ method, path, operation }: Addressed, document: OpenApiDocument): string {
  const { schemas } = document.components;
  const parameters = parametersOf(operation, document);
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    return parameter ? String(exampleOf(parameter.schema, schemas)) : whole;
  });
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema, schemas)))}`);
  const body = operation.requestBody?.content['application/json']?.schema;
  const headers = [
    ...(operation.security.length > 0 ? ['Authorization: Bearer $TOKEN'] : []),
    ...parameters
      .filter((parameter) => parameter.in === 'header' && parameter.required)
      .map(({ name, schema }) => `${name}: ${exampleOf(schema, schemas)}`),
    ...(body ? ['Content-Type: application/json'] : []),
  ];
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "${document.servers[0]?.url}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}"`,
    ...headers.map((header) => `  -H "${header.replaceAll('"', '\\"')}"`),
    ...(body ? [`  -d '${pretty(exampleOf(body, schemas)).replaceAll("'", "'\\''")}'`] : []),
  ].join(' \\\n');
}

function answerExample(operation: Operation, { components }: OpenApiDocument): Html | undefined {
  const [status, response] = successOf(operation) ?? [];
  const schema = response?.content?.['application/json']?.schema;
  if (!schema) return undefined;
  return html`<h4>Answer ${status}</h4><pre tabindex="0"><code>${pretty(exampleOf(schema, components.schemas))}</code></pre>`;
}

const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2) ?? '';

const schemasView = ({ components: { schemas } }: OpenApiDocument): Html =>
  html`<section id="schemas"><header><h2>Schemas</h2><p class="quiet">What stands in more than one place.</p></header>
${Object.entries(schemas).map(
  ([name, schema]) => html`<article id="schema-${name}">
<header><h3><a href="#schema-${name}">${name}</a></h3></header>
<div class="whole">${schema.description !== undefined && markdown(schema.description)}
${schema.properties || schema.anyOf || schema.oneOf ? fieldsView(schema, schemas, 'optional') : html`<dl class="fields">${fieldView({ name, schema, isRequired: true }, schemas, 'optional')}</dl>`}</div>
</article>
`,
)}</section>`;
