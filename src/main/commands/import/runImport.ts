import { createHash } from 'node:crypto';
import { GatewayError } from '../../../domain/errors';
import { type ShopId, toShopId } from '../../../domain/ids';
import { Fields } from '../../../intake/fields';
import type { Encoding } from '../../../intake/lineSplitter';
import { headerProblem, type Mapping, mappedPreset } from '../../../intake/mapping';
import type { FileHead, FileReader, Preset, PresetSession } from '../../../intake/presets/preset';
import { firstRecord } from '../../../intake/recordSplitter';
import type { ImportRunRecord } from '../../../store/ports/importRun';
import { type DescribedShop, ensureShop } from './ensureShop';
import { importFile } from './importFile';
import type { ImportStores } from './importStores';
import { type Progress, startProgress } from './progress';
import { defaultMaxRejectedShare } from './rejectedShare';
import { RejectsFile } from './rejectsFile';
import { headOf, inspectFile, type SourceFile } from './sourceFile';
import type { FileSummary, ImportSummary } from './summary';

/** Files and settings of an import. */
export interface ImportRequest {
  readonly shop: string;
  /** The format: a preset or a mapping. */
  readonly how: Preset | Mapping;
  readonly paths: readonly string[];
  /** Where rejected lines are written; null to count them only. */
  readonly rejectsPath: string | null;
  /** Greatest share of rejected lines of a file, 0-1. */
  readonly maxRejectedShare?: number | undefined;
  /** Whether the stores only count what they would write. */
  readonly isDryRun?: boolean | undefined;
  /** Overrides the encoding of the preset. */
  readonly encoding?: Encoding | undefined;
  /** Whether files are read again that an earlier command finished. */
  readonly isAgain: boolean;
}

/** Stores, clock and streams of an import. */
export interface ImportEnvironment {
  readonly stores: ImportStores;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly progressStream: NodeJS.WriteStream;
}

/** The environment with the start of the import. */
interface RunningImport extends ImportEnvironment {
  readonly now: number;
}

/** A file with its reader and the progress of an earlier run. */
interface Plan {
  readonly file: SourceFile;
  readonly reader: FileReader;
  /** Number of lines of the header; 0 without one. */
  readonly headerLines: number;
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
  const plans = await makePlans(request, preset, { shopId, now: startedAt }, world);
  const isNewShop = await ensureShop(stores, shopId, plans.flatMap(describedShop), preset.currency);
  const before = await countsOf(stores, shopId);
  const rejects = new RejectsFile(request.rejectsPath);
  const read = await readAll(plans, request, rejects, { ...world, now: startedAt }).finally(() =>
    rejects.close(),
  );
  const after = await countsOf(stores, shopId);
  return {
    shop: shopId,
    isNewShop,
    isDryRun: request.isDryRun ?? false,
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

async function countsOf(stores: ImportStores, shopId: ShopId): Promise<{ products: number; users: number }> {
  const [products, users] = await Promise.all([stores.products.count(shopId), stores.users.count(shopId)]);
  return { products, users };
}

async function makePlans(
  request: ImportRequest,
  preset: Preset,
  context: { readonly shopId: ShopId; readonly now: number },
  { stores, signal }: ImportEnvironment,
): Promise<readonly Plan[]> {
  const session = preset.start(context);
  const files: { readonly file: SourceFile; readonly head: FileHead }[] = [];
  for (const path of request.paths) {
    const file = await inspectFile(path, signal);
    const lines = await headOf(file, request.encoding ?? encodingOf(request.how), signal);
    const { name, digest } = file;
    files.push({ file, head: { name, firstLine: lines.at(0)?.text ?? '', lines, digest } });
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
    plans.push({ file, reader, headerLines: headerLinesOf(reader, head), record });
  }
  return plans;
}

/** Encoding in which the beginning of a file is read; presets have ASCII headers. */
const encodingOf = (how: Preset | Mapping): Encoding =>
  'start' in how ? 'utf-8' : (how.encoding ?? 'utf-8');

const headerLinesOf = (reader: FileReader, head: FileHead): number =>
  reader.format === 'delimited' && reader.hasHeader
    ? (firstRecord(head.lines, reader.dialect)?.lines ?? 1)
    : 0;

/** @throws {GatewayError} IMPORT_INVALID when the file describes its shop wrongly */
function describedShop({ file, reader: { shop } }: Plan): readonly DescribedShop[] {
  if (shop === undefined) return [];
  if ('shop' in shop) return [{ path: file.path, draft: shop.shop }];
  const { field, message } = shop.problem;
  throw unsuitableFile(file, 'a shop in its first line', `a wrong ${field || 'row'} (${message})`);
}

function openReader(
  request: ImportRequest,
  preset: Preset,
  session: PresetSession,
  file: SourceFile,
  head: FileHead,
): FileReader {
  // LineSplitter has removed a carriage return at the end of a line.
  if (head.firstLine.includes('\r'))
    throw unsuitableFile(
      file,
      'lines that end with LF or CRLF',
      'lines that end with CR alone',
      convertLines,
    );
  if (!('start' in request.how)) {
    const found = headerProblem(request.how, head);
    if (found) throw unsuitableFile(file, found.expected, found.got, found.remedy);
  }
  const reader = session.open(head);
  if (reader) return reader;
  const got =
    head.firstLine === ''
      ? 'an empty file'
      : `a first line of ${head.firstLine.length} characters in another format`;
  throw unsuitableFile(file, `a file of the preset ${preset.name} (${preset.files})`, got);
}

const convertLines = "Convert it: tr '\\r' '\\n' < FILE > NEW.";

function unsuitableFile(
  file: SourceFile,
  expected: string,
  got: string,
  remedy = 'Pass another file, preset or mapping.',
): GatewayError {
  const message = `Expected ${expected} in ${file.path}; got ${got}. ${remedy} Nothing was written.`;
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
  world: RunningImport,
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
  { file, reader, headerLines, record }: Plan,
  request: ImportRequest,
  rejects: RejectsFile,
  { stores, clock, now, signal, progressStream }: RunningImport,
  progress: Progress,
): Promise<ReadFile> {
  const result = await importFile({
    stores,
    file,
    reader,
    encoding: request.encoding ?? reader.encoding,
    headerLines,
    maxRejectedShare: request.maxRejectedShare ?? defaultMaxRejectedShare,
    record,
    rejects,
    isDryRun: request.isDryRun ?? false,
    clock,
    now,
    signal,
    onProgress: (bytesRead, lines) => progress.update(bytesRead, lines),
    onTail: bytes =>
      progressStream.write(`${file.name}: ignored ${bytes} bytes after the end of the gzip, as gzip does\n`),
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
