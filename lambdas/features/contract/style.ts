/** The style sheet of all pages of the contract: no font, picture or script from anywhere. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2430, #e4e8ee);
  --quiet: light-dark(#566173, #9aa6b8);
  --paper: light-dark(#ffffff, #12161d);
  --panel: light-dark(#f5f7fa, #1a2029);
  --line: light-dark(#dde3ea, #2c3542);
  --accent: light-dark(#0b5c6b, #6fc7d6);
  --code: light-dark(#f0f3f7, #0d1117);
  --get: light-dark(#0b5c6b, #6fc7d6);
  --post: light-dark(#2c6e2f, #86cf8a);
  --patch: light-dark(#8a5a00, #e2b65c);
  --delete: light-dark(#a3282f, #f08f94);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2rem; margin: 0 0 .25rem; }
h2 { font-size: 1.5rem; margin: 0 0 .25rem; }
article h2 { font-size: 1.125rem; margin: 0; }
article h3 { font-size: .9375rem; margin: 1.5rem 0 .5rem; color: var(--quiet); }
article h3 code { font-size: .875rem; }
p { margin: .5rem 0; max-width: 44rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
p code, li code, td code, dd code { background: var(--code); padding: .1em .3em; border-radius: 4px; }
pre { margin: 0; padding: .875rem 1rem; background: var(--code); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; line-height: 1.5; }
pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
.variant { margin: .75rem 0 0; color: var(--quiet); font-size: .875rem; }
.quiet { color: var(--quiet); }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
.layout { display: grid; grid-template-columns: 19rem minmax(0, 1fr); max-width: 96rem; margin: 0 auto; }
nav.contents { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 2rem 1.5rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav.contents .brand { display: block; font-size: 1.25rem; font-weight: 700; color: var(--ink); text-decoration: none; margin-bottom: 1rem; }
nav.contents details { margin: .125rem 0; }
nav.contents summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
nav.contents ul { list-style: none; margin: 0 0 .5rem; padding: 0 0 0 .25rem; }
nav.contents p { margin: 0; }
nav.contents p a { display: block; padding: .25rem 0; font-weight: 600; color: var(--ink); text-decoration: none; }
nav.contents p a:hover { color: var(--accent); }
nav.contents li a, .operations li a { display: grid; grid-template-columns: 3.25rem 1fr; gap: .25rem; padding: .1875rem 0; color: var(--ink); text-decoration: none; }
nav.contents li a:hover, .operations li a:hover { color: var(--accent); }
.operations { list-style: none; margin: 0; padding: 0; columns: 22rem auto; column-gap: 2rem; }
.operations li { break-inside: avoid; }
main { padding: 2.5rem clamp(1.25rem, 4vw, 4rem) 6rem; min-width: 0; }
main.single { max-width: 52rem; margin: 0 auto; }
section { margin-top: 2.5rem; }
section > header { border-bottom: 1px solid var(--line); padding-bottom: .5rem; margin-bottom: .75rem; }
article { border: 1px solid var(--line); border-radius: 12px; margin: 1.5rem 0; overflow: clip; }
article > header { background: var(--panel); padding: 1rem 1.25rem; border-bottom: 1px solid var(--line); }
article > header .address { margin-top: .375rem; display: flex; gap: .625rem; align-items: baseline; flex-wrap: wrap; }
article > header h2 a { color: inherit; text-decoration: none; }
article > header h2 a:hover::after { content: ' #'; color: var(--quiet); }
article > .inside { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
article > .inside > div { padding: .75rem 1.25rem 1.25rem; }
article > .inside > .aside { border-left: 1px solid var(--line); }
article > .whole { padding: .5rem 1.25rem 1.25rem; }
.method { font: 700 .75rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; letter-spacing: .02em; }
.get { color: var(--get); } .post { color: var(--post); } .put, .patch { color: var(--patch); } .delete { color: var(--delete); }
dl.fields { margin: 0; }
dl.fields > div { padding: .5rem 0; border-top: 1px solid var(--line); }
dl.fields > div:first-child { border-top: 0; }
dl.fields dt { display: flex; gap: .5rem; flex-wrap: wrap; align-items: baseline; }
dl.fields dt code { font-weight: 600; background: none; padding: 0; }
dl.fields dd { margin: .125rem 0 0; font-size: .9375rem; }
dl.fields dl.fields { margin: .375rem 0 0; padding-left: .875rem; border-left: 2px solid var(--line); }
.type { color: var(--quiet); font-size: .875rem; }
.mark { font-size: .75rem; font-weight: 600; }
.required { color: var(--delete); } .optional { color: var(--quiet); }
.limits { color: var(--quiet); font-size: .8125rem; }
details.problems { border-top: 1px solid var(--line); padding: .375rem 0; }
details.problems > summary { cursor: pointer; }
details.problems ul, .prose ul { margin: .25rem 0 .5rem; padding-left: 1.25rem; font-size: .9375rem; }
.status { display: inline-block; min-width: 2.5rem; font-variant-numeric: tabular-nums; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.remedy { background: var(--panel); border-left: 3px solid var(--accent); border-radius: 0 8px 8px 0; padding: .75rem 1rem; margin: 1.5rem 0; }
@media (max-width: 62rem) {
  .layout { grid-template-columns: minmax(0, 1fr); }
  nav.contents { position: static; height: auto; max-height: 45vh; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem 1.25rem; }
  nav.contents .brand { margin-bottom: .25rem; }
  main { padding-top: 1.5rem; }
  article > .inside { grid-template-columns: minmax(0, 1fr); }
  article > .inside > .aside { border-left: 0; border-top: 1px solid var(--line); }
}
@media (max-width: 34rem) {
  h1 { font-size: 1.625rem; }
  .problem-row td { display: block; border: 0; padding: 0; }
  .problem-row { display: block; padding: .75rem 0; border-bottom: 1px solid var(--line); }
  thead { display: none; }
}
@media print {
  nav.contents { display: none; }
  .layout { display: block; }
  article { break-inside: avoid; }
}
`;
