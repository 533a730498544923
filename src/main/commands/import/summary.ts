import { type RejectionCode, rejectionCatalogue } from '../../../intake/rejections';
import { rateOf, withCommas } from './progress';

/** Result of importing one file. */
export interface FileSummary {
  readonly name: string;
  /** Whether an earlier command finished it, so that nothing was written. */
  readonly wasDone: boolean;
  /** Lines without the header. */
  readonly lines: number;
  /** Events stored, over all runs of this file. */
  readonly accepted: number;
  /** Events that existed before. */
  readonly duplicates: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Counts of the preset, in the terms of the data set. */
  readonly facts: Readonly<Record<string, number>>;
}

/** Result of an import. */
export interface ImportSummary {
  readonly shop: string;
  readonly isNewShop: boolean;
  /** Whether nothing was written: counts are those of an empty shop. */
  readonly isDryRun: boolean;
  readonly preset: string;
  readonly files: readonly FileSummary[];
  /** Number in the shop after the import, and the increase. */
  readonly products: { readonly total: number; readonly added: number };
  readonly users: { readonly total: number; readonly added: number };
  /** Events sent to the store by this run. */
  readonly events: number;
  readonly seconds: number;
  readonly peakMemoryMb: number;
  /** Path of the file of rejected lines; null when there are none. */
  readonly rejectsFile: string | null;
}

/** Formats the summary for the terminal. */
export function formatSummary(summary: ImportSummary): string {
  const { files, products, users, seconds } = summary;
  const read = files.filter(file => !file.wasDone).reduce((sum, file) => sum + file.lines, 0);
  return [
    `Shop ${summary.shop}${noteOf(summary)}, preset ${summary.preset}`,
    ...files.flatMap(formatFile),
    row('products in the shop', products.total, `${withCommas(products.added)} more than before`),
    row('users in the shop', users.total, `${withCommas(users.added)} more than before`),
    `  ${seconds.toFixed(1)} s: ${withCommas(rateOf(read, seconds * 1000))} lines/s, ${withCommas(rateOf(summary.events, seconds * 1000))} events/s; peak memory ${summary.peakMemoryMb} MB`,
    ...(summary.rejectsFile === null ? [] : [`  rejected lines with reasons: ${summary.rejectsFile}`]),
  ].join('\n');
}

function noteOf({ isDryRun, isNewShop }: ImportSummary): string {
  if (isDryRun) return ' (dry run: nothing was written; counts are those of an empty shop)';
  return isNewShop ? ' (new)' : '';
}

function formatFile(file: FileSummary): readonly string[] {
  if (file.wasDone) {
    return [`${file.name}: already imported; nothing to add (use --again to read it again)`];
  }
  const rejected = Object.entries(file.rejected).map(([code, count]) =>
    row(`${kindOf(code)} ${code}`, count),
  );
  const facts = Object.entries(file.facts).map(([fact, count]) => row(`  ${fact}`, count));
  return [
    `${file.name}`,
    row('lines', file.lines),
    row('events accepted', file.accepted),
    row('duplicate events', file.duplicates),
    ...rejected,
    ...(facts.length > 0 ? ['  counts of the preset', ...facts] : []),
  ];
}

function kindOf(code: string): string {
  return isCode(code) ? rejectionCatalogue[code].kind : 'rejected';
}

const isCode = (code: string): code is RejectionCode => Object.hasOwn(rejectionCatalogue, code);

function row(label: string, count: number, note?: string): string {
  const line = `  ${label.padEnd(40)}${withCommas(count).padStart(12)}`;
  return note === undefined ? line : `${line}  (${note})`;
}
