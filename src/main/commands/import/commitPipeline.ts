import type { ImportRunRecord } from '../../../store/ports/importRun';
import type { ImportStores } from './importStores';
import type { RowBatch } from './rowBatch';

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
  #record: ImportRunRecord;
  #catalogue: Promise<void> = Promise.resolve();
  #recorded: Promise<void> = Promise.resolve();
  readonly #pending: Promise<void>[] = [];
  #hasFailed = false;

  constructor(stores: ImportStores, record: ImportRunRecord, clock: () => number) {
    this.#stores = stores;
    this.#record = record;
    this.#clock = clock;
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
    const events = this.#catalogue.then(() => batch.writeEvents(this.#stores));
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

  #advance(batch: RowBatch, counts: { accepted: number; duplicates: number }): Promise<void> {
    const rejected = { ...this.#record.rejected };
    for (const [code, count] of batch.rejected) rejected[code] = (rejected[code] ?? 0) + count;
    return this.#save({
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
