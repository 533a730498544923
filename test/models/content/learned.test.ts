import { settingValuesOf } from '../../../src/learning/settings';
import { describe as describeDocument } from '../../../src/models/content/describe';
import { createReading } from '../../../src/models/content/reader';
import { solveTextRidge } from '../../../src/models/content/ridge';
import { contentSettings } from '../../../src/models/content/settings';
import { textsOf } from '../../../src/models/content/texts';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { directionWeights, spectralItemEmbedding } from '../../../src/numeric/spectralItemEmbedding';
import { countTerms } from '../../../src/text/termTable';
import { documentOf } from './support';

const config = settingValuesOf(contentSettings);
const quietly = async (): Promise<void> => undefined;

it('counts words per field, and categories and features also as a whole', () => {
  const document = documentOf('Blue mug', {
    categoryPath: ['Home', 'Mugs'],
    features: ['colour=blue'],
  });
  const { frequencies, words } = describeDocument(document, {
    ...config,
    titleWeight: 3,
    categoryWeight: 2,
    featureWeight: 0,
  });
  expect(Object.fromEntries(frequencies)).toEqual({
    blue: 3,
    mug: 5,
    'blue mug': 3,
    '/home': 2,
    '/home/mugs': 2,
    '/mugs': 2,
    home: 2,
  });
  expect(words).toEqual(['blue', 'mug', 'home', 'mug', 'colour', 'blue']);
});

it('reads a document as BM25 weights of length 1 and ignores unknown terms', () => {
  const documents = ['red mug', 'red cup', 'tea'].map(title => documentOf(title));
  const terms = countTerms(
    documents.map(document => describeDocument(document, config).frequencies.keys()),
    { minDocuments: 1, maxTerms: 100 },
  );
  const vectors = { rank: 0, words: new Float32Array(0), buckets: new Float32Array(0) };
  const read = createReading({ terms, meanLength: 7 / 3, words: terms, vectors, config });
  const { terms: rows, weights } = read(documentOf('red mug'));
  expect(Array.from(rows, row => terms.terms[row])).toEqual(['mug', 'red', 'red mug']);
  // By hand: idf of 1 in 3 is ln(8/3), of 2 in 3 ln(1.6); every term occurs once, so saturation cancels.
  const [rare, common] = [Math.log(8 / 3), Math.log(1.6)];
  const length = Math.hypot(rare, common, rare);
  expect(weights[0]).toBeCloseTo(rare / length, 6);
  expect(weights[1]).toBeCloseTo(common / length, 6);
  expect(read(documentOf('unheard-of')).terms).toHaveLength(0);
  expect(read(null).terms).toHaveLength(0);
});

it('solves the ridge regression of texts: the gradient vanishes', async () => {
  const rng = createRng(3);
  const readings = Array.from({ length: 30 }, () => ({
    terms: Uint32Array.of(rng.int(3), 3 + rng.int(3)),
    weights: Float32Array.of(rng.uniform(), rng.uniform()),
    dense: Float32Array.of(rng.gaussian(), rng.gaussian()),
  }));
  const texts = textsOf(readings, 6, 2);
  const targets = Float32Array.from({ length: 60 }, () => rng.gaussian());
  const weights = Float32Array.from({ length: 30 }, () => rng.uniform());
  const problem = { texts, weights, targets, columns: 2, regularization: 0.5 };
  const map = await solveTextRidge(problem, quietly);
  const x = readings.map(({ terms, weights: values, dense }) => {
    const row = new Float64Array(8);
    for (const [at, term] of terms.entries()) row[term] += values[at];
    row.set(dense, 6);
    return row;
  });
  for (let term = 0; term < 8; term++) {
    for (let column = 0; column < 2; column++) {
      let gradient = 0.5 * map[term * 2 + column];
      for (const [row, own] of x.entries()) {
        const fitted = own.reduce((sum, value, at) => sum + value * map[at * 2 + column], 0);
        gradient += weights[row] * own[term] * (fitted - targets[row * 2 + column]);
      }
      expect(Math.abs(gradient)).toBeLessThan(1e-4);
    }
  }
});

it('finds the singular vectors of the matrix of likes', async () => {
  const rng = createRng(9);
  const entries = Array.from({ length: 300 }, () => [rng.int(40), rng.int(25)] as const);
  const likes = csrFromTriplets(
    { row: entries.map(([row]) => row), column: entries.map(([, column]) => column) },
    40,
    25,
  );
  const [rank, shrinkage] = [3, 5];
  const embedding = await spectralItemEmbedding(likes, { rank, fade: 1, shrinkage, seed: 1 }, quietly);
  const dense = new Float64Array(40 * 25);
  const ofUser = new Float64Array(40).fill(3);
  const ofProduct = new Float64Array(25).fill(shrinkage);
  for (let user = 0; user < 40; user++) {
    for (let entry = likes.indptr[user]; entry < likes.indptr[user + 1]; entry++) {
      ofUser[user] += likes.values[entry];
      ofProduct[likes.indices[entry]] += likes.values[entry];
      dense[user * 25 + likes.indices[entry]] = likes.values[entry];
    }
  }
  for (let k = 0; k < rank; k++) {
    const vector = Float64Array.from({ length: 25 }, (_, row) => embedding[row * rank + k]);
    const users = Float64Array.from({ length: 40 }, (_, user) =>
      vector.reduce(
        (sum, value, row) =>
          sum + (value * dense[user * 25 + row]) / Math.sqrt(ofUser[user] * ofProduct[row] || 1),
        0,
      ),
    );
    const value = Math.hypot(...users);
    // Of length 1, and an eigenvector.
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    const image = vector.map((_, row) =>
      users.reduce(
        (sum, user, at) => sum + (user * dense[at * 25 + row]) / Math.sqrt(ofUser[at] * ofProduct[row] || 1),
        0,
      ),
    );
    for (let row = 0; row < 25; row++) expect(image[row]).toBeCloseTo(value ** 2 * vector[row], 2);
  }
});

it('scales weaker dimensions down, to the share given by fade', () => {
  const shares = directionWeights(Float64Array.of(0.8, 0.4, 0.2, 0), 0.25);
  for (const [k, share] of [1, 0.5, 0.25, 0].entries()) expect(shares[k]).toBeCloseTo(share, 10);
  expect(directionWeights(Float64Array.of(1, 1), 0.25)).toEqual(Float64Array.of(1, 1));
  expect(directionWeights(new Float64Array(2), 0.25)).toEqual(new Float64Array(2));
});
