/** Splits text into the pieces of a model's vocabulary. */
export interface Tokenizer {
  /** Returns the ids of the pieces of a text, without special ids. */
  idsOf(text: string): number[];
  /** Special ids before every text. */
  readonly prefix: readonly number[];
  /** Special ids after every text. */
  readonly suffix: readonly number[];
  /** Maximum number of ids including special ids, if the folder specifies it; null: not specified. */
  readonly longest: number | null;
}

/**
 * Returns the model input of a text: its ids, truncated at the end, between the special ids.
 *
 * @param longest - maximum number of ids, including special ids
 */
export function framedIds(
  { idsOf, prefix, suffix }: Tokenizer,
  text: string,
  longest: number,
): readonly number[] {
  const room = Math.max(0, longest - prefix.length - suffix.length);
  return [...prefix, ...idsOf(text).slice(0, room), ...suffix];
}
