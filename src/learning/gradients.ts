/** A table of which a step updates only the rows that it has gradients for: embeddings. */
export interface LazyTable {
  /** float32 [rows × columns], in the arena of the worker group. */
  readonly values: Float32Array;
  /** A multiple of 4. */
  readonly columns: number;
}

/** The parameters of a network, in the arena of its worker group. */
export interface NetworkParameters {
  /** Updated as a whole at every step; its length is a multiple of 4. */
  readonly dense: Float32Array;
  readonly tables: readonly LazyTable[];
}

/** Gradients of rows of a table, as one shard leaves them. All arrays are in the arena of the worker group. */
export interface RowGradients {
  /** Position of the table among {@link NetworkParameters.tables}. */
  readonly table: number;
  /** uint32 [1]: gradients in use. */
  readonly count: Uint32Array;
  /** float32 [capacity × columns]; zeros where a gradient belongs to no row. */
  readonly gradients: Float32Array;
  /** uint32: rows of the table. */
  readonly indices: Uint32Array;
  /**
   * uint32 [capacity + 1]: gradient g is added to each of the rows indices[starts[g]] … indices[starts[g + 1] - 1]. Null: to
   * the row indices[g] alone.
   */
  readonly starts: Uint32Array | null;
}

/** Gradients that a shard of a batch leaves: of the mean loss of the whole batch, so that those of all shards add up. */
export interface ShardGradients {
  /** As long as {@link NetworkParameters.dense}. */
  readonly dense: Float32Array;
  /** Added to their tables in this order. */
  readonly rows: readonly RowGradients[];
}

/** Gradients of a step, summed over shards. */
export interface SummedGradients {
  readonly dense: Float32Array;
  /** One per table. */
  readonly tables: readonly {
    /** As long as the table; zeros outside `rows`. */
    readonly gradients: Float32Array;
    /** Rows that the step updates, each once. */
    rows(): Uint32Array;
  }[];
}

/**
 * The place where differential privacy will enter a training: both functions change gradients in place, on the calling thread.
 * Without a hook gradients stay as they are. A shard's gradient is already the sum over its examples: a mechanism that clips per
 * example clips inside the network's shard task. Validation losses and early stopping are not covered.
 */
export interface GradientHook {
  /** Clips the gradients of one shard before they are summed. Called for each shard of a step, in order. */
  clipShard(gradients: readonly Float32Array[], shard: number): void;
  /**
   * Adds noise to the sum. Rows without a gradient are not updated, so noise on tables hides which rows were read only if
   * every row has a gradient.
   */
  addNoise(sum: SummedGradients): void;
}

/** Arrays of a shard's gradients that are in use: the dense ones, then the rows. */
export const gradientsInUse = (
  { dense, rows }: ShardGradients,
  tables: readonly LazyTable[],
): readonly Float32Array[] => [
  dense,
  ...rows.map(({ gradients, count, table }) => gradients.subarray(0, count[0] * tables[table].columns)),
];

function checkRows(rows: RowGradients, tables: readonly LazyTable[]): void {
  const table = tables.at(rows.table);
  if (rows.table < 0 || table === undefined)
    throw new RangeError(`Expected a table under ${tables.length}; got ${rows.table}.`);
  const capacity = rows.gradients.length / table.columns;
  if (!Number.isInteger(capacity))
    throw new RangeError(`Expected gradients in rows of ${table.columns}; got ${rows.gradients.length}.`);
  if (rows.starts !== null && rows.starts.length < capacity + 1)
    throw new RangeError(`Expected ${capacity + 1} starts of gradients; got ${rows.starts.length}.`);
  if (rows.starts === null && rows.indices.length < capacity)
    throw new RangeError(`Expected ${capacity} indices of gradients; got ${rows.indices.length}.`);
  if (rows.count.length < 1) throw new RangeError('Expected a count of gradients; got an empty array.');
}

/** @throws {RangeError} when parameters are not in fours, or gradients do not have their shape */
export function checkShapes({ dense, tables }: NetworkParameters, shards: readonly ShardGradients[]): void {
  if (dense.length % 4 !== 0)
    throw new RangeError(`Expected dense parameters in fours; got ${dense.length}.`);
  for (const { values, columns } of tables) {
    if (!(columns > 0 && columns % 4 === 0 && values.length % columns === 0))
      throw new RangeError(
        `Expected a table in rows of a multiple of 4 columns; got ${values.length} numbers in rows of ${columns}.`,
      );
  }
  if (shards.length === 0) throw new RangeError('Expected gradients of at least one shard; got none.');
  for (const shard of shards) {
    if (shard.dense.length !== dense.length)
      throw new RangeError(`Expected ${dense.length} dense gradients; got ${shard.dense.length}.`);
    for (const rows of shard.rows) checkRows(rows, tables);
  }
}
