import { parseExactJson, repeatedName } from '../../../intake/exactJson';
import { type Encoding, type Line, LineSplitter } from '../../../intake/lineSplitter';
import type { FileReader, RowSink } from '../../../intake/presets/preset';
import { faultOf, RecordSplitter } from '../../../intake/recordSplitter';
import { type Problem, problem } from '../../../intake/rejections';
import type { ImportRunRecord } from '../../../store/ports/importRun';
import { contentOf } from '../../files/inputFile';
import { CommitPipeline } from './commitPipeline';
import type { ImportStores } from './importStores';
import { RejectedShare } from './rejectedShare';
import type { RejectsFile } from './rejectsFile';
import { RowBatch } from './rowBatch';
import { damagedFile, isDamage, type SourceFile } from './sourceFile';

/** Lines per batch. */
const linesPerBatch = 5_000;

/** One file to read. */
export interface FileJob {
  readonly stores: ImportStores;
  readonly file: SourceFile;
  readonly reader: FileReader;
  readonly encoding: Encoding;
  /** Number of lines of the header; 0 without one. */
  readonly headerLines: number;
  /** Greatest share of rejected lines, 0-1; with more, reading stops. */
  readonly maxRejectedShare: number;
  /** Progress of an earlier run. A finished file is read for the context of other files only, and nothing is written. */
  readonly record: ImportRunRecord;
  readonly rejects: RejectsFile;
  /** Whether the stores keep nothing: messages then speak of reading. */
  readonly isDryRun: boolean;
  readonly clock: () => number;
  /** Start of the import, in milliseconds since the epoch. */
  readonly now: number;
  /** Stops between two batches. */
  readonly signal: AbortSignal;
  readonly onProgress: (bytesRead: number, lines: number) => void;
  /** Called with the number of bytes after the end of a gzip, which are ignored. */
  readonly onTail: (bytes: number) => void;
}

/** Result of reading a file. */
export interface FileResult {
  readonly record: ImportRunRecord;
  /** Lines without the header, including those of earlier runs. */
  readonly lines: number;
  /** Events sent to the store by this run. */
  readonly events: number;
}

/** Discards rows that an earlier run has stored. */
const discardedRows: RowSink = {
  event: () => undefined,
  product: () => undefined,
  user: () => undefined,
  campaign: () => undefined,
  offer: () => undefined,
  contact: () => undefined,
  outcome: () => undefined,
  post: () => undefined,
  reaction: () => undefined,
  follow: () => undefined,
  interestTag: () => undefined,
  identity: () => undefined,
};

/**
 * Reads a file from its first line and stores the rows that its record does not cover yet.
 *
 * @throws {GatewayError} IMPORT_INVALID when the gzip is damaged or too many lines are rejected, CANCELLED by the signal,
 *   UNAVAILABLE without a database. Earlier lines are stored, and the same call continues from there
 */
export async function importFile(job: FileJob): Promise<FileResult> {
  const run = new FileRun(job);
  const splitter = new LineSplitter(job.encoding);
  let bytesRead = 0;
  try {
    const content = contentOf(job.file.path, {
      signal: job.signal,
      onTail: job.onTail,
      onRead: bytes => {
        bytesRead = bytes;
      },
    });
    for await (const chunk of content) {
      await run.take(splitter.push(chunk));
      job.onProgress(bytesRead, run.lines);
      job.signal.throwIfAborted();
    }
    await run.take(splitter.end());
    await run.end();
  } catch (error) {
    await run.commitRead();
    throw isDamage(error) ? damagedFile(job.file, run.stored(), error) : error;
  }
  return run.result();
}

interface LineRecord {
  readonly line: Line;
  readonly problem: Problem | null;
  readonly give: (sink: RowSink) => Problem | null;
}

/** The state of reading one file. */
class FileRun {
  readonly #job: FileJob;
  readonly #pipeline: CommitPipeline;
  readonly #records: (lines: Line | null) => readonly LineRecord[];
  readonly #doneBefore: number;
  readonly #isFinished: boolean;
  readonly #share: RejectedShare;
  #batch = new RowBatch();
  #lines = 0;
  #events = 0;

