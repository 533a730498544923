/** Finds rows that are probably among the best, without scoring all rows. */
export interface VectorIndex {
  /**
   * Returns about `count` rows in any order: probably those with the highest inner products with the query.
   *
   * @param query - [columns]
   * @param count - number of rows, at least 1
   */
  nearest(query: Float32Array, count: number): readonly number[];
}

/** Builds approximate indices with an external library. */
export interface VectorIndexer {
  /**
   * Builds an index of rows without blocking the event loop. The same rows produce the same index.
   *
   * @param rows - [rows × columns], row-major, finite; must not change afterwards, and may be copied
   * @throws {GatewayError} CANCELLED
   */
  build(rows: Float32Array, columns: number, signal: AbortSignal): Promise<VectorIndex>;
}
