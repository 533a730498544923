// Word vectors from a collection's own texts: skip-gram with negative sampling (Mikolov, Sutskever, Chen, Corrado & Dean
// 2013, "Distributed representations of words and phrases", eq. 4), where the vector of a word is the mean of its own
// and those of its character n-grams (Bojanowski, Grave, Joulin & Mikolov 2017, "Enriching word vectors with subword
// information"), so that a word never seen has a vector too. For a centre word with input v, a neighbour (label 1) and
// K words drawn by count^¾ (label 0), with outputs u:
//
//   g = η·(label - σ(v·u)),   u ← u + g·v,   v's parts ← each + Σ g·u        (word2vec.c; fastText's model.cc)
//
// Departures: the window is whole (a product's text is short, its order says little); counts are those of word tokens;
// n-grams are hashed by FNV-1a of their UTF-16 units. Deterministic for a seed. O(tokens · window · K · rank) an epoch.

import { createRng, type Rng } from '../numeric/rng';

/** How to learn word vectors. */
export interface WordVectorOptions {
  readonly rank: number;
  readonly epochs: number;
  /** η at the start; it falls to nothing in a straight line. */
  readonly learningRate: number;
  /** Words to each side that count as neighbours. */
  readonly window: number;
  /** K: drawn words a neighbour. */
  readonly negatives: number;
  /** Vectors that character n-grams share. */
  readonly buckets: number;
  readonly seed: number;
}

/** What was learned: input vectors of words and of n-gram buckets. */
export interface WordVectors {
  readonly rank: number;
  /** [words × rank] */
  readonly words: Float32Array;
  /** [buckets × rank] */
  readonly buckets: Float32Array;
}

const shortestGram = 3;
const longestGram = 5;

/** FNV-1a over UTF-16 units (Fowler, Noll & Vo), 32 bits. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Buckets of a word's character n-grams of 3 to 5 units, < and > marking its ends. */
function bucketsOf(word: string, buckets: number): readonly number[] {
  const marked = `<${word}>`;
  const found: number[] = [];
  for (let length = shortestGram; length <= longestGram; length++) {
    for (let start = 0; start + length <= marked.length; start++) {
      found.push(hashOf(marked, start, start + length) % buckets);
    }
  }
  return found;
}

/** Tables and scratch of one training. */
interface Training {
  readonly options: WordVectorOptions;
  readonly rng: Rng;
  readonly words: Float32Array;
  readonly buckets: Float32Array;
  /** [words × rank]: u, thrown away at the end. */
  readonly outputs: Float32Array;
  /** Buckets of each word. */
  readonly grams: readonly (readonly number[])[];
  /** Words as often as they are to be drawn. */
  readonly draws: Uint32Array;
  readonly input: Float32Array;
  readonly change: Float32Array;
}

/** Entries of the table of draws: this many a word, up to a number that any collection can do with. */
const drawsPerWord = 64;
const mostDraws = 1 << 20;

/** A table in which each word stands in proportion to count^¾ (Mikolov et al. 2013, §2.2). */
function drawTable(counts: Uint32Array): Uint32Array {
  const shares = Float64Array.from(counts, count => count ** 0.75);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const table = new Uint32Array(Math.min(mostDraws, drawsPerWord * counts.length));
  let at = 0;
  let reached = 0;
  for (let word = 0; word < counts.length; word++) {
    reached += shares[word];
    const end = word + 1 === counts.length ? table.length : Math.round((reached / total) * table.length);
    while (at < end) table[at++] = word;
  }
  return table;
}

function uniformTable(length: number, rank: number, rng: Rng): Float32Array {
  const table = new Float32Array(length);
  for (let at = 0; at < length; at++) table[at] = (rng.uniform() - 0.5) / rank;
  return table;
}

function add(from: Float32Array, start: number, to: Float32Array, scale: number): void {
  for (let k = 0; k < to.length; k++) to[k] += scale * from[start + k];
}

/** v: the mean of a word's own vector and its n-grams'. */
function readInput({ words, buckets, grams, input, options: { rank } }: Training, word: number): void {
  const own = grams[word];
  input.fill(0);
  const scale = 1 / (1 + own.length);
  add(words, word * rank, input, scale);
  for (const bucket of own) add(buckets, bucket * rank, input, scale);
}

