import type { Language } from './call.ts';
import { Html, html } from './html.ts';

/** What is said of a page beside its content. */
export interface PageFrame {
  readonly language: Language;
  readonly title: string;
  /** The page's only style sheet; see `htmlPage` for how the policy allows it. */
  readonly style: string;
  /** Further metadata by name, such as `robots`; every page is shown in light and dark. */
  readonly meta?: Readonly<Record<string, string>>;
  /** For a page that is kept as a file and has no headers: its Content-Security-Policy. */
  readonly policy?: string;
  /** An address of the picture that stands for the page in a browser's tab. */
  readonly icon?: string;
}

/** The one frame of all our pages: no script, nothing loaded, as wide as the screen that it is read on. */
export function framedPage({ language, title, style, meta = {}, policy, icon }: PageFrame, body: Html): string {
  const named = Object.entries({
    viewport: 'width=device-width, initial-scale=1',
    'color-scheme': 'light dark',
    ...meta,
  });
  return html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
${policy !== undefined && html`<meta http-equiv="Content-Security-Policy" content="${policy}">\n`}${named.map(
  ([name, content]) => html`<meta name="${name}" content="${content}">\n`,
)}<title>${title}</title>
${icon !== undefined && html`<link rel="icon" href="${icon}">\n`}<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.markup;
}