  constructor(job: FileJob) {
    this.#job = job;
    this.#pipeline = new CommitPipeline(job, ({ line, problem: why }) =>
      job.rejects.add(job.file.name, line, why),
    );
    this.#records = recordsOf(job.reader);
    this.#share = new RejectedShare(job.maxRejectedShare);
    this.#doneBefore = job.record.linesDone;
    this.#isFinished = job.record.finishedAt !== null;
  }

  get lines(): number {
    return this.#lines;
  }

  async take(lines: readonly Line[]): Promise<void> {
    for (const line of lines) {
      if (line.number <= this.#job.headerLines) continue;
      this.#lines += 1;
      for (const record of this.#records(line)) {
        const wait = this.#takeRecord(record);
        if (wait) await wait;
      }
    }
  }

  /** Processes incomplete records and rows about the whole file, after the last line. */
  async end(): Promise<void> {
    for (const record of this.#records(null)) await this.#takeRecord(record);
    if (this.#isFinished) return;
    await this.#checkShare(true);
    this.#job.reader.finish?.(this.#batch);
    await this.#submit();
    await this.#pipeline.finish();
  }

  /** Stores the rows read before a damaged file or a cancellation; does nothing after a failure of the store. */
  async commitRead(): Promise<void> {
    if (this.#pipeline.hasFailed) return;
    if (this.#batch.lines > 0) await this.#submit();
    await this.#pipeline.drain();
  }

  result(): FileResult {
    return { record: this.#pipeline.record, lines: this.#lines, events: this.#events };
  }

  /** What is stored of the file, for messages. */
  stored(): string {
    const { linesDone } = this.#pipeline.record;
    if (this.#job.isDryRun) return 'Nothing of it was stored, as this is a dry run';
    return linesDone === 0 ? 'No line of it was stored' : `Its rows up to line ${linesDone} were stored`;
  }

  /** Returns a promise only when the caller should wait, as most lines need none. */
  #takeRecord(record: LineRecord): Promise<unknown> | null {
    const { number } = record.line;
    const isDone = this.#isFinished || number <= this.#doneBefore;
    this.#batch.begin(record.line);
    const why = record.problem ?? record.give(isDone ? discardedRows : this.#batch);
    const wait = why && this.#job.rejects.add(this.#job.file.name, record.line, why);
    this.#share.count(why?.code ?? null);
    if (isDone) return wait;
    this.#batch.line(number, why?.code ?? null);
    if (this.#batch.lines < linesPerBatch) return wait;
    return Promise.all([wait, this.#checkShare(false).then(() => this.#submit())]);
  }

  /** Stops the import when too many lines are rejected; the rows read since the last commit are then dropped. */
  async #checkShare(isEnd: boolean): Promise<void> {
    if (!this.#share.isExceeded(isEnd)) return;
    this.#batch = new RowBatch();
    await this.#pipeline.drain();
    throw this.#share.error(this.#job.file.path, this.stored(), this.#job.rejects.path);
  }

  async #submit(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new RowBatch();
    this.#events += batch.events.length;
    await this.#pipeline.submit(batch);
  }
}

/** Returns a function from lines (null at the end) to records of the reader's format. */
function recordsOf(reader: FileReader): (line: Line | null) => readonly LineRecord[] {
  if (reader.format === 'jsonl') return line => (line ? [jsonRecord(line, reader.read)] : []);
  const splitter = new RecordSplitter(reader.dialect);
  return line =>
    (line ? splitter.push(line) : splitter.end()).map(record => ({
      line: record.line,
      problem: record.problem,
      give: sink => (record.fields ? reader.read(record.fields, record.line.number, sink) : null),
    }));
}

const emptyLine = problem('LINE_EMPTY', '', 'a JSON object', 'a blank line', 'Nothing to do.');
const notJson = problem(
  'JSON_INVALID',
  '',
  'one JSON object',
  'another format',
  'Write each object on its own line.',
);

const repeated = problem(
  'NAME_REPEATED',
  '',
  'each name once in an object',
  'one twice',
  'Keep the member that is meant.',
);

function jsonRecord(
  line: Line,
  read: (value: unknown, lineNumber: number, sink: RowSink) => Problem | null,
): LineRecord {
  const fault = faultOf(line) ?? (line.text.trim() === '' ? emptyLine : null);
  if (fault) return { line, problem: fault, give: () => null };
  const parsed = parseJson(line.text);
  if (parsed === null) return { line, problem: notJson, give: () => null };
  if (repeatedName(line.text) !== null) return { line, problem: repeated, give: () => null };
  return { line, problem: null, give: sink => read(parsed.value, line.number, sink) };
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: parseExactJson(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
