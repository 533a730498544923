import type { ProductDocument } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { wordsOf } from '../../text/words';
import type { ContentConfig } from './settings';

/** A document as terms. */
export interface Described {
  /** How often each term counts, field weights included. */
  readonly frequencies: ReadonlyMap<string, number>;
  /** Sum of the frequencies. */
  readonly length: number;
  /** Single words in the order of the text, for word vectors. */
  readonly words: readonly string[];
}

/** Field weights. */
export type FieldWeights = Pick<
  ContentConfig,
  'titleWeight' | 'descriptionWeight' | 'categoryWeight' | 'featureWeight'
>;

/** Every step of the path as the path to it (/home, /home/mugs), and deeper ones also by themselves (/mugs). */
function pathTerms(path: readonly string[]): readonly string[] {
  const steps = path.map(step => `/${step.toLowerCase()}`);
  return [...steps.map((_, depth) => steps.slice(0, depth + 1).join('')), ...steps.slice(1)];
}

/** Cuts a document into terms; whole categories and features are marked, so that no word is mistaken for one. */
export function describe(document: ProductDocument, weights: FieldWeights): Described {
  const { titles, descriptions, categoryPath, features } = document;
  const { titleWeight, descriptionWeight, categoryWeight, featureWeight } = weights;
  const [titled, told, filed, marked] = [titles, descriptions, categoryPath, features].map(texts =>
    texts.map(wordsOf),
  );
  const fields: readonly (readonly [number, readonly string[]])[] = [
    [titleWeight, titled.flatMap(termsOfWords)],
    [descriptionWeight, told.flatMap(termsOfWords)],
    [categoryWeight, [...pathTerms(categoryPath), ...filed.flatMap(termsOfWords)]],
    [
      featureWeight,
      [...features.map(feature => `#${feature.toLowerCase()}`), ...marked.flatMap(termsOfWords)],
    ],
  ];
  const frequencies = new Map<string, number>();
  let length = 0;
  for (const [weight, terms] of fields) {
    if (weight === 0) continue;
    length += weight * terms.length;
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
  }
  return { frequencies, length, words: [titled, filed, marked, told].flat(2) };
}
