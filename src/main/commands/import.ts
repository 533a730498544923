import { type Command, InvalidArgumentError } from 'commander';
import { GatewayError } from '../../domain/errors';
import { type Encoding, encodings } from '../../intake/lineSplitter';
import type { Mapping } from '../../intake/mapping';
import { parseDecimal } from '../../intake/numbers';
import type { Preset } from '../../intake/presets/preset';
import { presets } from '../../intake/presets/registry';
import type { Stores } from '../../store/ports/stores';
import { whyNotWritable } from '../files/outputFile';
import { createDryRunStores } from './import/importStores';
import { readMapping } from './import/mappingFile';
import { defaultMaxRejectedShare } from './import/rejectedShare';
import { runImport } from './import/runImport';
import { sizeOf } from './import/sourceFile';
import { formatSummary } from './import/summary';

/** Opens the stores of a command: over the given URL, DATABASE_URL, or the embedded database. */
export type OpenStores = (options: {
  readonly databaseUrl?: string | undefined;
}) => Promise<{ readonly stores: Stores; close(): Promise<void> }>;

interface ImportOptions {
  readonly shop: string;
  readonly preset?: string;
  readonly mapping?: string;
  readonly rejects?: string;
  readonly encoding?: string;
  readonly maxRejectedShare?: number;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly json?: boolean;
  readonly databaseUrl?: string;
}

/** Adds `affinity import` to the program. */
export function registerImport(program: Command, openStores: OpenStores): void {
  program
    .command('import')
    .description(
      'Import CSV, TSV or JSONL files (gzip or not) of events, products, users and campaigns into a shop',
    )
    .requiredOption('--shop <id>', 'the shop; created when missing')
    .option('--preset <name>', `a known data set: ${[...presets.keys()].join(', ')}`)
    .option('--mapping <file>', 'a JSON file that maps columns to fields (docs/import.md)')
    .option('--rejects <file>', 'file for rejected lines with reasons (default: <shop>.rejects.jsonl)')
    .option(
      '--encoding <name>',
      `of the files: ${encodings.join(' or ')} (default: the preset’s, mostly utf-8)`,
    )
    .option(
      '--max-rejected-share <share>',
      `stop when more than this share of at least 1,000 lines is rejected (default: ${defaultMaxRejectedShare})`,
      share,
    )
    .option('--dry-run', 'check everything and print what would be written; open no database')
    .option('--again', 'read files again that were already imported')
    .option('--json', 'print the summary as one JSON object')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one')
    .argument('<files...>', 'the files, in any order')
    .action((files: readonly string[], options: ImportOptions) => importCommand(files, options, openStores));
}

function share(text: string): number {
  const value = parseDecimal(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`Expected a share from 0 to 1; got ${text}. Use 0.1 for a tenth.`);
}

/** Returns where rejected lines are written. A dry run writes them only when asked. @throws {GatewayError} IMPORT_INVALID */
async function chooseRejects(paths: readonly string[], options: ImportOptions): Promise<string | null> {
  const { rejects, shop, mapping, dryRun } = options;
  if (rejects === undefined && dryRun) return null;
  const path = rejects ?? `${shop.replace(/[^\w.-]/g, '_')}.rejects.jsonl`;
  const reason = await whyNotWritable(path, [...paths, ...(mapping === undefined ? [] : [mapping])]);
  if (reason === null) return path;
  const message = `Expected a file for rejected lines that can be written; got ${path}: ${reason}. Name another with --rejects; nothing was written.`;
  throw new GatewayError('IMPORT_INVALID', message, { path, reason });
}

/** Stores of a dry run need no database. */
const openDryRun = async () => ({ stores: createDryRunStores(), close: async () => undefined });

async function importCommand(
  paths: readonly string[],
  options: ImportOptions,
  openStores: OpenStores,
): Promise<void> {
  const how = await chooseReading(options);
  const encoding = chooseEncoding(options.encoding);
  // Before a database is started.
  await Promise.all(paths.map(sizeOf));
  const rejectsPath = await chooseRejects(paths, options);
  const stop = new AbortController();
  const onSignal = (): void =>
    stop.abort(
      new GatewayError('CANCELLED', 'Import was cancelled. Run the same command again to continue.'),
    );
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const opened = await (options.dryRun ? openDryRun() : openStores({ databaseUrl: options.databaseUrl }));
  try {
    const summary = await runImport(
      {
        shop: options.shop,
        how,
        paths,
        encoding,
        rejectsPath,
        maxRejectedShare: options.maxRejectedShare,
        isDryRun: options.dryRun ?? false,
        isAgain: options.again ?? false,
      },
      { stores: opened.stores, clock: Date.now, signal: stop.signal, progressStream: process.stderr },
    );
    console.log(options.json ? JSON.stringify(summary) : formatSummary(summary));
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await opened.close();
  }
}

async function chooseReading({ preset, mapping }: ImportOptions): Promise<Preset | Mapping> {
  if (mapping !== undefined && preset === undefined) return readMapping(mapping);
  const found = mapping === undefined ? presets.get(preset ?? '') : undefined;
  if (found) return found;
  const names = [...presets.keys()].join(', ');
  const message = `Expected either --mapping FILE or --preset with one of ${names}; got neither or both. Name one.`;
  throw new GatewayError('IMPORT_INVALID', message, {});
}

function chooseEncoding(name: string | undefined): Encoding | undefined {
  const found = encodings.find(encoding => encoding === name);
  if (name === undefined || found) return found;
  const message = `Expected --encoding ${encodings.join(' or ')}; got another word. Convert other encodings first.`;
  throw new GatewayError('IMPORT_INVALID', message, {});
}
