/** The only style of the pages; light and dark, phone and paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f5f8f7;--ink:#102a43;--quiet:#52606d;--line:#d9e2ec;--mark:#0b5c4b}
@media (prefers-color-scheme:dark){:root{--paper:#11181f;--panel:#18222b;--ink:#e8eef3;--quiet:#b3c0cb;--line:#34424f;--mark:#7fd8c0}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:46rem;margin:0 auto;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:clamp(1.5rem,6.5vw,2.125rem);line-height:1.2}
h2{margin:2.75rem 0 1rem;font-size:1.375rem;line-height:1.3;color:var(--mark)}
h3{margin:1.5rem 0 .375rem;font-size:1.0625rem}
p{margin:0 0 1rem}
.lead{font-size:1.125rem;color:var(--quiet)}
a{color:var(--mark);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:2px solid var(--mark);outline-offset:3px;border-radius:3px}
code{font:.875em ui-monospace,Consolas,Menlo,monospace}
ul,ol{margin:0 0 1rem;padding-left:1.25rem}
li{margin-bottom:.375rem}
dl{margin:0}
dt{font-size:.875rem;color:var(--quiet)}
dd{margin:0}
article,details,.facts{border:1px solid var(--line);border-radius:.75rem;background:var(--panel);margin:0 0 .75rem}
article,.facts{padding:1rem 1.25rem}
.facts dd{margin-bottom:.5rem}
.facts dd:last-child{margin-bottom:0}
article dl>div,details dl>div{padding:.375rem 0;border-bottom:1px solid var(--line)}
article dl>div:last-child,details dl>div:last-child{border-bottom:0}
details>dl,details>p{padding:0 1.25rem .75rem}
details.month{background:none}
details.month>summary::first-letter{text-transform:uppercase}
details.month>div{padding:0 .75rem .25rem}
summary{padding:.75rem 1.25rem;cursor:pointer;font-weight:600}
dd dl,dd ol{margin-top:.25rem}
dd ol{padding-left:1.25rem}
nav h2{margin-top:2rem}
nav ol{columns:2;column-gap:2rem}
nav li{break-inside:avoid}
.why{margin:1rem 0 0;padding-left:1rem;border-left:3px solid var(--line);font-size:.9375rem}
.why dt{font-size:.8125rem}
.why dd{margin-bottom:.375rem}
img{display:block;max-width:min(100%,20rem);height:auto;border-radius:.5rem}
table{width:100%;margin:0 0 1rem;border-collapse:collapse;font-size:.9375rem;line-height:1.45}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-size:.8125rem;color:var(--quiet)}
@media (min-width:40rem){
article dl>div,details dl>div{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:.25rem 1rem}
article dl dl>div,details dl dl>div{grid-template-columns:9rem minmax(0,1fr)}
.why{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:0 1rem}
}
@media (max-width:40rem){
nav ol{columns:1}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td{display:block}
tr{padding:.625rem 0;border-bottom:1px solid var(--line)}
td{padding:.125rem 0;border:0}
td::before{content:attr(data-column) ": ";color:var(--quiet)}
}
@media print{body{padding:0;font-size:11pt}article,details,section{break-inside:avoid-page}}
`;
