// Interfaces to what encodes and finds vectors outside: optional, beside the database of ports.ts.

/** Vectors of texts, one row a text. */
export interface TextVectors {
  readonly dimensions: number;
  /** [texts × dimensions], row-major, finite. */
  readonly rows: Float32Array;
}

/** Turns product texts into vectors by means from outside: a service, or a model from a folder. Never given shoppers' words. */
export interface DocumentEncoder {
  /** What encodes, as `api:text-embedding-3-small`: only vectors of equal names may be compared. */
  readonly name: string;
  /**
   * A vector for each text, none of which may be blank. The same text has the same vector, to rounding.
   *
   * @throws {GatewayError} UNAVAILABLE when it cannot be reached for now; ENCODER_INVALID when what is configured cannot
   * be used, or answers nonsense; CANCELLED
   */
  encode(texts: readonly string[], signal: AbortSignal): Promise<TextVectors>;
}

/** Finds rows that are probably among the best, without looking at all. */
export interface VectorIndex {
  /**
   * About `count` rows, in any order: probably those with the highest inner products with the query.
   *
   * @param query - [columns]
   * @param count - how many, at least 1
   */
  nearest(query: Float32Array, count: number): readonly number[];
}

/** Makes approximate indices by means from outside. */
export interface VectorIndexer {
  /**
   * An index of rows. The event loop turns meanwhile. The same rows make the same index.
   *
   * @param rows - [rows × columns], row-major, finite; may be copied: they are not to change
   * @throws {GatewayError} CANCELLED
   */
  build(rows: Float32Array, columns: number, signal: AbortSignal): Promise<VectorIndex>;
}