/** Adds the change to every part of a word's vector, as fastText does: to each the whole, not its share. */
function writeInput({ words, buckets, grams, change, options: { rank } }: Training, word: number): void {
  for (let k = 0; k < rank; k++) words[word * rank + k] += change[k];
  for (const bucket of grams[word]) {
    for (let k = 0; k < rank; k++) buckets[bucket * rank + k] += change[k];
  }
}

/** One step for one (input, output) pair. */
function step(
  { input, change, outputs, options: { rank } }: Training,
  output: number,
  label: number,
  rate: number,
) {
  const start = output * rank;
  let product = 0;
  for (let k = 0; k < rank; k++) product += input[k] * outputs[start + k];
  const gradient = rate * (label - 1 / (1 + Math.exp(-product)));
  for (let k = 0; k < rank; k++) {
    change[k] += gradient * outputs[start + k];
    outputs[start + k] += gradient * input[k];
  }
}

/** Learns from one document. */
function learn(training: Training, document: Uint32Array, rate: number): void {
  const { options, rng, draws, change } = training;
  for (let at = 0; at < document.length; at++) {
    const first = Math.max(0, at - options.window);
    const last = Math.min(document.length - 1, at + options.window);
    readInput(training, document[at]);
    change.fill(0);
    for (let other = first; other <= last; other++) {
      if (document[other] === document[at]) continue;
      step(training, document[other], 1, rate);
      for (let draw = 0; draw < options.negatives; draw++) {
        const drawn = draws[rng.int(draws.length)];
        if (drawn !== document[other]) step(training, drawn, 0, rate);
      }
    }
    writeInput(training, document[at]);
  }
}

function countsOf(documents: readonly Uint32Array[], words: number): Uint32Array {
  const counts = new Uint32Array(words);
  for (const document of documents) for (const word of document) counts[word]++;
  return counts;
}

/**
 * Learns vectors of the words of a vocabulary.
 *
 * @param vocabulary - words by row
 * @param documents - rows of the vocabulary, in the order of the text
 * @param onEpoch - called after each epoch; may throw to stop
 */
export async function trainWordVectors(
  vocabulary: readonly string[],
  documents: readonly Uint32Array[],
  options: WordVectorOptions,
  onEpoch: (epoch: number) => Promise<void> = async () => undefined,
): Promise<WordVectors> {
  const { rank, epochs, learningRate, buckets, seed } = options;
  const rng = createRng(seed);
  const training: Training = {
    options,
    rng,
    words: uniformTable(vocabulary.length * rank, rank, rng),
    buckets: uniformTable(buckets * rank, rank, rng),
    outputs: new Float32Array(vocabulary.length * rank),
    grams: vocabulary.map(word => bucketsOf(word, buckets)),
    draws: drawTable(countsOf(documents, vocabulary.length)),
    input: new Float32Array(rank),
    change: new Float32Array(rank),
  };
  const order = Uint32Array.from(documents.keys());
  for (let epoch = 0; epoch < epochs; epoch++) {
    rng.shuffle(order);
    for (const [done, document] of order.entries()) {
      const share = (epoch + done / order.length) / epochs;
      learn(training, documents[document], learningRate * Math.max(1 - share, 1e-4));
    }
    await onEpoch(epoch);
  }
  return { rank, words: training.words, buckets: training.buckets };
}

/**
 * Adds the vector of a word, of unit length, times a weight: of a known word by its row and n-grams, of an unknown one by
 * its n-grams alone. Adds nothing for a word without either.
 *
 * @param row - of the word, or -1
 * @param out - [rank]
 */
export function addWordVector(
  { rank, words, buckets }: WordVectors,
  word: string,
  row: number,
  weight: number,
  out: Float32Array,
): void {
  const vector = new Float32Array(rank);
  if (row >= 0) add(words, row * rank, vector, 1);
  for (const bucket of bucketsOf(word, buckets.length / rank)) add(buckets, bucket * rank, vector, 1);
  let square = 0;
  for (const value of vector) square += value * value;
  if (square > 0) add(vector, 0, out, weight / Math.sqrt(square));
}
