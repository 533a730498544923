/** What a request may ask at most. docs/security.md gives the reasons. */
export interface Limits {
  /** Tokens of a document. */
  readonly tokens: number;
  /** Characters of a document. */
  readonly characters: number;
  /** Nested fields. */
  readonly depth: number;
  /** Aliases of an operation, `__typename` included, fragments counted as often as they are spread. */
  readonly aliases: number;
  /** Directives of a document. */
  readonly directives: number;
  /** Fields of an operation after fragments are spread. */
  readonly selections: number;
  /** Objects that may come back, expensive ones counted more; see cost.ts. */
  readonly cost: number;
  /** Errors reported for one request. */
  readonly errors: number;
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Nesting of variables. */
  readonly variablesDepth: number;
}

/** The limits in force. */
export const limits: Limits = {
  tokens: 1000,
  characters: 16_384,
  depth: 14,
  aliases: 15,
  directives: 20,
  selections: 2000,
  cost: 5000,
  errors: 5,
  bodyBytes: 1_048_576,
  variablesDepth: 16,
};
