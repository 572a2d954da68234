import type { Language } from '../../http/call.ts';
import { escapeHtml } from '../../http/content.ts';
import { complaint } from './complaint.ts';

/** A letter as its writer thinks of it; {@link letterHtml} and {@link letterText} set it. All strings are plain text. */
export interface Letter {
  readonly language: Language;
  /** Nothing sensitive: it stands on lock screens. */
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** The one thing to do, if there is one. */
  readonly action?: { readonly label: string; readonly url: string };
  /** A value to copy by hand, such as a code. */
  readonly values?: readonly { readonly label: string; readonly value: string }[];
  /** Lines that are kept as they are, so that whoever copies them has them whole. */
  readonly verbatim?: { readonly label: string; readonly text: string };
  /** Said after the action: until when, and what to do if it was not you. */
  readonly afterwards?: readonly string[];
  /** Who sent it and why; how to decline it, or why that is not possible. */
  readonly footer: readonly string[];
  /** The address that declines letters of this kind. */
  readonly decline?: { readonly label: string; readonly url: string };
}

/** Keeps a name's own direction of writing to itself, so that a right-to-left name cannot turn the sentence around. */
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';
export const isolated = (name: string) =>
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Bidi_Control}/u.test(name)
    ? `${FIRST_STRONG_ISOLATE}${name.replace(/\p{Bidi_Control}/gu, '')}${POP_DIRECTIONAL_ISOLATE}`
    : name;

/**
 * Inline styles carry the look where a mail program drops the style sheet; the sheet adds the dark one. No images, no
 * remote content, nothing that reports that the letter was opened.
 */
export function letterHtml(letter: Letter): string {
  const { language, heading, paragraphs, action, values = [], verbatim, afterwards = [], footer, decline } = letter;
  const small = 'margin:0 0 8px;font-size:14px;line-height:1.5;color:#52606d';
  const lines = [
    ...paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`),
    ...values.map(
      ({ label, value }) =>
        `<p style="margin:0 0 16px">${escapeHtml(label)}<br><strong class="value" style="font-family:ui-monospace,Consolas,monospace;font-size:20px;overflow-wrap:anywhere;color:#102a43">${escapeHtml(value)}</strong></p>`,
    ),
    ...(verbatim
      ? [
          `<p style="margin:0 0 8px">${escapeHtml(verbatim.label)}</p>`,
          `<pre class="value" style="margin:0 0 16px;font-family:ui-monospace,Consolas,monospace;font-size:13px;line-height:1.4;white-space:pre-wrap;overflow-wrap:anywhere;color:#102a43">${escapeHtml(verbatim.text)}</pre>`,
        ]
      : []),
    ...(action
      ? [
          `<p style="margin:24px 0"><a class="button" href="${escapeHtml(action.url)}" style="display:inline-block;padding:14px 24px;border-radius:8px;background:#0b5c4b;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(action.label)}</a></p>`,
        ]
      : []),
    ...afterwards.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`),
  ];
  const { text, url } = complaint[language];
  const foot = [
    ...footer.map((line) => `<p class="small" style="${small}">${escapeHtml(line)}</p>`),
    ...(decline
      ? [`<p class="small" style="${small}"><a href="${escapeHtml(decline.url)}">${escapeHtml(decline.label)}</a></p>`]
      : []),
    `<p class="small" style="${small}">${escapeHtml(text)} <a href="${url}">${linkTextOf(url)}</a></p>`,
  ];
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
<style>
:root{color-scheme:light dark}
a{color:#0b5c4b}
@media (prefers-color-scheme:dark){
body,.page{background:#11181f!important}
.sheet{background:#1b252e!important;border-color:#34424f!important}
body,h1,p,.value{color:#e8eef3!important}
.small{color:#b3c0cb!important}
a{color:#7fd8c0!important}
a.button{background:#7fd8c0!important;color:#06241d!important}
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f5f7;color:#102a43;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:17px;line-height:1.5">
<div role="article" aria-label="${escapeHtml(heading)}" style="max-width:560px;margin:0 auto;padding:24px 16px">
<div class="sheet" style="background:#ffffff;border:1px solid #d9e2ec;border-radius:12px;padding:28px 24px">
<h1 style="margin:0 0 16px;font-size:23px;line-height:1.3;color:#102a43">${escapeHtml(heading)}</h1>
${lines.join('\n')}
</div>
<div style="padding:20px 8px 0">
${foot.join('\n')}
</div>
</div>
</body>
</html>
`;
}

export function letterText(letter: Letter): string {
  const { heading, paragraphs, action, values = [], verbatim, afterwards = [], footer, decline, language } = letter;
  const { text, url } = complaint[language];
  const blocks = [
    heading,
    ...paragraphs,
    ...values.map(({ label, value }) => `${label}\n${value}`),
    ...(verbatim ? [verbatim.label, verbatim.text.trimEnd()] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...afterwards,
    // Not the signature's `-- ` (RFC 3676, section 4.3): mail programs fold away what follows that.
    ['----', ...footer].join('\n'),
    ...(decline ? [`${decline.label}:\n${decline.url}`] : []),
    `${text}\n${url}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

const linkTextOf = (url: string) => new URL(url).hostname.replace(/^www\./, '');
