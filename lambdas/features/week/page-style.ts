/**
 * The page's only style. Three forms of one table: beside each other on a desktop, one person after the other on a
 * phone, and one sheet of A4. On paper every text is held to the lines that it was given (see fit.ts).
 */
export const STYLE = `
:root{--paper:#fff;--panel:#eef3f2;--ink:#102a43;--quiet:#52606d;--line:#cbd5df;--mark:#0b5c4b;--warn:#8a2c0d}
@media screen{:root{color-scheme:light dark}}
@media screen and (prefers-color-scheme:dark){:root{--paper:#11181f;--panel:#1d2831;--ink:#e8eef3;--quiet:#b3c0cb;--line:#34424f;--mark:#7fd8c0;--warn:#ffb59b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2,p,ul{margin:0;padding:0}
ul{list-style:none}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.brand{color:var(--mark);font-weight:700;letter-spacing:.02em}
.range,.at,.nothing,footer{color:var(--quiet)}
.name,.at,.holiday{display:block}
.name{font-weight:700}
.at{font-weight:400}
.holiday,.answer{color:var(--warn)}
.time{font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.closed,.home{color:var(--quiet)}
.attendance{font-weight:600}
.answer{font-weight:600}
.bring{color:var(--mark)}
td.shut{background:var(--panel)}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th,td{vertical-align:top;text-align:left;overflow-wrap:anywhere}
a{color:var(--mark)}
a:focus-visible{outline:2px solid var(--mark);outline-offset:3px}
@media screen{
body{padding:1.5rem 1rem 3rem;font-size:1rem;line-height:1.45}
header,main,footer{max-width:84rem;margin:0 auto}
h1{font-size:clamp(1.75rem,5vw,2.25rem);line-height:1.2}
h2{font-size:1rem;margin-bottom:.25rem}
.range{margin-bottom:1.5rem}
.waiting{margin-bottom:1.5rem;padding:.75rem 1rem;border-left:4px solid var(--warn);background:var(--panel)}
.more{display:none}
footer{margin-top:1.5rem;font-size:.875rem}
footer p{margin-bottom:.5rem}
li+li{margin-top:.25rem}
}
@media screen and (min-width:60rem){
table{font-size:.8125rem;line-height:1.4}
th,td{padding:.5rem .5rem .625rem;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--line);font-size:.875rem}
.holiday{font-weight:400}
td+td,th+td{border-left:1px solid var(--line)}
.weekdays th:nth-child(n+7){width:4.5rem}
}
@media screen and (max-width:59.99rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td{display:block}
tr{margin-bottom:1.25rem;border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
tbody th{padding:.75rem 1rem;background:var(--panel);font-size:1.125rem}
tbody .at{font-size:.9375rem}
td{padding:.625rem 1rem;border-top:1px solid var(--line)}
td::before{content:attr(data-day);display:block;color:var(--quiet);font-size:.875rem}
td:has(.nothing){display:flex;justify-content:space-between;gap:1rem}
}
@page{size:A4 landscape;margin:8mm}
@media print{
body{font-size:7.5pt;line-height:9.25pt}
header{display:flex;gap:3mm;align-items:baseline;height:8mm}
.brand{order:3;margin-left:auto}
h1{font-size:14pt;line-height:18pt}
.waiting{margin-bottom:1.5mm}
.waiting h2{font-size:7.5pt;line-height:9.25pt}
.waiting li,.name,.at,.day,.holiday{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
th,td{padding:.9mm 1mm;border:.2mm solid #9aa8b5}
th:first-child{width:32mm}
.weekdays th:nth-child(n+7){width:14mm}
thead th{font-weight:600}
.holiday{font-weight:400}
.large{font-size:10pt;line-height:12.25pt}
.l1{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.event.l1 .end{display:none}
.l2,.l3,.l4,.l5{display:-webkit-box;-webkit-box-orient:vertical;overflow:hidden}
.l2{-webkit-line-clamp:2}
.l3{-webkit-line-clamp:3}
.l4{-webkit-line-clamp:4}
.l5{-webkit-line-clamp:5}
.more{font-weight:600}
tr{break-inside:avoid}
.screen,li.beyond,tr.beyond{display:none}
footer{margin-top:1.5mm;white-space:nowrap;overflow:hidden}
}
`;
