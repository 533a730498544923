import type { DelimitedReader, FileHead } from './preset';

/** Comma-separated with quotes, in UTF-8, with a header of `columns` columns: what most presets read. */
export function csv(columns: number): Pick<DelimitedReader, 'format' | 'encoding' | 'hasHeader' | 'dialect'> {
  return {
    format: 'delimited',
    encoding: 'utf-8',
    hasHeader: true,
    dialect: { delimiter: ',', quoted: true, columns },
  };
}

/** Whether the first line is exactly this header. */
export function hasHeader(head: FileHead, header: string): boolean {
  return head.firstLine.trim() === header;
}

/** Collapses white space and trims; null when nothing is left. */
export function tidy(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /\s\s|[^\S ]/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed;
}

/** An id that a spreadsheet wrote as a float (`17850.0`), as the id it was (`17850`). */
export function withoutPointZero(id: string): string {
  return id.endsWith('.0') ? id.slice(0, -2) : id;
}
