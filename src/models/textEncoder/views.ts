import type { Rng } from '../../numeric/rng';
import type { TextEncoderConfig } from './settings';
import { joined, type ProductTexts, wholeText } from './texts';

type Dropout = Pick<TextEncoderConfig, 'fieldDropout' | 'wordDropout' | 'maxLength'>;

/** Drops each list with probability `share`; keeps at least one. */
function dropLists(lists: readonly Uint32Array[], share: number, rng: Rng): readonly Uint32Array[] {
  const kept = lists.filter(() => rng.uniform() >= share);
  return kept.length > 0 || lists.length === 0 ? kept : [lists[rng.int(lists.length)]];
}

/** Drops each word with probability `share`; keeps all where it would drop all. */
function dropWords(words: Uint32Array, share: number, rng: Rng): Uint32Array {
  const kept = words.filter(() => rng.uniform() >= share);
  return kept.length > 0 ? kept : words;
}

/**
 * A random view of a product for training: without some of its fields and words, so that the vector depends on none of them
 * alone. Of titles in two languages, a view often has one.
 */
export function viewOf({ titles, others }: ProductTexts, dropout: Dropout, rng: Rng): Uint32Array {
  const lists = dropLists([...titles, ...others], dropout.fieldDropout, rng);
  return dropWords(joined(lists, dropout.maxLength), dropout.wordDropout, rng);
}

/** Share of pairs of titles in two languages, where a product has them. */
const acrossLanguages = 0.6;

/**
 * Two texts of one product without a common field: its titles in two languages, or a title and all its other fields. The
 * product must have a title and another text.
 */
export function viewPair(
  texts: ProductTexts,
  dropout: Dropout,
  rng: Rng,
): readonly [Uint32Array, Uint32Array] {
  const { titles, others } = texts;
  const own = rng.int(titles.length);
  const isAcross = titles.length > 1 && (others.length === 0 || rng.uniform() < acrossLanguages);
  const rest = isAcross
    ? { titles: [titles[(own + 1 + rng.int(titles.length - 1)) % titles.length]], others: [] }
    : { titles: [], others };
  return [
    dropWords(joined([titles[own]], dropout.maxLength), dropout.wordDropout, rng),
    dropWords(wholeText(rest, dropout.maxLength), dropout.wordDropout, rng),
  ];
}
