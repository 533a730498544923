import { type RejectionCode, rejectionCatalogue } from '../../../intake/rejections';
import { rateOf, withCommas } from './progress';

/** What became of one file. */
export interface FileSummary {
  readonly name: string;
  /** Finished by an earlier command: nothing was written now. */
  readonly wasDone: boolean;
  /** Without the header. */
  readonly lines: number;
  /** Events kept, over all runs of this file. */
  readonly accepted: number;
  /** Events that were there before. */
  readonly duplicates: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** What the preset counts, in the words of the data set. */
  readonly facts: Readonly<Record<string, number>>;
}

/** What an import did. */
export interface ImportSummary {
  readonly shop: string;
  readonly isNewShop: boolean;
  readonly preset: string;
  readonly files: readonly FileSummary[];
  /** In the shop after the import, and how many more than before. */
  readonly products: { readonly total: number; readonly added: number };
  readonly users: { readonly total: number; readonly added: number };
  /** Events given to the store by this run. */
  readonly events: number;
  readonly seconds: number;
  readonly peakMemoryMb: number;
  /** Where the lines are told that became no event; null when there are none. */
  readonly rejectsFile: string | null;
}

/** The summary as lines for a person. */
export function formatSummary(summary: ImportSummary): string {
  const { files, products, users, seconds } = summary;
  const read = files.filter(file => !file.wasDone).reduce((sum, file) => sum + file.lines, 0);
  return [
    `Shop ${summary.shop}${summary.isNewShop ? ' (new)' : ''}, preset ${summary.preset}`,
    ...files.flatMap(formatFile),
    row('products in the shop', products.total, `${withCommas(products.added)} more than before`),
    row('users in the shop', users.total, `${withCommas(users.added)} more than before`),
    `  ${seconds.toFixed(1)} s: ${withCommas(rateOf(read, seconds * 1000))} lines/s, ${withCommas(rateOf(summary.events, seconds * 1000))} events/s; peak memory ${summary.peakMemoryMb} MB`,
    ...(summary.rejectsFile === null
      ? []
      : [`  lines that became no event, each with its reason: ${summary.rejectsFile}`]),
  ].join('\n');
}

function formatFile(file: FileSummary): readonly string[] {
  if (file.wasDone) {
    return [`${file.name}: imported before; nothing to add (--again reads it anew)`];
  }
  const rejected = Object.entries(file.rejected).map(([code, count]) =>
    row(`${kindOf(code)} ${code}`, count),
  );
  const facts = Object.entries(file.facts).map(([fact, count]) => row(`  ${fact}`, count));
  return [
    `${file.name}`,
    row('lines', file.lines),
    row('events accepted', file.accepted),
    row('events kept before (duplicates)', file.duplicates),
    ...rejected,
    ...(facts.length > 0 ? ['  the file in its own words', ...facts] : []),
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
