// Word vectors from a collection's own texts: skip-gram with negative sampling (Mikolov, Sutskever, Chen, Corrado & Dean
// 2013, "Distributed representations of words and phrases", eq. 4). The vector of a word is the mean of its own vector
// and those of its character n-grams, as in Bojanowski, Grave, Joulin & Mikolov 2017, "Enriching word vectors with subword
// information". Unknown words therefore have vectors too. For a centre word with input v, a neighbour (label 1) and K
// negatives drawn by count^¾ (label 0), with outputs u:
//
//   g = η·(label - σ(v·u)),   u ← u + g·v,   v's parts ← each + Σ g·u        (word2vec.c; fastText's model.cc)
//
// Differences: the window is not shrunk at random (product texts are short, and word order matters little); counts are
// those of word tokens; n-grams are hashed by FNV-1a of their UTF-16 units. Deterministic for a seed.
// O(tokens · window · K · rank) per epoch.

import { createRng, type Rng } from '../numeric/rng';

/** Hyper-parameters of word vectors. */
export interface WordVectorOptions {
  readonly rank: number;
  readonly epochs: number;
  /** Initial η; decays linearly to (almost) 0. */
  readonly learningRate: number;
  /** Number of neighbours on each side. */
  readonly window: number;
  /** K: negatives per neighbour. */
  readonly negatives: number;
  /** Number of vectors shared by character n-grams. */
  readonly buckets: number;
  readonly seed: number;
}

/** Learned input vectors of words and n-gram buckets. */
export interface WordVectors {
  readonly rank: number;
  /** [words × rank] */
  readonly words: Float32Array;
  /** [buckets × rank] */
  readonly buckets: Float32Array;
}

const minGramLength = 3;
const maxGramLength = 5;

/** FNV-1a over UTF-16 units (Fowler, Noll & Vo), 32 bits. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Buckets of a word's character n-grams of 3 to 5 UTF-16 units, with < and > at its ends. */
function bucketsOf(word: string, buckets: number): readonly number[] {
  const marked = `<${word}>`;
  const found: number[] = [];
  for (let length = minGramLength; length <= maxGramLength; length++) {
    for (let start = 0; start + length <= marked.length; start++) {
      found.push(hashOf(marked, start, start + length) % buckets);
    }
  }
  return found;
}

/** Tables and scratch of one training run. */
interface Training {
  readonly options: WordVectorOptions;
  readonly rng: Rng;
  readonly words: Float32Array;
  readonly buckets: Float32Array;
  /** [words × rank]: u, discarded at the end. */
  readonly outputs: Float32Array;
  /** Buckets of each word. */
  readonly grams: readonly (readonly number[])[];
  /** Sampling table: each word as often as it should be drawn. */
  readonly draws: Uint32Array;
  readonly input: Float32Array;
  readonly change: Float32Array;
}

/** Entries of the sampling table per word, and their maximum. */
const drawsPerWord = 64;
const maxDraws = 1 << 20;

/** Builds the sampling table, with each word in proportion to count^¾ (Mikolov et al. 2013, §2.2). */
function drawTable(counts: Uint32Array): Uint32Array {
  const shares = Float64Array.from(counts, count => count ** 0.75);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const table = new Uint32Array(Math.min(maxDraws, drawsPerWord * counts.length));
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

/** Computes v: the mean of a word's own vector and its n-grams' vectors. */
function readInput({ words, buckets, grams, input, options: { rank } }: Training, word: number): void {
  const own = grams[word];
  input.fill(0);
  const scale = 1 / (1 + own.length);
  add(words, word * rank, input, scale);
  for (const bucket of own) add(buckets, bucket * rank, input, scale);
}

/** Adds the full change to every part of a word's vector, as fastText does. */
function writeInput({ words, buckets, grams, change, options: { rank } }: Training, word: number): void {
  for (let k = 0; k < rank; k++) words[word * rank + k] += change[k];
  for (const bucket of grams[word]) {
    for (let k = 0; k < rank; k++) buckets[bucket * rank + k] += change[k];
  }
}

/** One gradient step for an (input, output) pair. */
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

/** Updates the vectors on one document. */
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
 * Trains vectors of the words of a vocabulary.
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
 * Adds weight · the unit-length vector of a word. The vector of a known word comes from its row and n-grams, that of an
 * unknown word from its n-grams alone. Adds nothing for a word without either.
 *
 * @param row - row of the word, or -1
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
