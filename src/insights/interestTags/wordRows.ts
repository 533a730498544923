import { eigenSymmetric } from '../../numeric/eigenSymmetric';
import { createRng } from '../../numeric/rng';
import { addWordVector, trainWordVectors, type WordVectors } from '../../text/wordVectors';
import { normalizeRows } from './features';
import type { Reading, TermTexts } from './terms';

const vectorOptions = { rank: 32, epochs: 4, learningRate: 0.05, window: 4, negatives: 5, buckets: 8192 };
/** Most words to train on per epoch; texts are drawn at random where there are more. */
const maxWords = 40_000;
/** a of SIF: the weight of a word with share p of all texts is a / (a + p). */
const sifWeight = 1e-3;

const isWord = (term: string): boolean => !term.includes(' ');

/** Draws texts at random until there are enough words, each as rows of the table in the order of the text. */
function drawTexts(
  texts: TermTexts,
  { vocabulary, rowOf }: Pick<Reading, 'vocabulary' | 'rowOf'>,
  seed: number,
): readonly Uint32Array[] {
  const words = Uint8Array.from(vocabulary, term => Number(isWord(term)));
  const order = createRng(seed).shuffle(Uint32Array.from(texts.keys()));
  const drawn: Uint32Array[] = [];
  let count = 0;
  for (const at of order) {
    if (count >= maxWords) break;
    const own = texts[at].filter(term => words[term] === 1);
    drawn.push(
      Uint32Array.from(
        own.filter(term => rowOf[term] >= 0),
        term => rowOf[term],
      ),
    );
    count += own.length;
  }
  return drawn;
}

/** Returns vectors of no words. */
export const noVectors = (): WordVectors => ({
  rank: vectorOptions.rank,
  words: new Float32Array(0),
  buckets: new Float32Array(vectorOptions.buckets * vectorOptions.rank),
});

/**
 * Trains vectors of the table's words, each of length 1 (zeros for pairs of words), and of character n-grams, from which
 * the vectors of unknown words are made.
 *
 * @param onEpoch - may throw to stop
 */
export async function learnWords(
  texts: TermTexts,
  reading: Pick<Reading, 'vocabulary' | 'rowOf' | 'table'>,
  seed: number,
  onEpoch: () => Promise<void>,
): Promise<WordVectors> {
  const { rank } = vectorOptions;
  const { table } = reading;
  if (table.size === 0) return noVectors();
  const learned = await trainWordVectors(
    table.terms,
    drawTexts(texts, reading, seed),
    { ...vectorOptions, seed },
    onEpoch,
  );
  const words = new Float32Array(learned.words.length);
  for (const [row, term] of table.terms.entries()) {
    if (isWord(term)) addWordVector(learned, term, row, 1, words.subarray(row * rank, (row + 1) * rank));
  }
  return { rank, words, buckets: learned.buckets };
}

/** Returns the first eigenvector of the rows' second moments, which is the direction common to them. */
function mainDirection(rows: Float32Array, columns: number): Float64Array {
  const moments = new Float64Array(columns * columns);
  for (let at = 0; at < rows.length; at += columns) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) moments[i * columns + j] += rows[at + i] * rows[at + j];
    }
  }
  return Float64Array.from(eigenSymmetric(moments, columns).vectors.slice(-columns));
}

/**
 * Returns texts as weighted means of their words' vectors, without the direction common to all of them (smooth inverse
 * frequency; Arora, Liang & Ma 2017, algorithm 1). Rows have length 1; zeros for a text without words.
 *
 * @returns [texts × rank]
 */
export function wordRows(
  texts: TermTexts,
  { rowOf, table }: Pick<Reading, 'rowOf' | 'table'>,
  vectors: WordVectors,
): Float32Array {
  const { rank, words } = vectors;
  const rows = new Float32Array(texts.length * rank);
  for (const [at, terms] of texts.entries()) {
    for (const term of new Set(terms)) {
      const row = rowOf[term];
      if (row < 0) continue;
      const weight = sifWeight / (sifWeight + table.documentFrequency[row] / table.documents);
      for (let k = 0; k < rank; k++) rows[at * rank + k] += weight * words[row * rank + k];
    }
  }
  normalizeRows(rows, rank);
  const main = mainDirection(rows, rank);
  for (let at = 0; at < rows.length; at += rank) {
    let along = 0;
    for (let k = 0; k < rank; k++) along += rows[at + k] * main[k];
    for (let k = 0; k < rank; k++) rows[at + k] -= along * main[k];
  }
  normalizeRows(rows, rank);
  return rows;
}
