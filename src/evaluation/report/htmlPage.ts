import { textOf } from './plots';

const style = `
:root { color-scheme: light dark; --ink: #1c2733; --paper: #ffffff; --soft: #5c6b7a; --line: #d5dce3; --mark: #2563a8; --band: #f3f6f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --paper: #14191f; --soft: #9aa7b4; --line: #35404b; --mark: #7ab3ef; --band: #1b222a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { vertical-align: bottom; white-space: normal; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
tr.best, tr.best td:first-child { background: var(--band); font-weight: 600; }
figure { margin: 0; } small, figcaption { color: var(--soft); } figcaption { padding-top: .4rem; }
pre { background: var(--band); padding: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .soft { fill: var(--soft); } svg .axis { stroke: var(--line); } svg .mark { fill: var(--mark); } svg .error { stroke: var(--ink); stroke-width: 1.5; }
@media print { body { max-width: none; margin: 0; font-size: 11px; } .wide { overflow: visible; } th, td { padding: .2rem .3rem; } @page { size: landscape; } }
`;

/** Returns a number for a cell; a dash for NaN. */
export const shown = (value: number, digits = 4): string =>
  Number.isNaN(value) ? '–' : value.toFixed(digits);

/** A heading that may wrap inside a name in camel case, so that narrow columns do not get a wide heading. */
const headOf = (cell: string): string => textOf(cell).replace(/[a-z](?=[A-Z])/g, '$&<wbr>');

/**
 * Returns a table.
 *
 * @param best - index of the row to mark, -1 for none
 * @param note - explains the table below it; empty for none. It is outside the part that scrolls, so that it wraps.
 */
export const htmlTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  best: number,
  note: string,
): string =>
  `<figure><div class="wide"><table><thead><tr>${head.map(cell => `<th>${headOf(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      (row, index) =>
        `<tr${index === best ? ' class="best"' : ''}>${row.map(cell => `<td>${cell}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>${note === '' ? '' : `<figcaption>${note}</figcaption>`}</figure>`;

/**
 * Returns one HTML page. Plots are inline SVG: no script, and nothing to load.
 *
 * @param about - the conditions of the figures, as text
 * @param parts - HTML
 */
export function htmlPage(title: string, about: string, parts: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${textOf(title)}</title><style>${style}</style></head>
<body><h1>${textOf(title)}</h1><p>${textOf(about)}</p>
${parts.join('\n')}
</body></html>
`;
}
