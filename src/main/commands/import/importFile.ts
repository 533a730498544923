import { type Encoding, type Line, LineSplitter } from '../../../intake/lineSplitter';
import type { FileReader, RowSink } from '../../../intake/presets/preset';
import { faultOf, RecordSplitter } from '../../../intake/recordSplitter';
import { type Problem, problem } from '../../../intake/rejections';
import type { ImportRunRecord } from '../../../store/ports/importRun';
import type { Stores } from '../../../store/ports/stores';
import { CommitPipeline } from './commitPipeline';
import type { RejectsFile } from './rejectsFile';
import { RowBatch } from './rowBatch';
import { contentOf, type SourceFile } from './sourceFile';

/** Lines that are kept together. */
const linesPerBatch = 5_000;

/** One file to read. */
export interface FileJob {
  readonly stores: Stores;
  readonly file: SourceFile;
  readonly reader: FileReader;
  readonly encoding: Encoding;
  /** How far an earlier run came; a finished one is read for what it tells the other files, and nothing is written. */
  readonly record: ImportRunRecord;
  readonly rejects: RejectsFile;
  readonly clock: () => number;
  /** Stops between two batches. */
  readonly signal: AbortSignal;
  readonly onProgress: (bytesRead: number, lines: number) => void;
}

/** How reading a file ended. */
export interface FileResult {
  readonly record: ImportRunRecord;
  /** Lines without the header, whether or not they were done before. */
  readonly lines: number;
  /** Events given to the store by this run. */
  readonly events: number;
}

/** Takes what lines of an earlier run say, which was kept then. */
const keptBefore: RowSink = {
  event: () => undefined,
  product: () => undefined,
  user: () => undefined,
  campaign: () => undefined,
  offer: () => undefined,
  contact: () => undefined,
  outcome: () => undefined,
};

/**
 * Reads a file from its first line and keeps what the record says is not kept yet.
 * @throws {GatewayError} IMPORT_INVALID when the gzip is damaged, CANCELLED by the signal, UNAVAILABLE without a database; all
 * lines before that are kept, and the same call goes on from there
 */
export async function importFile(job: FileJob): Promise<FileResult> {
  const run = new FileRun(job);
  const splitter = new LineSplitter(job.encoding);
  let bytesRead = 0;
  try {
    const content = contentOf(job.file, bytes => {
      bytesRead = bytes;
    });
    for await (const chunk of content) {
      await run.take(splitter.push(chunk));
      job.onProgress(bytesRead, run.lines);
      job.signal.throwIfAborted();
    }
    await run.take(splitter.end());
    await run.end();
  } catch (error) {
    await run.settle();
    throw error;
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
  #batch = new RowBatch();
  #lines = 0;
  #events = 0;

  constructor(job: FileJob) {
    this.#job = job;
    this.#pipeline = new CommitPipeline(job.stores, job.record, job.clock);
    this.#records = recordsOf(job.reader);
    this.#doneBefore = job.record.linesDone;
    this.#isFinished = job.record.finishedAt !== null;
  }

  get lines(): number {
    return this.#lines;
  }

  async take(lines: readonly Line[]): Promise<void> {
    for (const line of lines) {
      if (line.number === 1 && this.#hasHeader()) continue;
      this.#lines += 1;
      for (const record of this.#records(line)) {
        const wait = this.#takeRecord(record);
        if (wait) await wait;
      }
    }
  }

  /** After the last line: what was held back, and what the file says as a whole. */
  async end(): Promise<void> {
    for (const record of this.#records(null)) await this.#takeRecord(record);
    if (this.#isFinished) return;
    this.#job.reader.finish?.(this.#batch);
    await this.#submit();
    await this.#pipeline.finish();
  }

  /** Keeps what was read before a damaged file or a cancellation; after a failure of the store there is nothing to do. */
  async settle(): Promise<void> {
    if (this.#pipeline.hasFailed) return;
    if (this.#batch.lines > 0) await this.#submit();
    await this.#pipeline.drain();
  }

  result(): FileResult {
    return { record: this.#pipeline.record, lines: this.#lines, events: this.#events };
  }

  #hasHeader(): boolean {
    return this.#job.reader.format === 'delimited' && this.#job.reader.hasHeader;
  }

  /** Answers a promise only when something should be waited for: most lines need none. */
  #takeRecord(record: LineRecord): Promise<unknown> | null {
    const { number } = record.line;
    const isDone = this.#isFinished || number <= this.#doneBefore;
    const why = record.problem ?? record.give(isDone ? keptBefore : this.#batch);
    const wait = why && this.#job.rejects.add(this.#job.file.name, record.line, why);
    if (isDone) return wait;
    this.#batch.line(number, why?.code ?? null);
    if (this.#batch.lines < linesPerBatch) return wait;
    return Promise.all([wait, this.#submit()]);
  }

  async #submit(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new RowBatch();
    this.#events += batch.events.length;
    await this.#pipeline.submit(batch);
  }
}

/** Turns lines (null at the end) into records of the reader's format. */
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
  'something else',
  'Write each object on its own line.',
);

function jsonRecord(
  line: Line,
  read: (value: unknown, lineNumber: number, sink: RowSink) => Problem | null,
): LineRecord {
  const fault = faultOf(line) ?? (line.text.trim() === '' ? emptyLine : null);
  if (fault) return { line, problem: fault, give: () => null };
  const parsed = parseJson(line.text);
  if (parsed === null) return { line, problem: notJson, give: () => null };
  return { line, problem: null, give: sink => read(parsed.value, line.number, sink) };
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
