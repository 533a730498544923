import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import { toShopId } from '../../domain/ids';
import type { Stores } from '../../store/ports/stores';
import { createOutput, whyNotWritable } from '../files/outputFile';
import { type ExportKind, exportKinds, exportRows } from './export/exportRows';
import type { OpenStores } from './import';

interface ExportOptions {
  readonly shop: string;
  readonly kind: string;
  readonly out: string;
  readonly databaseUrl?: string;
}

/** Adds `affinity export` to the program. */
export function registerExport(program: Command, openStores: OpenStores): void {
  program
    .command('export')
    .description(
      'Write what a shop has stored, except what models produce, as JSONL that `affinity import --preset affinity` reads',
    )
    .requiredOption('--shop <id>', 'the shop')
    .option('--kind <kinds>', `any of ${exportKinds.join(',')}`, exportKinds.join(','))
    .option('--out <file>', 'a file (gzip when it ends in .gz), or - for the standard output', '-')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one')
    .action((options: ExportOptions) => exportCommand(options, openStores));
}

async function exportCommand(options: ExportOptions, openStores: OpenStores): Promise<void> {
  const kinds = chooseKinds(options.kind);
  const { stores, close } = await openStores({ databaseUrl: options.databaseUrl });
  try {
    const pages = await pagesOf(stores, options.shop, kinds);
    await (options.out === '-' ? writeTo(process.stdout, pages) : writeFile(options.out, pages));
  } finally {
    await close();
  }
}

/** @throws {GatewayError} NOT_FOUND when the shop does not exist */
async function pagesOf(
  stores: Stores,
  shop: string,
  kinds: readonly ExportKind[],
): Promise<AsyncGenerator<string>> {
  const found = await stores.shops.find(toShopId(shop));
  if (found) return exportRows(stores, found, kinds);
  const message = 'Expected --shop to name a shop of this database; got another id. Check the spelling.';
  throw new GatewayError('NOT_FOUND', message, {});
}

function chooseKinds(list: string): readonly ExportKind[] {
  return list.split(',').map(word => {
    const kind = exportKinds.find(one => one === word.trim());
    if (kind) return kind;
    const message = `Expected --kind of ${exportKinds.join(', ')}, separated by commas; got another word. Correct it.`;
    throw new GatewayError('BAD_USER_INPUT', message, {});
  });
}

/** Writes pages to a file that appears under its name when it is whole. @throws {GatewayError} BAD_USER_INPUT */
async function writeFile(path: string, pages: AsyncGenerator<string>): Promise<void> {
  const reason = await whyNotWritable(path, []);
  if (reason !== null) {
    const message = `Expected --out to name a file that can be written; got ${path}: ${reason}. Name another.`;
    throw new GatewayError('BAD_USER_INPUT', message, {});
  }
  const output = createOutput(path);
  try {
    if (path.endsWith('.gz')) await pipeline(Readable.from(pages), createGzip(), output.stream);
    else await pipeline(Readable.from(pages), output.stream);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Writes pages to a stream without closing it, as standard output must stay open. */
async function writeTo(out: Writable, pages: AsyncGenerator<string>): Promise<void> {
  for await (const page of pages) {
    if (!out.write(page)) await once(out, 'drain');
  }
}
