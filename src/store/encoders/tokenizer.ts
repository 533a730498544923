/** Cuts text into the pieces a model knows. */
export interface Tokenizer {
  /** Ids of the pieces of a text, without the special ones around it. */
  idsOf(text: string): number[];
  /** Ids that stand before every text. */
  readonly prefix: readonly number[];
  /** Ids that stand behind every text. */
  readonly suffix: readonly number[];
  /** Most ids a text may have with those around it, as the folder says; null when it does not. */
  readonly longest: number | null;
}

/**
 * The ids a model is given for a text: what is too long is cut at the end, what stands around it stays.
 *
 * @param longest - ids in all
 */
export function framedIds(
  { idsOf, prefix, suffix }: Tokenizer,
  text: string,
  longest: number,
): readonly number[] {
  const room = Math.max(0, longest - prefix.length - suffix.length);
  return [...prefix, ...idsOf(text).slice(0, room), ...suffix];
}
