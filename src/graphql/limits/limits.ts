/** Limits of a request. docs/security.md gives the reasons. */
export interface Limits {
  /** Maximum number of tokens per document. */
  readonly tokens: number;
  /** Maximum number of characters per document. */
  readonly characters: number;
  /** Maximum nesting of fields. */
  readonly depth: number;
  /** Maximum number of aliases per operation, including `__typename`. A fragment counts each time it is spread. */
  readonly aliases: number;
  /** Maximum number of directives per document. */
  readonly directives: number;
  /** Maximum number of fields per operation after fragments are spread. */
  readonly selections: number;
  /** Maximum cost: the number of objects that may be returned, with weights for expensive ones. See limits/cost.ts. */
  readonly cost: number;
  /** Maximum number of errors reported per request. */
  readonly errors: number;
  /** Maximum size of a request body in bytes. */
  readonly bodyBytes: number;
  /** Maximum nesting of variables. */
  readonly variablesDepth: number;
  /** Maximum number of values in the variables: objects, lists and leaves, at every depth. */
  readonly variableValues: number;
}

/** The limits of the gateway. */
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
  variableValues: 50_000,
};
