/**
 * Formats rows of named cells as a heading and aligned lines, for the terminal.
 *
 * @param rows - at least one; all have the same names in the same order
 */
export function formatColumns(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map(row => Object.values(row))];
  const widths = names.map((_, column) => Math.max(...lines.map(line => line[column].length)));
  const formatted = lines.map(line => line.map((cell, column) => cell.padEnd(widths[column])).join('  '));
  return formatted.map(line => line.trimEnd()).join('\n');
}
