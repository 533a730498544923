// Clusters short texts by the words in them. Titles of five words leave the directions of a larger model to chance, but a word is
// found again in every sample of the products. Words are chosen one after the other: the one that stands for most products
// without a chosen word yet. How well a word stands for its products is the length of the mean of their features (the mean
// resultant length of directional statistics; Mardia & Jupp 2000, §9.2) above that of all products: "heart" and "private
// label" bring together what shares nothing else. A product belongs to that of its chosen words whose mean is closest, and
// one without a chosen word to the closest mean. O(entries · columns + items · tags · columns).

import type { Items } from './items';

/** Fewest items of a word that tags are made of. */
const minItems = 8;
/** Most words considered, the most common ones. */
const maxWords = 2_000;
/** A word must bring its items this much closer together than all items are. 0–1. */
const minExcess = 0.1;

/** Words, and the mean features of their items. */
interface Words {
  /** Columns of the words in the first view. */
  readonly tokens: readonly number[];
  /** Items of each word. */
  readonly itemsOf: readonly (readonly number[])[];
  /** Of length 1. [words × columns] */
  readonly means: Float32Array;
  /** How much closer together the items of each word are than all items, 0–1. */
  readonly excess: Float64Array;
}

/** Scales a vector to length 1, and returns its length before. */
function normalize(vector: Float32Array): number {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  if (length > 0) for (let at = 0; at < vector.length; at++) vector[at] /= length;
  return length;
}

/** Writes the weighted sum of the features of items. Returns the sum of the weights. */
function addUp({ rows, columns, weights }: Items, members: Iterable<number>, out: Float32Array): number {
  let total = 0;
  for (const item of members) {
    const weight = weights[item];
    total += weight;
    for (let k = 0; k < columns; k++) out[k] += weight * rows[item * columns + k];
  }
  return total;
}

/** Returns the items of each token that count. */
function itemsByToken({ views: [{ counts }], weights }: Items): readonly (readonly number[])[] {
  const { columns, indptr, indices } = counts;
  const found: number[][] = Array.from({ length: columns }, () => []);
  for (const [item, weight] of weights.entries()) {
    if (weight === 0) continue;
    for (let entry = indptr[item]; entry < indptr[item + 1]; entry++) found[indices[entry]].push(item);
  }
  return found;
}

/** Finds the words that tags can be made of. */
function wordsOf(items: Items): Words {
  const { columns, weights } = items;
  const all = new Float32Array(columns);
  const total = addUp(items, weights.keys(), all);
  const apart = normalize(all) / Math.max(total, 1e-9);
  const byToken = itemsByToken(items);
  const massOf = byToken.map(members => members.reduce((sum, item) => sum + weights[item], 0));
  const tokens = [...byToken.keys()]
    .filter(token => byToken[token].length >= minItems)
    .sort((a, b) => massOf[b] - massOf[a] || a - b)
    .slice(0, maxWords);
  const means = new Float32Array(tokens.length * columns);
  const excess = Float64Array.from(tokens, (token, word) => {
    const mean = means.subarray(word * columns, (word + 1) * columns);
    const mass = addUp(items, byToken[token], mean);
    return (normalize(mean) / mass - apart) / Math.max(1 - apart, 1e-9);
  });
  return { tokens, itemsOf: tokens.map(token => byToken[token]), means, excess };
}

/** Chooses words greedily, each by the items that it covers beyond those before it, times its excess. */
function chooseWords({ itemsOf, excess }: Words, weights: Float32Array, most: number): readonly number[] {
  const left = weights.slice();
  const massOf = (word: number): number => itemsOf[word].reduce((sum, item) => sum + left[item], 0);
  const free = new Set([...itemsOf.keys()].filter(word => excess[word] >= minExcess));
  const chosen: number[] = [];
  while (chosen.length < most) {
    let best = { word: -1, gain: 0 };
    for (const word of free) {
      const gain = massOf(word) * excess[word];
      if (gain > best.gain) best = { word, gain };
    }
    if (best.word < 0) break;
    free.delete(best.word);
    chosen.push(best.word);
    for (const item of itemsOf[best.word]) left[item] = 0;
  }
  return chosen;
}

/** Returns the cosines of items and the means of chosen words. [items × chosen] */
function cosinesOf({ rows, columns, weights }: Items, { means }: Words, chosen: readonly number[]) {
  const cosines = new Float32Array(weights.length * chosen.length);
  for (let item = 0; item < weights.length; item++) {
    for (const [place, word] of chosen.entries()) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += rows[item * columns + k] * means[word * columns + k];
      cosines[item * chosen.length + place] = sum;
    }
  }
  return cosines;
}

/** Groups of items, each made of a word. */
export interface Anchored {
  readonly k: number;
  /** Group of each item. */
  readonly labels: Uint32Array;
}

/**
 * Groups items by the words that stand for most of them: for each number of groups, as far as there are so many words. The
 * words of fewer groups are among those of more.
 *
 * @param grid - numbers of groups, ascending
 */
export function anchorItems(items: Items, grid: readonly number[]): readonly Anchored[] {
  const words = wordsOf(items);
  const chosen = chooseWords(words, items.weights, grid[grid.length - 1] ?? 0);
  const cosines = cosinesOf(items, words, chosen);
  const own: number[][] = Array.from(items.weights, () => []);
  for (const [place, word] of chosen.entries()) for (const item of words.itemsOf[word]) own[item].push(place);
  const all = [...chosen.keys()];
  const closest = (item: number, places: readonly number[]): number =>
    places.reduce((best, place) =>
      cosines[item * chosen.length + place] > cosines[item * chosen.length + best] ? place : best,
    );
  return grid
    .filter(k => k <= chosen.length)
    .map(k => ({
      k,
      labels: Uint32Array.from(own, (places, item) => {
        const within = places.filter(place => place < k);
        return closest(item, within.length > 0 ? within : all.slice(0, k));
      }),
    }));
}
