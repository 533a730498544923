import { panelColumns } from './multiplySparse';

/** Copies columns [from, from + panelColumns) of a row-major matrix to a panel; those beyond it become zeros. */
export function readPanel(rows: Float32Array, columns: number, from: number, panel: Float32Array): void {
  const width = Math.min(panelColumns, columns - from);
  if (width < panelColumns) panel.fill(0);
  for (let at = from, to = 0; at < rows.length; at += columns, to += panelColumns)
    for (let k = 0; k < width; k++) panel[to + k] = rows[at + k];
}

/** Copies a panel back. */
export function writePanel(panel: Float32Array, rows: Float32Array, columns: number, from: number): void {
  const width = Math.min(panelColumns, columns - from);
  for (let at = from, to = 0; at < rows.length; at += columns, to += panelColumns)
    for (let k = 0; k < width; k++) rows[at + k] = panel[to + k];
}

/** Copies the rows of a matrix to one with other columns, as many of each row as both have. */
export function copyRows(from: Float32Array, columns: number, to: Float32Array, toColumns: number): void {
  const width = Math.min(columns, toColumns);
  for (let at = 0, place = 0; at < from.length; at += columns, place += toColumns)
    for (let k = 0; k < width; k++) to[place + k] = from[at + k];
}
