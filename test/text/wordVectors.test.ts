import { createRng } from '../../src/numeric/rng';
import { addWordVector, trainWordVectors, type WordVectors } from '../../src/text/wordVectors';

const vocabulary = ['apple', 'pear', 'plum', 'hammer', 'saw', 'nail'];
const options = { rank: 16, epochs: 10, learningRate: 0.1, window: 5, negatives: 2, buckets: 4096, seed: 3 };

/** Texts about fruit and texts about tools, without common words. */
function documents(): readonly Uint32Array[] {
  const rng = createRng(1);
  return Array.from({ length: 400 }, (_, index) =>
    Uint32Array.from({ length: 4 }, () => 3 * (index % 2) + rng.int(3)),
  );
}

function vectorOf(vectors: WordVectors, word: string): Float32Array {
  const out = new Float32Array(vectors.rank);
  addWordVector(vectors, word, vocabulary.indexOf(word), 1, out);
  return out;
}

const cosine = (vectors: WordVectors, one: string, other: string): number => {
  const b = vectorOf(vectors, other);
  return vectorOf(vectors, one).reduce((sum, value, at) => sum + value * b[at], 0);
};

it('gives words of one topic similar vectors', async () => {
  const vectors = await trainWordVectors(vocabulary, documents(), options);
  for (const other of ['pear', 'plum']) {
    expect(cosine(vectors, 'apple', other)).toBeGreaterThan(cosine(vectors, 'apple', 'hammer') + 0.15);
  }
});

it('gives an unknown word a vector by its n-grams', async () => {
  const vectors = await trainWordVectors(vocabulary, documents(), options);
  expect(cosine(vectors, 'hammers', 'hammer')).toBeGreaterThan(0.5);
  expect(cosine(vectors, 'hammers', 'saw')).toBeGreaterThan(cosine(vectors, 'hammers', 'pear'));
});

it('returns the same vectors for the same seed', async () => {
  const [first, second] = [
    await trainWordVectors(vocabulary, documents(), options),
    await trainWordVectors(vocabulary, documents(), options),
  ];
  expect(first).toEqual(second);
});

it('stops when onEpoch throws', async () => {
  const stop = async () => {
    throw new Error('stopped');
  };
  await expect(trainWordVectors(vocabulary, documents(), options, stop)).rejects.toThrow('stopped');
});
