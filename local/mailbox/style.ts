/** The pages' one style sheet: no web fonts, no images, light and dark, from a phone's width upwards. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f2; --card: #fff; --ink: #1c2321; --quiet: #5a6663; --line: #dde2de;
  --accent: #14594d; --on-accent: #fff; --tint: #e3efeb; --bad: #a32a1e; --bad-tint: #fbe9e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141817; --card: #1d2321; --ink: #e8edea; --quiet: #a0aca8; --line: #343d3a;
    --accent: #7fcdbb; --on-accent: #10201c; --tint: #22322d; --bad: #ff9c8f; --bad-tint: #3a2320;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.page { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
.top { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: end; justify-content: space-between; margin-bottom: 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere; }
.top > div { flex: 1 1 18rem; }
.quiet { color: var(--quiet); margin: .25rem 0 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.clock { padding: .7rem .9rem; }
.clock p { margin: 0 0 .5rem; }
.clock form { display: flex; flex-wrap: wrap; gap: .4rem; }
button, .button {
  font: inherit; font-size: .9rem; min-height: 2.5rem; padding: .35rem .8rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); text-decoration: none;
  display: inline-flex; align-items: center;
}
button:hover, .button:hover { background: var(--tint); border-color: var(--accent); }
.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.primary:hover { background: var(--accent); filter: brightness(1.1); }
.filter { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin-bottom: 1rem; }
.filter label { flex: 1 1 16rem; font-size: .85rem; color: var(--quiet); }
.filter input {
  display: block; width: 100%; font: inherit; font-size: 1rem; color: var(--ink); background: var(--card);
  min-height: 2.5rem; padding: .3rem .7rem; border: 1px solid var(--line); border-radius: 8px; margin-top: .2rem;
}
.mails { list-style: none; margin: 0; padding: 0; overflow: hidden; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a, .phones li > div { display: grid; grid-template-columns: 2.5rem 1fr auto; gap: .1rem .9rem; padding: .85rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover { background: var(--tint); }
.mails a:focus-visible { outline-offset: -3px; }
.initial {
  grid-row: span 3; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--tint); color: var(--accent);
  display: grid; place-items: center; font-weight: 600; text-transform: uppercase;
}
.who { color: var(--quiet); font-size: .9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.when { color: var(--quiet); font-size: .85rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.subject { grid-column: 2 / -1; font-weight: 600; overflow-wrap: anywhere; }
.start { grid-column: 2 / -1; color: var(--quiet); font-size: .9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.phones .start { white-space: normal; overflow-wrap: anywhere; color: var(--ink); }
.bad { color: var(--bad); background: var(--bad-tint); border-radius: 6px; padding: .1rem .45rem; font-size: .85rem; font-weight: 600; }
p.bad { padding: .5rem .8rem; font-weight: 400; overflow-wrap: anywhere; }
.empty { padding: 3rem 1.5rem; text-align: center; color: var(--quiet); }
.meta { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 1rem 0; font-size: .95rem; }
.meta dt { color: var(--quiet); }
.meta dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 30rem; resize: vertical; border: 0; border-radius: 11px; background: #fff; }
.count { margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre.text { font: inherit; }
details { margin-top: 1rem; }
details > summary { padding: .7rem 1rem; cursor: pointer; font-weight: 600; }
details table { width: 100%; border-collapse: collapse; font-size: .875rem; }
details th, details td { text-align: left; vertical-align: top; padding: .4rem 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
details th { font-weight: 500; color: var(--quiet); width: 30%; }
.files { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
.pages { display: flex; justify-content: space-between; margin-top: 1rem; }
@media (max-width: 34rem) {
  .mails a, .phones li > div { grid-template-columns: 2.5rem 1fr; padding: .8rem .75rem; }
  .when { grid-column: 2; grid-row: auto; }
  .initial { grid-row: span 4; }
  .clock { width: 100%; }
  .clock button { flex: 1 1 5.5rem; justify-content: center; }
  h1 { font-size: 1.35rem; }
}
`;
