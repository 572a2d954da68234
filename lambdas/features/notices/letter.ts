import type { Language } from '../../http/call.ts';
import { escapeHtml } from '../../http/content.ts';
import { palettes } from '../../http/palette.ts';
import { complaint } from './complaint.ts';

/** A letter as its writer thinks of it; {@link letterHtml} and {@link letterText} set it. All strings are plain text. */
export interface Letter {
  readonly language: Language;
  /** Nothing sensitive: it stands on lock screens. */
  readonly subject: string;
  /** A push says it as well, where word of an alarm must not look like any other news. */
  readonly pushesSubject?: true;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Several things at once: what each is, what is said of it, and the address where it is read, if it has one of its own. */
  readonly lines?: readonly {
    readonly text: string;
    readonly paragraphs: readonly string[];
    readonly url?: string;
  }[];
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
  /** The page where its reader chooses what comes, how and when. */
  readonly preferences?: { readonly label: string; readonly url: string };
}

/** Keeps a name's own direction of writing to itself, so that a right-to-left name cannot turn the sentence around. */
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';
export const isolated = (name: string) =>
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Bidi_Control}/u.test(name)
    ? `${FIRST_STRONG_ISOLATE}${name.replace(/\p{Bidi_Control}/gu, '')}${POP_DIRECTIONAL_ISOLATE}`
    : name;

const { light, dark } = palettes;
const monospace = 'font-family:ui-monospace,Consolas,monospace';

/** Where the mail program keeps a style sheet; inline styles carry the look where it does not. */
const STYLE = `
:root{color-scheme:light dark}
a{color:${light.deed}}
@media (prefers-color-scheme:dark){
body,.page{background:${dark.ground}!important}
.sheet{background:${dark.paper}!important;border-color:${dark.line}!important}
body,h1,p,li,.value{color:${dark.ink}!important}
p.small{color:${dark.quiet}!important}
a{color:${dark.deed}!important}
a.button{background:${dark.deed}!important;color:${dark.onDeed}!important}
}
`;

/** No images, no remote content, nothing that reports that the letter was opened. */
export function letterHtml(letter: Letter): string {
  const { language, heading } = letter;
  // The language also where a web mail keeps the body alone.
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:${light.ground};color:${light.ink};font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:17px;line-height:1.5">
<div role="article" lang="${language}" aria-label="${escapeHtml(heading)}" style="max-width:560px;margin:0 auto;padding:24px 16px">
<div class="sheet" style="background:${light.paper};border:1px solid ${light.line};border-radius:12px;padding:28px 24px 12px">
<h1 style="margin:0 0 16px;font-size:23px;line-height:1.3;color:${light.ink}">${escapeHtml(heading)}</h1>
${sheetLines(letter).join('\n')}
</div>
<div style="padding:20px 8px 0">
${footLines(letter).join('\n')}
</div>
</div>
</body>
</html>
`;
}

const paragraph = (markup: string) => `<p style="margin:0 0 16px">${markup}</p>`;

const sheetLines = ({
  paragraphs,
  lines = [],
  action,
  values = [],
  verbatim,
  afterwards = [],
}: Letter): readonly string[] => [
  ...paragraphs.map((text) => paragraph(escapeHtml(text))),
  ...(lines.length > 0 ? [`<ul style="margin:0 0 16px;padding:0 0 0 20px">${lines.map(lineHtml).join('')}</ul>`] : []),
  ...values.map(({ label, value }) =>
    paragraph(
      `${escapeHtml(label)}<br><strong class="value" style="${monospace};font-size:20px;overflow-wrap:anywhere;color:${light.ink}">${escapeHtml(value)}</strong>`,
    ),
  ),
  ...(verbatim
    ? [
        `<p style="margin:0 0 8px">${escapeHtml(verbatim.label)}</p>`,
        `<pre class="value" style="margin:0 0 16px;${monospace};font-size:13px;line-height:1.4;white-space:pre-wrap;overflow-wrap:anywhere;color:${light.ink}">${escapeHtml(verbatim.text)}</pre>`,
      ]
    : []),
  ...(action
    ? [
        `<p style="margin:24px 0"><a class="button" href="${escapeHtml(action.url)}" style="display:inline-block;padding:14px 24px;border-radius:8px;background:${light.deed};color:${light.onDeed};font-weight:600;text-decoration:none">${escapeHtml(action.label)}</a></p>`,
      ]
    : []),
  ...afterwards.map((text) => paragraph(escapeHtml(text))),
];

const footLines = ({ language, footer, decline, preferences }: Letter): readonly string[] => {
  const { text, url } = complaint[language];
  const small = (markup: string) =>
    `<p class="small" style="margin:0 0 8px;font-size:14px;line-height:1.5;color:${light.quiet}">${markup}</p>`;
  return [
    ...footer.map((line) => small(escapeHtml(line))),
    ...[decline, preferences].flatMap((choice) => (choice ? [small(linkTo(choice.url, choice.label))] : [])),
    small(`${escapeHtml(text)} ${linkTo(url, linkTextOf(url))}`),
  ];
};

const lineHtml = ({ text, paragraphs, url }: NonNullable<Letter['lines']>[number]) => {
  const title = `<strong>${url === undefined ? escapeHtml(text) : linkTo(url, text)}</strong>`;
  return `<li style="margin:0 0 12px">${[title, ...paragraphs.map(escapeHtml)].join('<br>')}</li>`;
};

const linkTo = (url: string, label: string) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;

export function letterText(letter: Letter): string {
  const { heading, paragraphs, lines = [], action, values = [], verbatim, afterwards = [], footer, language } = letter;
  const { text, url } = complaint[language];
  const blocks = [
    heading,
    ...paragraphs,
    ...(lines.length > 0
      ? [lines.map((line) => `- ${[line.text, ...line.paragraphs, line.url].filter(Boolean).join('\n  ')}`).join('\n')]
      : []),
    ...values.map(({ label, value }) => `${label}\n${value}`),
    ...(verbatim ? [verbatim.label, verbatim.text.trimEnd()] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...afterwards,
    // Not the signature's `-- ` (RFC 3676, section 4.3): mail programs fold away what follows that.
    ['----', ...footer].join('\n'),
    ...[letter.decline, letter.preferences].flatMap((choice) => (choice ? [`${choice.label}:\n${choice.url}`] : [])),
    `${text}\n${url}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

const linkTextOf = (url: string) => new URL(url).hostname.replace(/^www\./, '');
