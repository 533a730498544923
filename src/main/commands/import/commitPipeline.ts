import type { ImportRunRecord } from '../../../store/ports/importRun';
import type { ImportStores } from './importStores';
import type { EventCounts, RefusedLine, RowBatch } from './rowBatch';

/** Stores, progress and times of a file that is imported. */
export interface PipelineSettings {
  readonly stores: ImportStores;
  readonly record: ImportRunRecord;
  readonly clock: () => number;
  /** Start of the import: events without a `receivedAt` of their own have this one. */
  readonly now: number;
}

/** Maximum number of batches that are being committed while the next one is read. */
const inFlight = 2;

/**
 * Commits batches in the background, two at a time. Catalogue rows are written in the order of the file (later lines win);
 * events of adjacent batches may commit in either order. The run's record advances only when a batch and all earlier ones
 * are committed. After a kill some lines are read again, and the ids of events make them count once.
 */
export class CommitPipeline {
  readonly #stores: ImportStores;
  readonly #clock: () => number;
  readonly #onRefused: (refused: RefusedLine) => unknown;
  readonly #startedAt: number;
  #record: ImportRunRecord;
  #catalogue: Promise<void> = Promise.resolve();
  #recorded: Promise<void> = Promise.resolve();
  readonly #pending: Promise<void>[] = [];
  #hasFailed = false;

  /** @param onRefused - called with each event that is not stored; its result is awaited */
  constructor(
    { stores, record, clock, now }: PipelineSettings,
    onRefused: (refused: RefusedLine) => unknown,
  ) {
    this.#stores = stores;
    this.#record = record;
    this.#clock = clock;
    this.#startedAt = now;
    this.#onRefused = onRefused;
  }

  /** The record after the last committed batch. */
  get record(): ImportRunRecord {
    return this.#record;
  }

  /** Whether the commit of a batch failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Submits a batch; resolves when the next one can be submitted. Rejects with the first failure of any batch. */
  async submit(batch: RowBatch): Promise<void> {
    this.#catalogue = this.#catalogue.then(() =>
      batch.writeCatalogue(this.#stores, this.#record.shopId, this.#clock()),
    );
    const events = this.#catalogue.then(() =>
      batch.writeEvents(this.#stores, this.#record.shopId, this.#startedAt),
    );
    this.#recorded = Promise.all([events, this.#recorded]).then(([counts]) => this.#advance(batch, counts));
    // A failure is reported by the wait below or by `drain`; until then it must not count as an unhandled rejection.
    this.#recorded.catch(() => {
      this.#hasFailed = true;
    });
    this.#pending.push(this.#recorded);
    if (this.#pending.length >= inFlight) await this.#pending.shift();
  }

  /** Waits until every batch is committed. */
  async drain(): Promise<void> {
    while (this.#pending.length > 0) await this.#pending.shift();
  }

  /** Waits for all batches and marks the run as finished. */
  async finish(): Promise<void> {
    await this.drain();
    await this.#save({ ...this.#record, finishedAt: this.#clock() });
  }

  async #advance(batch: RowBatch, counts: EventCounts): Promise<void> {
    const rejected = { ...this.#record.rejected };
    for (const [code, count] of batch.rejected) rejected[code] = (rejected[code] ?? 0) + count;
    for (const refused of counts.refused) {
      rejected[refused.problem.code] = (rejected[refused.problem.code] ?? 0) + 1;
      await this.#onRefused(refused);
    }
    await this.#save({
      ...this.#record,
      linesDone: Math.max(this.#record.linesDone, batch.lastLine),
      accepted: this.#record.accepted + counts.accepted,
      duplicates: this.#record.duplicates + counts.duplicates,
      rejected,
    });
  }

  async #save(record: ImportRunRecord): Promise<void> {
    const saved = { ...record, updatedAt: this.#clock() };
    await this.#stores.importRuns.save(saved);
    this.#record = saved;
  }
}
