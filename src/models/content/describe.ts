import type { ProductDocument } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { wordsOf } from '../../text/words';
import type { ContentConfig } from './settings';

/** A document split into terms. */
export interface Described {
  /** Frequency of each term, multiplied by field weights. */
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

/**
 * Returns a term for each prefix of the path (/home, /home/mugs), and for deeper steps also one by themselves
 * (/mugs).
 */
function pathTerms(path: readonly string[]): readonly string[] {
  const steps = path.map(step => `/${step.toLowerCase()}`);
  return [...steps.map((_, depth) => steps.slice(0, depth + 1).join('')), ...steps.slice(1)];
}

/**
 * Splits a document into terms; whole categories and features are marked, so that they differ from plain
 * words.
 */
export function describe(document: ProductDocument, weights: FieldWeights): Described {
  const { titles, descriptions, categoryPath, features } = document;
  const { titleWeight, descriptionWeight, categoryWeight, featureWeight } = weights;
  const [titleWords, descriptionWords, categoryWords, featureWords] = [
    titles,
    descriptions,
    categoryPath,
    features,
  ].map(texts => texts.map(wordsOf));
  const fields: readonly (readonly [number, readonly string[]])[] = [
    [titleWeight, titleWords.flatMap(termsOfWords)],
    [descriptionWeight, descriptionWords.flatMap(termsOfWords)],
    [categoryWeight, [...pathTerms(categoryPath), ...categoryWords.flatMap(termsOfWords)]],
    [
      featureWeight,
      [...features.map(feature => `#${feature.toLowerCase()}`), ...featureWords.flatMap(termsOfWords)],
    ],
  ];
  const frequencies = new Map<string, number>();
  let length = 0;
  for (const [weight, terms] of fields) {
    if (weight === 0) continue;
    length += weight * terms.length;
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
  }
  return { frequencies, length, words: [titleWords, categoryWords, featureWords, descriptionWords].flat(2) };
}

/** Returns the documents split into terms; equal ones are split once and share the result. */
export function describeAll(
  documents: readonly (ProductDocument | null)[],
  weights: FieldWeights,
): readonly (Described | null)[] {
  const known = new Map<string, Described>();
  return documents.map(document => {
    if (document === null) return null;
    const { titles, descriptions, categoryPath, features } = document;
    const key = JSON.stringify([titles, descriptions, categoryPath, features]);
    const found = known.get(key) ?? describe(document, weights);
    known.set(key, found);
    return found;
  });
}
