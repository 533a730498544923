import { createHash } from 'node:crypto';
import { GatewayError } from '../../../domain/errors';
import { type ShopId, toShopId } from '../../../domain/ids';
import { Fields } from '../../../intake/fields';
import type { Encoding } from '../../../intake/lineSplitter';
import { type Mapping, mappedPreset, missingColumns } from '../../../intake/mapping';
import type { FileHead, FileReader, Preset, PresetSession } from '../../../intake/presets/preset';
import type { ImportRunRecord } from '../../../store/ports/importRun';
import type { Stores } from '../../../store/ports/stores';
import { importFile } from './importFile';
import { type Progress, startProgress } from './progress';
import { RejectsFile } from './rejectsFile';
import { firstLineOf, inspectFile, type SourceFile } from './sourceFile';
import type { FileSummary, ImportSummary } from './summary';

/** Files and settings of an import. */
export interface ImportRequest {
  readonly shop: string;
  /** The format: a preset or a mapping. */
  readonly how: Preset | Mapping;
  readonly paths: readonly string[];
  readonly rejectsPath: string;
  /** Overrides the encoding of the preset. */
  readonly encoding?: Encoding | undefined;
  /** Whether files are read again that an earlier command finished. */
  readonly isAgain: boolean;
}

/** Stores, clock and streams of an import. */
export interface ImportEnvironment {
  readonly stores: Stores;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly progressStream: NodeJS.WriteStream;
}

/** A file with its reader and the progress of an earlier run. */
interface Plan {
  readonly file: SourceFile;
  readonly reader: FileReader;
  readonly record: ImportRunRecord;
}

/**
 * Imports files into a shop, which is created when missing. All files are inspected before the first row is written.
 *
 * @throws {GatewayError} IMPORT_INVALID when a file does not fit the preset or is damaged; CANCELLED; UNAVAILABLE. Stored
 *   rows remain, and the same request continues from there
 */
export async function runImport(request: ImportRequest, world: ImportEnvironment): Promise<ImportSummary> {
  const startedAt = world.clock();
  const shopId = checkShopId(request.shop);
  const { stores } = world;
  const preset = 'start' in request.how ? request.how : mappedPreset(request.how);
  const plans = await makePlans(request, preset, { shopId, now: startedAt }, stores);
  const isNewShop = await ensureShop(stores, shopId, preset.currency);
  const before = await countsOf(stores, shopId);
  const rejects = new RejectsFile(request.rejectsPath);
  const read = await readAll(plans, request, rejects, world).finally(() => rejects.close());
  const after = await countsOf(stores, shopId);
  return {
    shop: shopId,
    isNewShop,
    preset: preset.name,
    files: read.map(({ summary }) => summary),
    products: { total: after.products, added: after.products - before.products },
    users: { total: after.users, added: after.users - before.users },
    events: read.reduce((sum, { events }) => sum + events, 0),
    seconds: (world.clock() - startedAt) / 1000,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    rejectsFile: rejects.count > 0 ? rejects.path : null,
  };
}

function checkShopId(shop: string): ShopId {
  const fields = new Fields({ shop });
  const id = fields.id('shop');
  if (fields.problem) throw new GatewayError('IMPORT_INVALID', fields.problem.message, { field: 'shop' });
  return toShopId(id);
}

/** Creates the shop when missing. @returns whether it was created */
async function ensureShop(stores: Stores, id: ShopId, currency: string): Promise<boolean> {
  if (await stores.shops.find(id)) return false;
  await stores.shops.upsert({
    id,
    name: id,
    defaultLocale: 'en',
    currency,
  });
  return true;
}

async function countsOf(stores: Stores, shopId: ShopId): Promise<{ products: number; users: number }> {
  const [products, users] = await Promise.all([stores.products.count(shopId), stores.users.count(shopId)]);
  return { products, users };
}

