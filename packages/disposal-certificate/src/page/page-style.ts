import { html } from './html.ts';

/** For A4 and for the screen. Fonts are those of the reader: nothing is fetched. */
export const PAGE_STYLE = html`
@page { size: A4; margin: 16mm 15mm 18mm; }
* { box-sizing: border-box; }
body { max-width: 180mm; margin: 0 auto; padding: 8mm 0; color: #16191d; background: #fff;
  font: 10pt/1.6 'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif; }
h1 { font-size: 20pt; text-align: center; letter-spacing: .12em; margin: 0 0 2mm; }
h1 span, h2 span { letter-spacing: 0; font-weight: 400; }
h2 { font-size: 11.5pt; margin: 7mm 0 2mm; padding-bottom: 1mm; border-bottom: .4mm solid #16191d;
  break-after: avoid; }
[lang=en] { display: block; color: #56606b; font-size: 8.5pt; line-height: 1.45; }
h2 [lang=en] { display: inline; margin-left: 3mm; }
time { white-space: nowrap; }
.rows td time span { display: block; margin: 0; }
.stage, .checked, .unchecked { border: .3mm solid #8a929b; padding: 2mm 3mm; margin: 3mm 0; }
.unchecked { border-color: #a8540a; color: #7a3c05; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 1.2mm 2mm; border-bottom: .2mm solid #c9ced4;
  overflow-wrap: anywhere; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
thead th { font-weight: 600; font-size: 8.5pt; background: #f2f4f6; white-space: nowrap; }
.facts th { width: 34mm; font-weight: 600; }
.facts th span, .verdict span { font-weight: 400; }
.rows { font-size: 8.8pt; font-variant-numeric: tabular-nums; }
.rows td > span { display: inline; margin-left: 2mm; }
.claims th { width: 11mm; }
.claims small { display: block; margin-top: 1mm; padding-left: 3mm; border-left: .6mm solid #8a929b; }
.verdict { width: 26mm; font-weight: 700; text-align: center; }
.pass { color: #14652f; } .fail { color: #fff; background: #a31621; } .fail [lang=en] { color: #fff; }
.not-checked { color: #56606b; }
code { font-family: 'Noto Sans Mono', ui-monospace, Menlo, Consolas, monospace; font-size: 8.2pt; }
footer { margin-top: 8mm; border-top: .4mm solid #16191d; padding-top: 2mm; font-size: 8.8pt; }
footer p { margin: 1mm 0; }
`;
