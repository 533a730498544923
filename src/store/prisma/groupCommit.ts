interface Call<Row, Result> {
  readonly rows: readonly Row[];
  /** A value of performance.now. */
  readonly addedAt: number;
  resolve(results: readonly Result[]): void;
  reject(error: unknown): void;
}

/** Settings of a group commit. */
export interface GroupCommitOptions<Row, Result> {
  /** Stores all rows in one transaction, or none; returns one result per row, in order. */
  commit(rows: readonly Row[]): Promise<readonly Result[]>;
  /** Whether an error was caused by the rows of one call, so that the other calls are retried without it. */
  isFaultOfOneCall(error: unknown): boolean;
  /** Maximum rows of several calls in one commit; a larger call has its own commit. */
  readonly maxRows: number;
  /** Maximum number of concurrent commits. */
  readonly lanes: number;
  /** Milliseconds after which a call that still waits is rejected, so that a silent database is not sent what nobody awaits. */
  readonly maxWaitMs: number;
  /** Creates the error of such a call. */
  readonly tooLate: () => Error;
}

/**
 * Lets concurrent calls share commits: calls that arrive while a commit is running wait and are then committed together.
 * A single call is committed at once. (Group commit: DeWitt et al. 1984, "Implementation techniques for main memory
 * database systems", §4.)
 */
export class GroupCommit<Row, Result> {
  private readonly waiting: Call<Row, Result>[] = [];
  private inFlight = 0;
  private isScheduled = false;

  constructor(private readonly options: GroupCommitOptions<Row, Result>) {}

  /** Resolves when the rows are durable, with one result per row, in order. Rejects when none was stored. */
  add(rows: readonly Row[]): Promise<readonly Result[]> {
    if (rows.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, addedAt: performance.now(), resolve, reject });
      this.schedule();
    });
  }

  /** Starts in the next turn of the event loop, after requests that arrived together have been read. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.rejectLate();
      while (this.inFlight < this.options.lanes && this.waiting.length > 0) void this.flush(this.takeGroup());
    });
  }

  /** The oldest calls wait at the front. */
  private rejectLate(): void {
    const since = performance.now() - this.options.maxWaitMs;
    const firstInTime = this.waiting.findIndex(({ addedAt }) => addedAt >= since);
    const late = this.waiting.splice(0, firstInTime === -1 ? this.waiting.length : firstInTime);
    for (const { reject } of late) reject(this.options.tooLate());
  }

  private takeGroup(): readonly Call<Row, Result>[] {
    let count = 0;
    let length = 0;
    while (count < this.waiting.length) {
      length += this.waiting[count].rows.length;
      if (count > 0 && length > this.options.maxRows) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async flush(group: readonly Call<Row, Result>[]): Promise<void> {
    this.inFlight++;
    try {
      await this.commitTogether(group);
    } finally {
      this.inFlight--;
      if (this.waiting.length > 0) this.schedule();
    }
  }

  private async commitTogether(group: readonly Call<Row, Result>[]): Promise<void> {
    try {
      const results = await this.options.commit(
        group.length === 1 ? group[0].rows : group.flatMap(call => call.rows),
      );
      let start = 0;
      for (const { rows, resolve } of group) {
        resolve(results.slice(start, start + rows.length));
        start += rows.length;
      }
    } catch (error) {
      if (group.length > 1 && this.options.isFaultOfOneCall(error)) {
        for (const call of group) await this.commitTogether([call]);
      } else for (const { reject } of group) reject(error);
    }
  }
}