async function makePlans(
  request: ImportRequest,
  preset: Preset,
  context: { readonly shopId: ShopId; readonly now: number },
  stores: Stores,
): Promise<readonly Plan[]> {
  const session = preset.start(context);
  const files: { readonly file: SourceFile; readonly head: FileHead }[] = [];
  for (const path of request.paths) {
    const file = await inspectFile(path);
    const line = await firstLineOf(file, request.encoding ?? 'utf-8');
    files.push({ file, head: { name: file.name, firstLine: line?.text ?? '', digest: file.digest } });
  }
  const orderOf = ({ head }: { head: FileHead }): number => session.order?.(head) ?? 0;
  files.sort((left, right) => orderOf(left) - orderOf(right));
  const plans: Plan[] = [];
  for (const { file, head } of files) {
    const reader = openReader(request, preset, session, file, head);
    const id = runIdOf(request, preset, file);
    const record =
      (request.isAgain ? null : await stores.importRuns.find(context.shopId, id)) ??
      newRecord(context, id, file, preset);
    plans.push({ file, reader, record });
  }
  return plans;
}

function openReader(
  request: ImportRequest,
  preset: Preset,
  session: PresetSession,
  file: SourceFile,
  head: FileHead,
): FileReader {
  if (!('start' in request.how)) {
    const missing = missingColumns(request.how, head.firstLine);
    if (missing.length > 0)
      throw unsuitableFile(file, `the columns ${missing.join(', ')}`, 'a header without them');
  }
  const reader = session.open(head);
  if (reader) return reader;
  const got =
    head.firstLine === ''
      ? 'an empty file'
      : `a first line of ${head.firstLine.length} characters in another format`;
  throw unsuitableFile(file, `a file of the preset ${preset.name} (${preset.files})`, got);
}

function unsuitableFile(file: SourceFile, expected: string, got: string): GatewayError {
  const message = `Expected ${expected} in ${file.path}; got ${got}. Pass another file, preset or mapping; nothing was written.`;
  return new GatewayError('IMPORT_INVALID', message, { path: file.path });
}

/** Returns the id of a run, which depends on the file's content and the way it is read. */
function runIdOf(request: ImportRequest, preset: Preset, file: SourceFile): string {
  const mapping = 'start' in request.how ? null : request.how;
  const identity = JSON.stringify([
    file.digest,
    preset.name,
    preset.version,
    mapping,
    request.encoding ?? null,
  ]);
  return createHash('sha256').update(identity).digest('hex');
}

function newRecord(
  context: { readonly shopId: ShopId; readonly now: number },
  id: string,
  file: SourceFile,
  preset: Preset,
): ImportRunRecord {
  return {
    shopId: context.shopId,
    id,
    fileName: file.name,
    mapping: preset.name,
    linesDone: 0,
    accepted: 0,
    duplicates: 0,
    rejected: {},
    startedAt: context.now,
    updatedAt: context.now,
    finishedAt: null,
  };
}

interface ReadFile {
  readonly summary: FileSummary;
  readonly events: number;
}

/** Reads all files, including finished ones, which other files may depend on; reads none when all are finished. */
async function readAll(
  plans: readonly Plan[],
  request: ImportRequest,
  rejects: RejectsFile,
  world: ImportEnvironment,
): Promise<readonly ReadFile[]> {
  if (plans.every(({ record }) => record.finishedAt !== null)) {
    return plans.map(({ file, record }) => ({
      summary: summaryOf(file, record, record.linesDone),
      events: 0,
    }));
  }
  const read: ReadFile[] = [];
  for (const plan of plans) {
    const progress = startProgress(plan.file.name, plan.file.size, world.progressStream);
    read.push(await readOne(plan, request, rejects, world, progress).finally(() => progress.stop()));
  }
  return read;
}

async function readOne(
  { file, reader, record }: Plan,
  request: ImportRequest,
  rejects: RejectsFile,
  { stores, clock, signal }: ImportEnvironment,
  progress: Progress,
): Promise<ReadFile> {
  const result = await importFile({
    stores,
    file,
    reader,
    encoding: request.encoding ?? reader.encoding,
    record,
    rejects,
    clock,
    signal,
    onProgress: (bytesRead, lines) => progress.update(bytesRead, lines),
  });
  const facts = Object.fromEntries(reader.facts?.() ?? []);
  const summary = {
    ...summaryOf(file, result.record, result.lines),
    wasDone: record.finishedAt !== null,
    facts,
  };
  return { summary, events: result.events };
}

function summaryOf(file: SourceFile, record: ImportRunRecord, lines: number): FileSummary {
  const { accepted, duplicates, rejected } = record;
  return {
    name: file.name,
    wasDone: record.finishedAt !== null,
    lines,
    accepted,
    duplicates,
    rejected,
    facts: {},
  };
}
