import { firstRecord } from '../recordSplitter';
import type { DelimitedReader, FileHead } from './preset';

/** Layout of most presets: comma-separated with quotes, UTF-8, with a header of `columns` columns. */
export function csv(columns: number): Pick<DelimitedReader, 'format' | 'encoding' | 'hasHeader' | 'dialect'> {
  return {
    format: 'delimited',
    encoding: 'utf-8',
    hasHeader: true,
    dialect: { delimiter: ',', quoted: true, columns },
  };
}

/** Returns whether the file begins with exactly these columns, separated by tabs or by commas (then quoted or not). */
export function hasHeader(head: FileHead, header: string): boolean {
  const delimiter = header.includes('\t') ? '\t' : ',';
  const found = firstRecord(head.lines, { delimiter, quoted: delimiter === ',' });
  return found?.fields.map(name => name.trim()).join(delimiter) === header;
}

/** Collapses white space and trims; null for empty text. */
export function tidy(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /\s\s|[^\S ]/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed;
}

/** Restores an id that a spreadsheet wrote as a float: `17850.0` → `17850`. */
export function withoutPointZero(id: string): string {
  return id.endsWith('.0') ? id.slice(0, -2) : id;
}
