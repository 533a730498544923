import type { Rng } from '../../numeric/rng';
import type { TextEncoderConfig } from './settings';
import { joined, type ProductTexts, wholeText } from './texts';

type Dropout = Pick<TextEncoderConfig, 'fieldDropout' | 'wordDropout' | 'maxLength'>;

/** Lists with some left out, but never all. */
function some(lists: readonly Uint32Array[], share: number, rng: Rng): readonly Uint32Array[] {
  const kept = lists.filter(() => rng.uniform() >= share);
  return kept.length > 0 || lists.length === 0 ? kept : [lists[rng.int(lists.length)]];
}

/** Words with some left out, but never all. */
function thinned(words: Uint32Array, share: number, rng: Rng): Uint32Array {
  const kept = words.filter(() => rng.uniform() >= share);
  return kept.length > 0 ? kept : words;
}

/**
 * A product as it is read this once: without some of its fields and words, so that none of them alone has to be there.
 * With titles in two languages it is often read in one of them.
 */
export function viewOf({ titles, others }: ProductTexts, dropout: Dropout, rng: Rng): Uint32Array {
  const lists = some([...titles, ...others], dropout.fieldDropout, rng);
  return thinned(joined(lists, dropout.maxLength), dropout.wordDropout, rng);
}

/** Share of pairs that are two languages, where a product has them. */
const acrossLanguages = 0.6;

/**
 * Two texts of one product that have no field in common: its titles in two languages, or a title and all the rest. The
 * product has a title and something else.
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
    thinned(joined([titles[own]], dropout.maxLength), dropout.wordDropout, rng),
    thinned(wholeText(rest, dropout.maxLength), dropout.wordDropout, rng),
  ];
}
