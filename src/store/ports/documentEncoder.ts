/** Vectors of texts, one row per text. */
export interface TextVectors {
  readonly dimensions: number;
  /** [texts × dimensions], row-major, finite. */
  readonly rows: Float32Array;
}

/** Encodes product texts as vectors, with a service or a model in a folder. Never receives texts of shoppers. */
export interface DocumentEncoder {
  /** Identifies the encoder, such as `api:text-embedding-3-small`. Only vectors with equal names may be compared. */
  readonly name: string;
  /**
   * Returns one vector per text. No text may be blank. The same text has the same vector, up to rounding.
   *
   * @throws {GatewayError} UNAVAILABLE when the encoder cannot be reached; ENCODER_INVALID when its settings or its
   * output are invalid; CANCELLED
   */
  encode(texts: readonly string[], signal: AbortSignal): Promise<TextVectors>;
}
