import { csrFromTriplets, transposeCsr } from '../../src/numeric/csr';
import { eigenSymmetric } from '../../src/numeric/eigenSymmetric';
import { createRng } from '../../src/numeric/rng';
import { singularVectors } from '../../src/numeric/singularVectors';

const rowCount = 60;
const columnCount = 14;

/** A random matrix in dense and in sparse form. */
function drawMatrix(seed: number) {
  const rng = createRng(seed);
  const places = Array.from({ length: rowCount * columnCount }, (_, at) => at).filter(
    () => rng.uniform() < 0.4,
  );
  const value = places.map(() => rng.uniform() + 0.2);
  const dense = new Float64Array(rowCount * columnCount);
  for (const [entry, at] of places.entries()) dense[at] = value[entry];
  const row = places.map(at => Math.floor(at / columnCount));
  const column = places.map(at => at % columnCount);
  return { dense, matrix: csrFromTriplets({ row, column, value }, rowCount, columnCount) };
}

/** Eigenvectors of AᵀA, strongest first. */
function referenceVectors(dense: Float64Array): Float64Array[] {
  const gram = new Float64Array(columnCount ** 2);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < columnCount; i++) {
      for (let j = 0; j < columnCount; j++) {
        gram[i * columnCount + j] += dense[row * columnCount + i] * dense[row * columnCount + j];
      }
    }
  }
  const { vectors } = eigenSymmetric(gram, columnCount);
  return Array.from({ length: columnCount }, (_, at) => {
    const from = (columnCount - 1 - at) * columnCount;
    return vectors.slice(from, from + columnCount);
  });
}

const calm = async () => undefined;

describe('singularVectors', () => {
  it('finds the strongest vectors in order, up to their sign', async () => {
    const { dense, matrix } = drawMatrix(3);
    const rank = 6;
    const found = await singularVectors(matrix, rank, 1, calm);
    for (const [k, expected] of referenceVectors(dense).slice(0, rank).entries()) {
      const cosine = expected.reduce((sum, value, row) => sum + value * found[row * rank + k], 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 3);
    }
  });

  it('finds the same in a matrix with fewer rows than columns, where it works on the rows', async () => {
    const { matrix } = drawMatrix(3);
    const wide = transposeCsr(matrix);
    const rank = 6;
    const found = await singularVectors(wide, rank, 1, calm);
    const rows = await singularVectors(matrix, rank, 1, calm);
    for (let k = 0; k < rank; k++) {
      // A·v of a right singular vector of A is its left one, scaled.
      const image = new Float64Array(rowCount);
      for (let row = 0; row < rowCount; row++)
        for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++)
          image[row] += matrix.values[entry] * rows[matrix.indices[entry] * rank + k];
      const own = image.map((_, row) => found[row * rank + k]);
      expect(Math.hypot(...own)).toBeCloseTo(1, 4);
      const cosine = image.reduce((sum, value, row) => sum + value * own[row], 0) / Math.hypot(...image);
      expect(Math.abs(cosine)).toBeCloseTo(1, 3);
    }
  });

  it('returns zeros for vectors beyond the rank', async () => {
    const matrix = csrFromTriplets({ row: [0, 1], column: [0, 1], value: [2, 1] }, 2, 5);
    const found = await singularVectors(matrix, 3, 1, calm);
    expect([...found].map(Math.abs).map(value => Math.round(value * 1e4) / 1e4)).toEqual([
      1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('stops between rounds when onRound throws', async () => {
    const stop = async () => Promise.reject(new Error('enough'));
    await expect(singularVectors(drawMatrix(1).matrix, 2, 1, stop)).rejects.toThrow('enough');
  });
});
