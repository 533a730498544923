import { adjustedRand } from '../../src/numeric/adjustedRand';
import { createRng } from '../../src/numeric/rng';
import { sphericalKMeans } from '../../src/numeric/sphericalKmeans';

const options = { k: 4, seed: 3, restarts: 3, batchSize: 64, batches: 10, maxPasses: 50 };
const dimensions = 6;

/** Rows scattered around four axes, and the axis of each. */
function bundles(count: number) {
  const rng = createRng(11);
  const rows = new Float32Array(count * dimensions);
  const truth = Uint32Array.from({ length: count }, () => rng.int(4));
  for (let row = 0; row < count; row++) {
    const own = rows.subarray(row * dimensions, (row + 1) * dimensions);
    for (let k = 0; k < dimensions; k++) own[k] = (k === truth[row] ? 1 : 0) + 0.15 * rng.gaussian();
    const norm = Math.hypot(...own);
    for (let k = 0; k < dimensions; k++) own[k] /= norm;
  }
  return { rows, truth };
}

describe('sphericalKMeans', () => {
  it('finds clusters of directions', async () => {
    const { rows, truth } = bundles(400);
    const { labels, centres, cohesion, k } = await sphericalKMeans(rows, dimensions, options);
    expect(adjustedRand(labels, truth)).toBe(1);
    expect(k).toBe(4);
    expect(cohesion).toBeGreaterThan(0.9);
    for (let at = 0; at < centres.length; at += dimensions)
      expect(Math.hypot(...centres.subarray(at, at + dimensions))).toBeCloseTo(1, 5);
  });

  it('assigns every row to the nearest centre', async () => {
    const { rows } = bundles(200);
    const { labels, centres } = await sphericalKMeans(rows, dimensions, options);
    for (const [row, label] of labels.entries()) {
      const cosines = Array.from({ length: 4 }, (_, centre) =>
        rows
          .subarray(row * dimensions, (row + 1) * dimensions)
          .reduce((sum, value, k) => sum + value * centres[centre * dimensions + k], 0),
      );
      expect(cosines[label]).toBeCloseTo(Math.max(...cosines), 6);
    }
  });

  it('returns the same result for the same seed', async () => {
    const { rows } = bundles(300);
    const [one, two] = [
      await sphericalKMeans(rows, dimensions, options),
      await sphericalKMeans(rows, dimensions, options),
    ];
    expect(one).toEqual(two);
  });

  it('leaves no cluster empty when there are enough rows, and makes no more clusters than rows', async () => {
    const { rows } = bundles(40);
    const { labels } = await sphericalKMeans(rows, dimensions, { ...options, k: 12 });
    expect(new Set(labels).size).toBe(12);
    const few = await sphericalKMeans(rows.subarray(0, 2 * dimensions), dimensions, options);
    expect(few.k).toBe(2);
  });

  it('accepts rows of zeros', async () => {
    const { rows } = bundles(50);
    rows.fill(0, 0, dimensions);
    const { labels, centres } = await sphericalKMeans(rows, dimensions, options);
    expect(labels[0]).toBeLessThan(4);
    expect(centres.every(Number.isFinite)).toBe(true);
  });

  it('rejects an empty input', async () => {
    await expect(sphericalKMeans(new Float32Array(0), dimensions, options)).rejects.toThrow(RangeError);
  });
});
