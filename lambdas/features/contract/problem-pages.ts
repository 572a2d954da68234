import { html } from '../../http/html.ts';
import type { ProblemExplanation } from './contract.ts';
import { documentPage, inline } from './document-page.ts';

export const problemsPage = (explanations: readonly ProblemExplanation[]): string =>
  documentPage(
    'Problems · Vern',
    html`<main class="single">
<p><a href="/docs">Vern API reference</a></p>
<h1>Problems</h1>
<p>Every refusal is a problem document (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>) whose <code>type</code> is the address of one of these pages.</p>
<table>
<thead><tr><th>Status</th><th>Problem</th></tr></thead>
<tbody>
${[...explanations]
  .sort((a, b) => a.status - b.status || a.slug.localeCompare(b.slug, 'en'))
  .map(
    ({
      slug,
      status,
      title,
    }) => html`<tr class="problem-row"><td><span class="status">${status}</span></td><td><a href="/problems/${slug}"><code>${slug}</code></a><br>${title}</td></tr>
`,
  )}</tbody>
</table>
</main>`,
  );

export function problemPage({ type, slug, status, title, remedy }: ProblemExplanation): string {
  const example = JSON.stringify(
    { type, title, status, detail: title, instance: 'urn:vern:request:JKJaXmPLvHcESHA=' },
    undefined,
    2,
  );
  return documentPage(
    `${title} · Vern`,
    html`<main class="single">
<p><a href="/docs">Vern API reference</a> · <a href="/problems">All problems</a></p>
<p class="quiet">${status} · <code>${slug}</code></p>
<h1>${title}</h1>
<div class="remedy"><strong>What you can do.</strong> ${inline(remedy)}</div>
<h2>As the service answers it</h2>
<pre tabindex="0"><code>HTTP/1.1 ${status}
Content-Type: application/problem+json

${example}</code></pre>
<p class="quiet"><code>instance</code> names the request: tell it when you ask for help.</p>
</main>`,
  );
}
