interface Call<Row, Answer> {
  readonly rows: readonly Row[];
  resolve(answers: readonly Answer[]): void;
  reject(error: unknown): void;
}

/** How rows of several calls are kept together. */
export interface GroupCommitOptions<Row, Answer> {
  /** Keeps all rows in one transaction, or none; answers one for each row, in order. */
  commit(rows: readonly Row[]): Promise<readonly Answer[]>;
  /** Whether an error was one call's own, so that the others deserve another try without it. */
  isOwnFault(error: unknown): boolean;
  /** Most rows of several calls in one commit; a larger call goes by itself. */
  readonly maxRows: number;
  /** Most commits at a time. */
  readonly lanes: number;
}

/**
 * Lets concurrent calls share commits: while one is on its way to disk, the calls that come meanwhile wait, and then go
 * together. A call that is alone goes at once. (Group commit: DeWitt et al. 1984, "Implementation techniques for main
 * memory database systems", §4.)
 */
export class GroupCommit<Row, Answer> {
  private readonly waiting: Call<Row, Answer>[] = [];
  private inFlight = 0;
  private isScheduled = false;

  constructor(private readonly options: GroupCommitOptions<Row, Answer>) {}

  /** Resolves when the rows are durable; answers one for each, in order. Rejects when none was kept. */
  add(rows: readonly Row[]): Promise<readonly Answer[]> {
    if (rows.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.schedule();
    });
  }

  /** Starts after the requests that arrived together have all been read. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      while (this.inFlight < this.options.lanes && this.waiting.length > 0) void this.flush(this.takeGroup());
    });
  }

  private takeGroup(): readonly Call<Row, Answer>[] {
    let count = 0;
    let length = 0;
    while (count < this.waiting.length) {
      length += this.waiting[count].rows.length;
      if (count > 0 && length > this.options.maxRows) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async flush(group: readonly Call<Row, Answer>[]): Promise<void> {
    this.inFlight++;
    try {
      await this.commitTogether(group);
    } finally {
      this.inFlight--;
      if (this.waiting.length > 0) this.schedule();
    }
  }

  private async commitTogether(group: readonly Call<Row, Answer>[]): Promise<void> {
    try {
      const answers = await this.options.commit(
        group.length === 1 ? group[0].rows : group.flatMap(call => call.rows),
      );
      let start = 0;
      for (const { rows, resolve } of group) {
        resolve(answers.slice(start, start + rows.length));
        start += rows.length;
      }
    } catch (error) {
      if (group.length > 1 && this.options.isOwnFault(error)) {
        for (const call of group) await this.commitTogether([call]);
      } else for (const { reject } of group) reject(error);
    }
  }
}
